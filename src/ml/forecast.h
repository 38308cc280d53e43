// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ml/ensemble_forecaster.h"
#include "ml/exponential_smoothing.h"
#include "ml/grid.h"
#include "ml/internal/calibration.h"
#include "ml/local_clock.h"
#include "ml/seasonal_naive.h"

namespace helios::ml {

inline constexpr std::chrono::minutes kMaxHorizon{10'080};
inline constexpr std::size_t kMinHistorySamples = 3;

struct ForecastOptions {
  /// Each in [1, 10080]; the backtest judges and calibrates at these.
  std::vector<std::chrono::minutes> horizons = {std::chrono::minutes{15}, std::chrono::minutes{30},
                                                std::chrono::minutes{60}};
  double level = 0.95;  ///< share of future values the interval is to hold; in (0, 1)
  /// The clock that daily habits follow: UTC, or that of the tenant's time zone.
  LocalClock clock = {};
};

enum class ModelType : std::uint8_t {
  kConstant,
  kSeasonalNaive,
  kExponentialSmoothing,
  kEnsemble,
  kNamed,  ///< one that somebody asked for by name (named_forecaster.h); never a FittedForecaster's
};

/// "constant", "seasonal_naive", "exponential_smoothing", "ensemble" or "named".
[[nodiscard]] std::string_view ModelTypeName(ModelType type);

/// How the served model did on held-back values, as a mean over the requested horizons that could be
/// backtested. What could not be measured is empty: a short history, or a series without variation.
struct BacktestMetrics {
  std::optional<double> mase;      ///< mean absolute error over that of the seasonal naive (naive, without a season)
                                   ///< one season (one step) ahead within the history; < 1 is better than it
  std::optional<double> smape;     ///< 0 to 200 %; an error of nothing against nothing counts 0
  std::optional<double> mae;       ///< in the series' unit
  std::optional<double> coverage;  ///< share, 0 to 1, of the later half's values inside intervals calibrated
                                   ///< on the earlier half at `level`
  std::size_t origins = 0;         ///< origins forecast from, at the horizon that has most
};

struct ForecastPoint {
  TimestampMs time{};  ///< origin + horizon
  std::chrono::minutes horizon{0};
  double value = 0.0;
  double lower = 0.0;  ///< lower <= value <= upper, all finite
  double upper = 0.0;
};

/// A forecast of one series, in its unit. A value stands for the mean over the `step` that ends at its time.
struct SeriesForecast {
  TimestampMs origin{};  ///< time of the newest finite sample
  ModelType model_type = ModelType::kConstant;
  std::string named_model = {};   ///< which one, where model_type is kNamed: "prophet"
  std::string reason;             ///< why this model serves: one sentence for a person
  std::size_t season_length = 0;  ///< in steps; 0 for none
  std::chrono::milliseconds step{0};
  BacktestMetrics metrics;
  std::size_t history_samples = 0;            ///< finite samples that were used
  std::chrono::milliseconds history_span{0};  ///< from the oldest of them to the newest
  std::vector<ForecastPoint> points;          ///< in the order of the horizons asked for
};

/// The name of what made the forecast: ModelTypeName(), or `named_model`.
[[nodiscard]] std::string_view ModelNameOf(const SeriesForecast& forecast);

/// A model chosen, fitted and calibrated for one series. A value without references: it can be kept and
/// asked again. Immutable, so safe to share between threads.
///
/// Where the ensemble serves, it answers for the next day; beyond that another model does, with intervals that
/// are no narrower than the ensemble's at the end of the day.
class FittedForecaster {
 public:
  /// Forecasts at any horizons; those the fit did not know take their width from its neighbours.
  /// O(longest horizon). Errors: kInvalidArgument inference.bad_horizon, inference.bad_level.
  [[nodiscard]] Result<SeriesForecast> Forecast(std::span<const std::chrono::minutes> horizons, double level) const;

  /// Takes newer samples in, in any order: as many whole steps as they fill; the origin moves on by these, weights and
  /// widths stay as fitted. Samples of a step that is not over are left: hand everything after origin() in again.
  /// As long as no sample comes late, one call and many give the same bits. Not to be called while others forecast.
  /// Errors: kInvalidArgument inference.bad_timestamp; kFailedPrecondition ml.stale_model (a million steps on).
  [[nodiscard]] Result<void> Append(std::span<const Sample> newer);

  /// What was learnt, without the history: one series' part of an artifact (model_bundle.h), some 4 KB.
  [[nodiscard]] std::string Save() const;

  /// A forecaster from Save() and the series' samples since the beginning of what it was fitted to
  /// (ModelDescription::trained_from), in any order; those after its fit are appended. From the same samples it
  /// forecasts the same bits as the one that was saved; what is missing at the beginning costs accuracy.
  /// Cost: forecast_bench.cc.
  ///
  /// Errors: those of Append(); kDataCorruption ml.bad_artifact, kFailedPrecondition ml.newer_format;
  ///         kFailedPrecondition inference.not_enough_history  fewer than three finite samples
  [[nodiscard]] static Result<FittedForecaster> Restore(std::string_view saved, std::span<const Sample> history);

  [[nodiscard]] TimestampMs origin() const { return summary_.origin; }
  [[nodiscard]] ModelType model_type() const { return summary_.model_type; }

 private:
  friend Result<FittedForecaster> FitForecaster(std::span<const Sample>, const ForecastOptions&);
  using Fitted = std::variant<SeasonalNaive, ExponentialSmoothing>;

  /// What the fit looked at: a grid of `steps` steps that ends at `to`, on the clock of the fit.
  struct Window {
    TimestampMs from{};  ///< oldest sample used
    TimestampMs to{};
    TimestampMs origin{};                  ///< time of the newest sample, in UTC
    std::chrono::milliseconds spacing{0};  ///< of the samples
    std::size_t steps = 0;
    std::size_t samples = 0;
  };

  FittedForecaster(SeriesForecast summary, Fitted model, Calibration calibration, double unit, bool never_negative,
                   std::shared_ptr<const EnsembleForecaster> ensemble, const Window& window, LocalClock clock);
  [[nodiscard]] Result<std::vector<double>> NewerValues(std::span<const Sample> newer);
  [[nodiscard]] double ValueAt(double steps) const;
  void ServeByEnsemble(SeriesForecast& forecast, std::span<const double> steps, std::span<const std::size_t> order,
                       double level) const;

  [[nodiscard]] double StepsTo(std::chrono::minutes horizon) const;

  SeriesForecast summary_;  // without points
  LocalClock clock_;        // that the grid's times are on; UTC where it does not change around the history
  TimestampMs newest_{};    // of the grid, on that clock
  Fitted model_;            // of the values divided by unit_
  Calibration calibration_;
  double unit_;  // a power of two
  bool never_negative_;
  std::shared_ptr<const EnsembleForecaster> ensemble_;  // of the same values; none where it does not serve
  Window window_;
};

/// Chooses, fits and calibrates a model for `history`, in any order of time; duplicates and gaps are fine.
///
/// Of a counter hand in its rates: FitForecaster(ToRates(samples), options) (counter_rate.h).
///
/// The history is averaged to a regular step (grid.h); at most the newest kMaxGridPoints steps count.
/// Seasonal naive and exponential smoothing are replayed from held-back origins at the horizons asked
/// for, and the one with the least absolute error serves; a tie is seasonal naive's. The weights of
/// exponential smoothing come from before the first of these origins. A daily season is used once two
/// days of history exist. From three days on the ensemble serves (ensemble_forecaster.h), unless its own
/// backtest finds it no better than the same time yesterday. A history without a negative sample is never forecast
/// below zero. Where the options' clock is put forward or back within the history or the week after it, models work on
/// the times that it shows: the hour that comes twice is averaged, the one that never comes is a gap, and a habit of
/// 09:00 is forecast for 09:00. The same input gives the same bits. Cost: forecast_bench.cc.
///
/// Errors: kFailedPrecondition inference.not_enough_history  fewer than three finite samples
///         kInvalidArgument inference.bad_horizon, inference.bad_level
///         kInvalidArgument inference.bad_timestamp          a time outside the years 1 to 9999
[[nodiscard]] Result<FittedForecaster> FitForecaster(std::span<const Sample> history, const ForecastOptions& options);

/// FitForecaster() and a forecast at its own options. Errors: those of both.
[[nodiscard]] Result<SeriesForecast> Forecast(std::span<const Sample> history, const ForecastOptions& options);

}  // namespace helios::ml
