// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ml/fitted_model.h"
#include "ml/internal/models/boosted_trees.h"
#include "ml/internal/models/conformal_widths.h"
#include "ml/internal/models/lag_features.h"

namespace helios::ml {

/// Series of one metric on one regular step: series[s][i] belongs to `first + i * step`, NaN for a gap.
struct MetricHistory {
  TimestampMs first{};
  std::chrono::milliseconds step{0};
  std::vector<std::span<const double>> series;  ///< at least one, all of one length
};

/// Sensitivity, on the backtest's series (relative MASE of an hour, of a day): 100 rounds 0.50, 1.21 against 0.48, 1.18
/// with 60; depth 6 and 150 rounds 0.49, 1.28; a larger least leaf steadies the day.
struct XgboostOptions {
  std::size_t rounds = 60;         ///< trees, 1 to 2,000
  std::size_t depth = 4;           ///< of a tree, 1 to 12
  double learning_rate = 0.1;      ///< in (0, 1]
  std::size_t most_rows = 20'000;  ///< that are learnt from, over all series; cost is linear in it; at least 100
};

/// Forecasts all series of a metric with one set of gradient boosted trees (XGBoost). Trees learn the next value,
/// relative to the last day's mean and in units of a series' usual day-to-day difference, from lags, windows, the same
/// time on days before, the clock and the other series (internal/models/lag_features.h); a forecast takes its own
/// values in as it goes on, so that it keeps to rhythms shorter than a day.
///
/// Trees of the first four fifths of the history forecast the rest, which gives conformal intervals for each series and
/// horizon; a series with few known values there takes those of all. Then trees are learnt from all of it. The same
/// input gives the same bits.
///
/// Const members must not be called at the same time on one model or its copies. Cost: xgboost_model_bench.cc.
///
/// Sources: Chen & Guestrin, "XGBoost", KDD 2016; Lei et al., "Distribution-Free Predictive Inference for Regression",
/// JASA 113 (2018).
class XgboostModel {
 public:
  /// Least history, in days; and no fewer than 32 values.
  static constexpr std::size_t kLeastDays = 3;

  /// Whether this build has the library (HELIOS_XGBOOST).
  [[nodiscard]] static bool Available();

  /// Errors: kFailedPrecondition inference.model_not_built        a build without the library
  ///         kFailedPrecondition inference.not_enough_history     less than kLeastDays, or too few known values
  ///         kInvalidArgument inference.bad_step                  none, one that does not divide a day, over 8 hours
  ///         kInvalidArgument inference.bad_frame                 no series, or series of unequal length
  ///         kInvalidArgument inference.bad_model_options         an option out of its range
  ///         kInvalidArgument inference.bad_value                 an infinite value
  [[nodiscard]] static Result<XgboostModel> Fit(const MetricHistory& history, const XgboostOptions& options);

  /// Takes the next value of each series in, NaN for a gap; trees and widths stay. Requires one value a series.
  void Append(std::span<const double> values);

  /// Forecasts `steps` after the newest value of `series`, at most a day of them; as FittedModel::Forecast(). About
  /// 8 us a step.
  /// Errors: kInvalidArgument inference.bad_level, inference.bad_horizon (steps or series out of range);
  ///         kInternal inference.model_failed.
  [[nodiscard]] Result<QuantileForecast> Forecast(std::size_t series, std::size_t steps,
                                                  std::span<const double> probabilities) const;

  /// What was learnt, for an artifact that has a checksum of its own: trees, widths and scales, not the history.
  /// Errors: kInternal inference.model_failed.
  [[nodiscard]] Result<std::string> Bytes() const;

  /// A model from Bytes() and a history of the same series in the same order, at the same step, that begins where the
  /// history of the fit did; what is newer than the fit is taken in as Append() does, so that forecasts are the same
  /// bits. A history that begins later costs the last digits.
  /// Errors: those of Fit(), kDataCorruption ml.bad_artifact, kFailedPrecondition ml.newer_format.
  [[nodiscard]] static Result<XgboostModel> FromBytes(std::string_view bytes, const MetricHistory& history);

  [[nodiscard]] std::size_t series() const { return features_.series(); }
  /// Time of the newest value taken in.
  [[nodiscard]] TimestampMs origin() const { return origin_; }
  [[nodiscard]] std::chrono::milliseconds step() const { return step_; }

 private:
  XgboostModel(LagFeatures features, BoostedTrees trees, ConformalWidths widths, const MetricHistory& history);

  LagFeatures features_;
  BoostedTrees trees_;
  ConformalWidths widths_;
  TimestampMs fitted_to_{};
  TimestampMs origin_{};
  std::chrono::milliseconds step_{0};
  std::vector<char> never_negative_;  // of each series
};

/// XgboostModel of a single series, as the other models. Errors: those of XgboostModel::Fit().
[[nodiscard]] Result<std::unique_ptr<FittedModel>> FitXgboost(const RegularHistory& history,
                                                              const XgboostOptions& options);

}  // namespace helios::ml
