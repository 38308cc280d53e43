// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace helios::ml {

/// How the trend goes on between changepoints: straight, saturating at a capacity, or level.
enum class ProphetGrowth : std::uint8_t { kLinear, kLogistic, kFlat };

/// Whether a component is added to the trend or is a share of it.
enum class ProphetMode : std::uint8_t { kAdditive, kMultiplicative };

/// A periodic component: `order` pairs of sine and cosine.
struct ProphetSeasonality {
  double period_days = 1.0;           ///< > 0
  std::size_t order = 4;              ///< 1 to 50
  std::optional<double> prior_scale;  ///< > 0; empty: ProphetOptions::seasonality_prior_scale
  std::optional<ProphetMode> mode;    ///< empty: ProphetOptions::seasonality_mode
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.period_days, self.order, self.prior_scale, self.mode);
  }
};

/// Days that differ from others in the same way each time, and the days around them. Each offset has an effect of
/// its own.
struct ProphetHoliday {
  std::vector<TimestampMs> days;      ///< any time of the day, by the clock that the samples' times are in
  int lower_window = 0;               ///< first day of the effect, counted from the holiday; -30 to 0
  int upper_window = 0;               ///< last day of it; 0 to 30
  std::optional<double> prior_scale;  ///< > 0; empty: ProphetOptions::holidays_prior_scale
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.days, self.lower_window, self.upper_window, self.prior_scale);
  }
};

/// A known influence, given for each sample and for each time that is forecast.
struct ProphetRegressor {
  std::optional<bool> standardize;    ///< empty: unless it holds only 0 and 1, or one value
  std::optional<double> prior_scale;  ///< > 0; empty: ProphetOptions::holidays_prior_scale
  std::optional<ProphetMode> mode;    ///< empty: ProphetOptions::seasonality_mode
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.standardize, self.prior_scale, self.mode);
  }
};

/// Defaults are the original's, and so are the meanings.
struct ProphetOptions {
  ProphetGrowth growth = ProphetGrowth::kLinear;
  /// At most 200 possible changes of slope, evenly spaced over the first `changepoint_range` of the samples.
  std::size_t changepoints = 25;
  double changepoint_range = 0.8;              ///< in (0, 1]
  double changepoint_prior_scale = 0.05;       ///< > 0; larger follows the history more closely
  std::vector<TimestampMs> changepoint_times;  ///< instead of evenly spaced ones; within the history

  /// Pairs of sine and cosine of a year, a week and a day; 0 for none. Empty decides by the history: a year needs
  /// two, a week two and samples less than a week apart, a day two and samples less than a day apart.
  std::optional<std::size_t> yearly;              ///< 10 when on
  std::optional<std::size_t> weekly;              ///< 3
  std::optional<std::size_t> daily;               ///< 4
  std::vector<ProphetSeasonality> seasonalities;  ///< others
  ProphetMode seasonality_mode = ProphetMode::kAdditive;
  double seasonality_prior_scale = 10.0;

  std::vector<ProphetHoliday> holidays;
  std::optional<ProphetMode> holidays_mode;  ///< empty: seasonality_mode
  double holidays_prior_scale = 10.0;

  std::vector<ProphetRegressor> regressors;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.growth, self.changepoints, self.changepoint_range, self.changepoint_prior_scale, self.changepoint_times,
      self.yearly, self.weekly, self.daily, self.seasonalities, self.seasonality_mode, self.seasonality_prior_scale,
      self.holidays, self.holidays_mode, self.holidays_prior_scale, self.regressors);
  }
};

/// Times and what is known about each. For fitting: of the samples; for forecasting: of the times asked for.
/// Times count days and weeks as they stand: to follow a tenant's clock, pass its local time as if it were UTC.
struct ProphetFrame {
  std::vector<TimestampMs> times;
  std::vector<std::vector<double>> regressors;  ///< one column each, in the order of ProphetOptions::regressors
  std::vector<double> capacity;                 ///< logistic growth alone: > floor
  std::vector<double> floor;                    ///< logistic growth alone: what the trend starts from; empty: 0
};

/// A forecast at the times of a frame, in the series' unit; all finite.
struct ProphetForecast {
  std::vector<double> value;  ///< trend and all components
  std::vector<double> trend;
  std::vector<std::vector<double>> quantiles;  ///< one column for each probability asked for
};

