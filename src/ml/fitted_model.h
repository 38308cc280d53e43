// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ml/prophet.h"

namespace helios::ml {

/// The models that a tenant or a report can name.
enum class NamedModel : std::uint8_t { kSeasonalNaive, kExponentialSmoothing, kTheta, kMstl, kProphet };

inline constexpr NamedModel kNamedModels[] = {NamedModel::kSeasonalNaive, NamedModel::kExponentialSmoothing,
                                              NamedModel::kTheta, NamedModel::kMstl, NamedModel::kProphet};

/// "seasonal_naive", "exponential_smoothing", "theta", "mstl" or "prophet".
[[nodiscard]] std::string_view NamedModelName(NamedModel model);

/// A series on a regular step: `values[i]` belongs to `first + i * step`, NaN for a gap.
struct RegularHistory {
  TimestampMs first{};
  std::chrono::milliseconds step{0};
  std::span<const double> values;
};

struct ModelOptions {
  /// Lengths of seasons in steps, ascending, each at least 2. Those that the history does not hold
  /// twice, or three times where a shorter one is used already, are left out; models with one season take the shortest.
  /// Empty: those that FindSeasons() finds (seasons.h), else a day and a week, where the step is shorter than they are.
  /// On the backtest's series finding them saves smoothing and MSTL 7 % of a day's error. Prophet's are set in
  /// `prophet`.
  std::vector<std::size_t> seasons;
  ProphetOptions prophet;  ///< linear or flat growth, without regressors
};

/// Quantiles of the next values: row h belongs to the step h + 1 after the origin.
struct QuantileForecast {
  std::vector<double> value;                   ///< the point forecast
  std::vector<std::vector<double>> quantiles;  ///< one column for each probability, as long as `value`
};

/// A model fitted to one series. Owns what it needs. Const members are thread-safe.
class FittedModel {
 public:
  virtual ~FittedModel() = default;

  /// Takes the next value in, NaN for a gap: the origin moves on by a step, parameters and widths stay as fitted.
  virtual void Append(double value) = 0;

  /// Forecasts the `steps` steps after the origin. For one history, quantiles ascend with their probability and are
  /// finite; those of a history without a negative value are not negative either.
  /// Requires steps >= 1.
  /// Errors: kInvalidArgument inference.bad_level  a probability outside (0, 1), or one below its predecessor
  [[nodiscard]] virtual Result<QuantileForecast> Forecast(std::size_t steps,
                                                          std::span<const double> probabilities) const = 0;

  /// A copy, so that one can be moved on through the past and the other kept.
  [[nodiscard]] virtual std::unique_ptr<FittedModel> Clone() const = 0;

  /// Everything RestoreModel() needs: a version, then the state; 1 KB to 20 KB (a weekly season at 5 minutes). A model
  /// of XGBoost's leaves the history out. Errors: kInternal inference.model_failed, of XGBoost's alone.
  [[nodiscard]] virtual Result<std::string> Save() const = 0;

  /// Time of the newest value taken in.
  [[nodiscard]] virtual TimestampMs origin() const = 0;
  [[nodiscard]] virtual std::chrono::milliseconds step() const = 0;
};

/// A model from FittedModel::Save(), moved on by the values of `history` that are newer than its origin; the result
/// forecasts the same bits as the one that was saved and was given them by Append(). `history` may be empty where
/// nothing is newer; of XGBoost's it must begin where the history of the fit did.
///
/// Errors: kDataCorruption ml.bad_artifact, kFailedPrecondition ml.newer_format
///         kInvalidArgument inference.bad_step   a step other than the model's, or times off its grid
///         kFailedPrecondition ml.stale_model   history that goes a million steps beyond the model's origin
///         those of XgboostModel::FromBytes()
[[nodiscard]] Result<std::unique_ptr<FittedModel>> RestoreModel(std::string_view saved, const RegularHistory& history);

/// Fits `model` to `history`.
///
/// All but Prophet's are calibrated as follows: fitted to the first 60 % of the history, then moved on through the
/// rest, which gives errors at 1 to 288 steps that no fit has seen; intervals are conformal at each of these
/// (internal/calibration.h), symmetric about the value. Smoothing and MSTL are tried on the values, their square root,
/// their logarithm and Guerrero's power (transformation.h), and what errs least there serves, which saves 5 to 9 % on
/// the backtest's series. Then they are fitted to all of it. Prophet's has its own. Cost of 4,032 values with a daily
/// and a weekly season, and of 288 steps: named_models_bench.cc.
///
/// Errors: kFailedPrecondition inference.not_enough_history  fewer than three known values
///         kInvalidArgument inference.bad_step               a step of 0 or less
///         kInvalidArgument inference.bad_model_options      seasons that do not ascend, logistic growth, regressors
///         kInvalidArgument inference.bad_value              an infinite value, or a range beyond double's
[[nodiscard]] Result<std::unique_ptr<FittedModel>> FitModel(NamedModel model, const RegularHistory& history,
                                                            const ModelOptions& options);

}  // namespace helios::ml
