// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/manual_clock.h"
#include "predictions/prediction_rows.h"
#include "tests/support/scratch_postgres.h"
#include "tsdb/embedded_store.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::predictions {

inline constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z
inline const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
inline const TenantId kGlobex = *TenantId::Parse("01900000-0000-7000-8000-000000000002");
inline const tsdb::SeriesKey kCpu{.metric = "cpu", .labels = {{"host", "a"}}};

/// A database and a store; the clock is the test's.
class PredictionsFixture : public ::testing::Test {
 protected:
  PredictionsFixture() { store = tsdb::OpenEmbeddedStore({.directory = directory.path()}, clock, metrics).value(); }

  /// At its time, or now where that has passed.
  void Append(TimestampMs time, double value, const tsdb::SeriesKey& series = kCpu) {
    clock.Set(std::max(clock.Now(), time));
    tsdb::KeyedBatch batch(series);
    batch.AllowAnyOrder();
    batch.AddSample(0, time, value);
    std::promise<bool> done;
    store->Append(kAcme, {}, batch.batch(),
                  [&](Result<tsdb::AppendOutcome> outcome) { done.set_value(outcome && outcome->rejected.empty()); });
    ASSERT_TRUE(done.get_future().get());
  }
  /// What was predicted at noon, `minutes` ahead, as the mean of five minutes.
  [[nodiscard]] static AskedPrediction Asked(std::vector<int> minutes, const tsdb::SeriesKey& series = kCpu) {
    AskedPrediction asked{
        .series = series, .model = {}, .origin = kNoon, .step = std::chrono::minutes{5}, .level = 0.95, .points = {}};
    for (const int ahead : minutes) {
      const std::chrono::minutes horizon{ahead};
      asked.points.push_back({.time = kNoon + horizon, .horizon = horizon, .value = 50, .lower = 40, .upper = 60});
    }
    return asked;
  }
  void Insert(TenantId tenant, const std::vector<AskedPrediction>& asked) {
    auto tx = database.Begin(tenant);
    ASSERT_TRUE(tx);
    const auto inserted = InsertPredictions(*tx, asked, random, clock.Now());
    ASSERT_TRUE(inserted) << inserted.error().message;
    ASSERT_TRUE(tx->Commit());
  }
  /// The tenant's, newest first.
  std::vector<KeptPrediction> List(TenantId tenant, const PredictionFilter& filter = {}, tenancy::Page page = {}) {
    tenancy::RequestContext context;
    context.tenant = tenant;
    context.deadline = pg::kNoDeadline;
    auto listed = ListPredictions(database, context, filter, page);
    EXPECT_TRUE(listed) << listed.error().message;
    return listed.value_or(std::vector<KeptPrediction>{});
  }
  std::string Value(const std::string& query) { return root.Must(query).value(); }

  helios::testing::ScratchDatabase scratch = helios::testing::ScratchPostgres::Shared().NewDatabase();
  helios::testing::SqlClient root{scratch.superuser_url};
  obs::Metrics metrics;
  pg::Database database{{.url = scratch.app_url}, metrics};
  SystemRandom random;
  ManualClock clock{kNoon};
  tsdb::ScratchDirectory directory;
  std::unique_ptr<tsdb::EmbeddedStore> store;
};

}  // namespace helios::predictions