/// What was fitted, in scaled units: time 0 to 1 over the history, values divided by `scale`.
struct ProphetParameters {
  double k = 0.0;             ///< slope before the first changepoint
  double m = 0.0;             ///< offset
  std::vector<double> delta;  ///< change of slope at each changepoint
  std::vector<double> beta;   ///< of each feature
  double sigma = 1.0;         ///< standard deviation of what is left
};

/// Prophet's additive model: a piecewise trend, seasons as Fourier series, holidays and regressors.
///
///   y(t) = g(t) (1 + M(t)) + A(t) + noise,  noise ~ N(0, sigma^2),  sigma ~ N(0, 0.5) positive
///   g linear: k t + m + sum delta_j (t - s_j)+;  logistic: capacity / (1 + exp(-(k (t - m) + sum delta_j (t - s_j)+)))
///   k, m ~ N(0, 5),  delta ~ Laplace(0, changepoint_prior_scale),  beta ~ N(0, prior_scale)
///
/// Fitted to the posterior's mode. In the logistic exponent the original's offsets gamma_j are summed up: the two
/// forms are equal, and this one does not divide by slopes. Intervals hold the noise and future changes of slope,
/// which come at the rate of the changepoints and with their mean size: in closed form where the trend is linear
/// (by the characteristic function), by 1,000 draws with a fixed seed where it is logistic. A flat trend has none.
///
/// A value: copy it freely. Const members are thread-safe. Cost: prophet_bench.cc; a fit is
/// O(samples * parameters^2), once for additive linear models, five times or so for others.
///
/// Source: Taylor & Letham, "Forecasting at scale", The American Statistician 72 (2018), and the published model.
/// Agreement with the original: testdata/prophet.
class ProphetModel {
 public:
  /// Fits to `values` at `frame`'s times, in any order; a NaN value is left out with its row.
  ///
  /// Errors: kFailedPrecondition inference.not_enough_history  fewer than two known values, or all at one time
  ///         kInvalidArgument inference.bad_model_options      an option out of its range, which the message names
  ///         kInvalidArgument inference.bad_frame              columns of unequal length, a regressor or capacity that
  ///                                                           is missing or not finite, capacity <= floor
  ///         kInvalidArgument inference.bad_value              an infinite value, or a range beyond double's
  [[nodiscard]] static Result<ProphetModel> Fit(const ProphetFrame& frame, std::span<const double> values,
                                                const ProphetOptions& options);

  /// Forecasts at any times, past ones too, with quantiles of each probability in (0, 1).
  /// O(times * (features + changepoints)), and about 2 us a time and probability.
  /// Errors: kInvalidArgument inference.bad_frame, inference.bad_level (a probability out of range).
  [[nodiscard]] Result<ProphetForecast> Forecast(const ProphetFrame& frame,
                                                 std::span<const double> probabilities) const;

  [[nodiscard]] const ProphetParameters& parameters() const { return parameters_; }
  /// What scaled values are multiplied by to be in the series' unit.
  [[nodiscard]] double scale() const { return scale_; }
  [[nodiscard]] TimestampMs first() const { return first_; }
  [[nodiscard]] TimestampMs last() const { return last_; }
  /// Changepoints in scaled time, ascending; a single 0 stands for none.
  [[nodiscard]] std::span<const double> changepoints() const { return changepoints_; }

 private:
  friend class ProphetFeatures;
  friend class ProphetSetup;

  friend class StateReader;
  friend class StateWriter;
  /// What forecasts need; of the options also what only a fit does, so that a part tells how its model was made.
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.options_, self.seasonalities_, self.standardizations_, self.changepoints_, self.parameters_.k,
      self.parameters_.m, self.parameters_.delta, self.parameters_.beta, self.parameters_.sigma, self.first_,
      self.last_, self.scale_);
  }
  [[nodiscard]] bool Valid() const;

  /// How a regressor is scaled before it is weighted.
  struct Standardization {
    double mean = 0.0;
    double deviation = 1.0;
    template <class Self, class F>
    static void Fields(Self& self, F& f) {
      f(self.mean, self.deviation);
    }
  };

  ProphetModel() = default;
  [[nodiscard]] double ScaledTime(TimestampMs time) const;

  ProphetOptions options_;                         // with seasons resolved
  std::vector<ProphetSeasonality> seasonalities_;  // built-in ones and others
  std::vector<Standardization> standardizations_;
  std::vector<double> changepoints_;
  ProphetParameters parameters_;
  TimestampMs first_{};
  TimestampMs last_{};
  double scale_ = 1.0;
};

}  // namespace helios::ml
