// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "detection/judged_sample.h"
#include "detection/tenant_settings.h"
#include "ml/anomaly_spans.h"
#include "ml/detector.h"
#include "ml/local_clock.h"
#include "tsdb/sample_store.h"

namespace helios::detection {

/// Anomalies of one series within the window that was asked for, oldest first.
struct SeriesAnomalies {
  tsdb::SeriesKey series;
  std::vector<ml::AnomalySpan> anomalies;
  std::vector<JudgedSample> judged;  ///< of the window, where they were asked for
};

/// What detection finds in stored history, each sample judged from those before it alone.
struct ScanResult {
  std::vector<SeriesAnomalies> series;      ///< examined, also those without an anomaly
  std::size_t meant = 0;                    ///< series that the selector means
  std::size_t samples = 0;                  ///< read
  TimestampMs oldest = TimestampMs::max();  ///< sample that was read
  [[nodiscard]] bool whole() const { return series.size() == meant; }
};

struct ScanLimits {
  std::size_t most_series = 1'000;
  std::size_t most_samples = 5'000'000;  ///< no further series is begun beyond it,
  std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max();  ///< or then
  std::size_t judged_points = 0;  ///< samples to keep of each series, by KeepExtremes()
};

/// History before the window that detection learns from.
inline constexpr std::chrono::hours kLearnFrom{14 * 24};

/// By what history is judged: the detector, and the clock that days follow.
struct Judge {
  ml::Detector detector;
  ml::LocalClock clock;
};

/// Errors: kInvalidArgument ml.bad_sensitivity.
[[nodiscard]] Result<Judge> JudgeOf(const TenantSettings& settings);

/// The anomalies of `samples`, in order of time, that reach into [first, last]. Of a counter those of its rate a
/// second. `judged` receives the samples within the window that were scored.
[[nodiscard]] std::vector<ml::AnomalySpan> FindAnomalies(std::span<const ml::Sample> samples, const Judge& judge,
                                                         tsdb::TimeRange window, bool counter = false,
                                                         std::vector<JudgedSample>* judged = nullptr);

/// Scans the series that `selector` means, in the order of their keys. Errors: those of the store.
[[nodiscard]] Result<ScanResult> ScanHistory(const tsdb::SampleStore& store, TenantId tenant,
                                             const tsdb::SeriesSelector& selector, tsdb::TimeRange window,
                                             const Judge& judge, const ScanLimits& limits);

/// The smallest score from which at most `budget` of the scan's anomalies are reported: kAnomalyScore where none is
/// too many.
[[nodiscard]] double SolveBudget(const ScanResult& scan, std::size_t budget);

/// Anomalies that the part of the window with history may have under a budget a week: rounded down, but at least one
/// where the budget is.
[[nodiscard]] std::size_t BudgetWithin(const ScanResult& scan, tsdb::TimeRange window, int per_week);

}  // namespace helios::detection
