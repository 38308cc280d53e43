// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "accuracy/series_ledger.h"
#include "base/uuid.h"
#include "tsdb/series.h"

namespace helios::accuracy {

/// A forecast that lost to the seasonal naive, and since when it is not served.
struct WithdrawnForecast {
  TimestampMs since;
  std::string reason;  ///< one sentence for a person
};

/// How one series did at one horizon over the last week.
struct SeriesAccuracy {
  std::chrono::minutes horizon{0};
  Score week;
  TimestampMs since{};  ///< begin of what `week` sums up
  std::optional<WithdrawnForecast> withdrawn;
};

/// How many series did at one horizon.
struct HorizonSummary {
  std::chrono::minutes horizon{0};
  std::size_t series = 0;     ///< with a forecast met
  std::size_t withdrawn = 0;  ///< of them
  std::uint64_t met = 0;
  std::uint64_t covered = 0;
  std::optional<double> median_mase;  ///< over series: errors of different units do not add up
};

/// The accuracy ledger of every tenant. Thread-safe: one thread changes it, any number ask.
class Ledger {
 public:
  using TenantPart = std::unordered_map<std::uint64_t, SeriesLedger>;  ///< by tsdb::SeriesId

  explicit Ledger(std::size_t most_series = 1'000'000) : most_series_(most_series) {}

  /// None where the forecast serves, or is not measured. A horizon that is not measured counts as the next longer one
  /// that is; beyond the longest nothing is withdrawn.
  [[nodiscard]] std::optional<WithdrawnForecast> Withdrawn(TenantId tenant, tsdb::SeriesId series,
                                                           std::chrono::minutes horizon) const;

  /// Of each horizon with a forecast met, rising.
  [[nodiscard]] std::vector<SeriesAccuracy> AccuracyOf(TenantId tenant, tsdb::SeriesId series) const;
  /// Of these series of the tenant, one for each of kHorizons.
  [[nodiscard]] std::vector<HorizonSummary> Summarize(TenantId tenant, const std::vector<tsdb::SeriesId>& series) const;
  /// Of all of them.
  [[nodiscard]] std::vector<HorizonSummary> Summarize(TenantId tenant) const;

  /// For the one thread that changes it. What is found may be read without more ado, and changed within Change().
  /// The series, made where there is none; null where there is none and no room. References stay valid until
  /// EndRound().
  [[nodiscard]] SeriesLedger* Find(TenantId tenant, tsdb::SeriesId series);
  template <class F>
  void Change(const F& change) {
    const std::unique_lock lock(mutex_);
    change();
  }
  /// Ends a round: forgets series that more than `most_unseen` rounds on end have not seen; how many there were.
  std::size_t EndRound(std::uint32_t most_unseen);
  [[nodiscard]] const std::unordered_map<TenantId, TenantPart>& tenants() const { return tenants_; }

  [[nodiscard]] std::size_t size() const;

 private:
  [[nodiscard]] const SeriesLedger* Known(TenantId tenant, tsdb::SeriesId series) const;

  const std::size_t most_series_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<TenantId, TenantPart> tenants_;
  std::size_t size_ = 0;
};

}  // namespace helios::accuracy
