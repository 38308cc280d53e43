// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ml/ensemble_forecaster.h"
#include "ml/scaling_simulator.h"

namespace helios::ml {

/// Where the load of the coming minutes is expected from. What each says at a tick comes from before it.
enum class LoadSource : std::uint8_t {
  kPresent,   ///< nothing beyond the present load
  kForecast,  ///< EnsembleForecaster, refitted once a day; from the fourth day on
  kLastHour,  ///< the highest load of the last hour
  kHalfDay,   ///< the highest load of the last twelve hours
  kProfile,   ///< the highest load around this time of day in the last seven days; from the second day on
  kPeak,      ///< the highest load of the last fourteen days; from the second day on
};

/// What each source expected at every moment of a trace. Buckets are of five minutes, or of the trace's own step where
/// that is coarser; forecasts are made once a bucket. Immutable.
class LoadOutlook {
 public:
  /// Requires valid `trace` and `target`. O(buckets) forecasts: about 0.15 ms each. From `forecasts_from` on alone they
  /// are made; before that tick the forecast says nothing.
  LoadOutlook(const LoadTrace& trace, const ScalingTarget& target, std::size_t forecasts_from = 0);

  /// Load to be ready for when a replica asked for at `tick` serves until one asked for a tick later does, by what is
  /// known before `tick`. `margin` is a multiple: of the distance from the forecast to its 90 % quantile, or of the
  /// other sources' load. Not below zero; zero where the source says nothing.
  [[nodiscard]] double Level(LoadSource source, double margin, std::size_t tick) const;

  /// Load to be ready for in each of the first `count` buckets after the trace; zeros where the source does not look
  /// that far. Buckets beyond a day ahead repeat the last.
  [[nodiscard]] std::vector<double> LevelsAfter(LoadSource source, double margin, std::size_t count) const;

  /// Spacing of buckets.
  [[nodiscard]] std::chrono::seconds bucket() const { return kTick * static_cast<std::int64_t>(ticks_a_bucket_); }

  /// First tick at which `source` says something; Ticks(trace) where it never does.
  [[nodiscard]] std::size_t FirstTick(LoadSource source) const;

 private:
  struct Expected {
    double value = 0.0;
    double above = 0.0;  // from there to the 90 % quantile
  };

  void FoldBuckets(const LoadTrace& trace);
  void MakeForecasts(std::size_t from);
  void MakeProfile();
  [[nodiscard]] double ProfileAt(std::size_t bucket) const;
  [[nodiscard]] double PeakBefore(std::size_t bucket) const;

  [[nodiscard]] std::vector<double> HighestOfLast(std::chrono::seconds window) const;
  [[nodiscard]] double LevelIn(LoadSource source, double margin, std::size_t bucket, std::size_t known) const;

  std::size_t ticks_a_step_;
  std::size_t ticks_a_bucket_;
  std::size_t steps_a_bucket_;
  std::size_t day_;      // buckets; 0 where buckets do not fill a day
  std::size_t lead_;     // ticks
  std::size_t horizon_;  // buckets that a forecast reaches, so that it covers the lead
  std::size_t ticks_;
  std::vector<double> mean_;                      // of each bucket; NaN where unknown
  std::vector<double> highest_;                   // load in it, 0 where unknown
  std::vector<Expected> forecast_;                // made when `origin` buckets were known: from origin * horizon_ on
  std::size_t first_forecast_;                    // least origin with a forecast
  std::optional<EnsembleForecaster> forecaster_;  // at the end of the trace
  std::vector<double> last_hour_;                 // by buckets known
  std::vector<double> half_day_;
  std::vector<double> profile_;
  std::vector<double> peak_;  // of the fourteen days before each bucket
};

}  // namespace helios::ml
