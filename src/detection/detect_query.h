// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <variant>
#include <vector>

#include "ml/detector.h"
#include "tsdb/sample_store.h"

namespace helios::detection {

inline constexpr std::size_t kMostHistorySamples = 50'000;
inline constexpr int kMostBacktestDays = 90;
inline constexpr int kMostJudgedPoints = 1'000;

/// What POST /detect asks for.
struct DetectQuery {
  std::variant<tsdb::SeriesSelector, std::vector<ml::Sample>> subject;  ///< a history in order of time
  std::optional<TimestampMs> start;
  std::optional<TimestampMs> end;
  std::optional<double> sensitivity;  ///< none: the tenant's own
  std::size_t judged_points = 0;      ///< samples to give with what was expected of them, of each stored series
};

/// Errors, all kInvalidArgument: those of http::ObjectReader; detection.bad_subject, detection.history_too_long,
/// detection.bad_range, detection.bad_sensitivity.
[[nodiscard]] Result<DetectQuery> ParseDetectQuery(const boost::json::object& body);

/// What POST /detect/backtest asks for. Neither sensitivity nor budget: the tenant's own settings.
struct BacktestQuery {
  tsdb::SeriesSelector selector;  ///< an empty metric: every series
  int days = 14;
  std::optional<double> sensitivity;
  std::optional<int> budget_per_week;
};

/// Errors: as above, and detection.bad_backtest: labels without a metric.
[[nodiscard]] Result<BacktestQuery> ParseBacktestQuery(const boost::json::object& body);

}  // namespace helios::detection
