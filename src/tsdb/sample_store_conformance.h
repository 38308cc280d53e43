// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/manual_clock.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

/// A SampleStore under test with its place on disk.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  /// The store, open from the start. Thread-safe, except against Reopen().
  virtual SampleStore& store() = 0;
  /// Closes the store and opens it again over the same data.
  virtual void Reopen() = 0;
};

struct StoreFactory {
  std::string name;
  std::function<std::unique_ptr<StoreHarness>(const Clock& clock)> make;  ///< over no data; the clock outlives it
};

/// One sample, for comparing: the value by its bits.
struct ReadSample {
  std::int64_t time_ms = 0;
  std::uint64_t bits = 0;
  bool operator==(const ReadSample&) const = default;
};
void PrintTo(const ReadSample& sample, std::ostream* out);

struct ReadRollup {
  std::int64_t time_ms = 0;
  double min = 0;
  double max = 0;
  double sum = 0;
  double last = 0;
  std::uint64_t count = 0;
  bool operator==(const ReadRollup&) const = default;
};
void PrintTo(const ReadRollup& rollup, std::ostream* out);

/// Appends and waits for the answer.
[[nodiscard]] Result<AppendOutcome> AppendAndWait(SampleStore& store, TenantId tenant, const TenantPolicy& policy,
                                                  const SampleBatch& batch);

[[nodiscard]] inline Result<AppendOutcome> AppendAndWait(SampleStore& store, TenantId tenant,
                                                         const TenantPolicy& policy, const KeyedBatch& batch) {
  return AppendAndWait(store, tenant, policy, batch.batch());
}

/// Every sample of the cursor, or its error.
[[nodiscard]] Result<std::vector<ReadSample>> Drain(Result<std::unique_ptr<SampleCursor>> cursor);

/// What every SampleStore must do. Instantiate it with a factory:
///   INSTANTIATE_TEST_SUITE_P(Embedded, SampleStoreConformance, testing::Values(EmbeddedFactory()), FactoryName);
class SampleStoreConformance : public testing::TestWithParam<StoreFactory> {
 protected:
  SampleStoreConformance();
  ~SampleStoreConformance() override;

  SampleStore& store() { return harness_->store(); }
  void Reopen() { harness_->Reopen(); }

  /// Of `key`, one sample at each of `times`, the value being the time's seconds.
  static KeyedBatch Batch(const SeriesKey& key, const std::vector<TimestampMs>& times);
  static KeyedBatch OneSample(const SeriesKey& key, TimestampMs time, double value);

  AppendOutcome Append(TenantId tenant, const KeyedBatch& batch);
  AppendOutcome Append(const KeyedBatch& batch) { return Append(kAcme, batch); }
  /// The one series of that key; fails the test where there is none.
  SeriesInfo Info(TenantId tenant, const SeriesKey& key);
  std::vector<ReadSample> ReadAll(TenantId tenant, const SeriesKey& key);
  std::vector<ReadRollup> Rollups(const SeriesKey& key, RollupStep step,
                                  TimeRange range = {TimestampMs::min(), TimestampMs::max()});
  std::vector<std::string> Names(TenantId tenant, const SeriesSelector& selector, std::size_t limit = 1000);

  static const TenantId kAcme;
  static const TenantId kGlobex;

  ManualClock clock_;
  TenantPolicy policy_;

 private:
  std::unique_ptr<StoreHarness> harness_;
};

/// Names an instantiation's cases after their factories.
[[nodiscard]] std::string FactoryName(const testing::TestParamInfo<StoreFactory>& info);

}  // namespace helios::tsdb
