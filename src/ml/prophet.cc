// SPDX-License-Identifier: Apache-2.0
#include "ml/prophet.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

#include "ml/internal/prophet/features.h"
#include "ml/internal/prophet/map_fit.h"
#include "ml/internal/prophet/trend_uncertainty.h"

namespace helios::ml {
namespace {

using std::chrono::days;

constexpr std::size_t kMostChangepoints = 200;
constexpr std::size_t kMostOrder = 50;
constexpr int kWidestWindow = 30;
/// Added to the mean size of past changes, as the original does.
constexpr double kLeastChange = 1e-8;
/// Noise of a history that never varies.
constexpr double kNoNoise = 1e-9;

std::unexpected<Error> BadOptions(std::string_view what) {
  return Fail(ErrorCode::kInvalidArgument, "inference.bad_model_options", "cannot fit Prophet's model: {}", what);
}

std::unexpected<Error> BadFrame(std::string_view what) {
  return Fail(ErrorCode::kInvalidArgument, "inference.bad_frame", "cannot use the frame of times: {}", what);
}

bool IsScale(double value) {
  return value > 0.0 && std::isfinite(value);
}

bool IsScale(const std::optional<double>& value) {
  return !value || IsScale(*value);
}

Result<void> CheckOptions(const ProphetOptions& options) {
  if (options.changepoints > kMostChangepoints || options.changepoint_times.size() > kMostChangepoints) {
    return BadOptions("it has too many changepoints; want at most 200");
  }
  if (!(options.changepoint_range > 0.0 && options.changepoint_range <= 1.0)) {
    return BadOptions("changepoint_range is out of range; want more than 0 and at most 1");
  }
  if (!IsScale(options.changepoint_prior_scale) || !IsScale(options.seasonality_prior_scale) ||
      !IsScale(options.holidays_prior_scale)) {
    return BadOptions("a prior scale is out of range; want more than 0");
  }
  for (const auto order : {options.yearly, options.weekly, options.daily}) {
    if (order.value_or(0) > kMostOrder) return BadOptions("a season's order is out of range; want at most 50");
  }
  for (const auto& seasonality : options.seasonalities) {
    if (!IsScale(seasonality.period_days) || !IsScale(seasonality.prior_scale) || seasonality.order < 1 ||
        seasonality.order > kMostOrder) {
      return BadOptions(
          "a season is out of range; want a period and a prior scale of more than 0, an order of 1 to 50");
    }
  }
  for (const auto& holiday : options.holidays) {
    if (holiday.lower_window > 0 || holiday.lower_window < -kWidestWindow || holiday.upper_window < 0 ||
        holiday.upper_window > kWidestWindow || !IsScale(holiday.prior_scale)) {
      return BadOptions(
          "a holiday is out of range; want windows of -30 to 0 and 0 to 30, a prior scale of more than 0");
    }
  }
  for (const auto& regressor : options.regressors) {
    if (!IsScale(regressor.prior_scale))
      return BadOptions("a regressor's prior scale is out of range; want more than 0");
  }
  return {};
}

bool AllFinite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

double Floor(const ProphetFrame& frame, std::size_t row) {
  return frame.floor.empty() ? 0.0 : frame.floor[row];
}

Result<void> CheckFrame(const ProphetFrame& frame, const ProphetOptions& options) {
  const std::size_t rows = frame.times.size();
  if (frame.regressors.size() != options.regressors.size()) {
    return BadFrame("it has another number of regressors than the options");
  }
  for (const auto& column : frame.regressors) {
    if (column.size() != rows || !AllFinite(column)) return BadFrame("a regressor has not one finite value a time");
  }
  if (options.growth != ProphetGrowth::kLogistic) {
    if (!frame.capacity.empty() || !frame.floor.empty()) {
      return BadFrame("it has a capacity or a floor, and growth is not logistic");
    }
    return {};
  }
  if (frame.capacity.size() != rows || (!frame.floor.empty() && frame.floor.size() != rows) ||
      !AllFinite(frame.capacity) || !AllFinite(frame.floor)) {
    return BadFrame("logistic growth has not one finite capacity a time, and a floor for all times or none");
  }
  for (std::size_t i = 0; i < rows; ++i) {
    if (!(frame.capacity[i] > Floor(frame, i))) return BadFrame("a capacity is not above its floor");
  }
  return {};
}

/// The rows of `frame` in `order`.
ProphetFrame Select(const ProphetFrame& frame, std::span<const std::size_t> order) {
  const auto select = [&](const std::vector<double>& column) {
    std::vector<double> selected;
    if (column.empty()) return selected;
    selected.reserve(order.size());
    for (const auto i : order) selected.push_back(column[i]);
    return selected;
  };
  ProphetFrame selected{
      .times = {}, .regressors = {}, .capacity = select(frame.capacity), .floor = select(frame.floor)};
  for (const auto i : order) selected.times.push_back(frame.times[i]);
  for (const auto& column : frame.regressors) selected.regressors.push_back(select(column));
  return selected;
}

double Finite(double value) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  return std::clamp(value, -kLargest, kLargest);
}

}  // namespace

/// Fills a model in, step by step, from rows that are known and ascend.
class ProphetSetup {
 public:
  ProphetSetup(const ProphetOptions& options, ProphetFrame frame, std::vector<double> values)
      : frame_(std::move(frame)), values_(std::move(values)) {
    model_.options_ = options;
    model_.first_ = frame_.times.front();
    model_.last_ = frame_.times.back();
  }

  Result<ProphetModel> Fit() {
    HELIOS_CHECK(Scale());
    ResolveSeasons();
    HELIOS_CHECK(PlaceChangepoints());
    for (std::size_t r = 0; r < frame_.regressors.size(); ++r) Standardize(r);
    const bool constant = std::ranges::all_of(values_, [&](double value) { return value == values_.front(); });
    const ProphetFeatures features(model_);
    if (constant && model_.options_.growth != ProphetGrowth::kLogistic) {
      model_.parameters_ = {.k = 0.0,
                            .m = values_.front() / model_.scale_,
                            .delta = std::vector<double>(model_.changepoints_.size()),
                            .beta = std::vector<double>(features.count()),
                            .sigma = kNoNoise};
      return model_;
    }
    model_.parameters_ = FitProphetMap(Problem(features), Start(features.count()));
    return model_;
  }

 private:
  Result<void> Scale() {
    double scale = 0.0;
    for (std::size_t i = 0; i < values_.size(); ++i) scale = std::max(scale, std::abs(values_[i] - Floor(frame_, i)));
    double capacity = 0.0;
    for (std::size_t i = 0; i < frame_.capacity.size(); ++i) {
      capacity = std::max(capacity, frame_.capacity[i] - Floor(frame_, i));
    }
    // Half of the largest double leaves room for the forecast, and 1 / scale must be a number.
    if (!(std::max(scale, capacity) < 0.5 * std::numeric_limits<double>::max()) ||
        (scale != 0.0 && scale < std::numeric_limits<double>::min())) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_value",
                  "cannot fit Prophet's model: the values' range is beyond what can be computed with; got {:g}",
                  std::max(scale, capacity));
    }
    model_.scale_ = scale == 0.0 ? 1.0 : scale;
    return {};
  }

  void ResolveSeasons() {
    const auto span = model_.last_ - model_.first_;
    auto spacing = std::chrono::milliseconds::max();
    for (std::size_t i = 1; i < frame_.times.size(); ++i) {
      const auto distance = frame_.times[i] - frame_.times[i - 1];
      if (distance.count() > 0) spacing = std::min<std::chrono::milliseconds>(spacing, distance);
    }
    const auto add = [&](double period, const std::optional<std::size_t>& asked, bool by_itself, std::size_t order) {
      const std::size_t resolved = asked.value_or(by_itself ? order : 0);
      if (resolved > 0)
        model_.seasonalities_.push_back({.period_days = period, .order = resolved, .prior_scale = {}, .mode = {}});
    };
    const auto& options = model_.options_;
    add(365.25, options.yearly, span >= days{730}, 10);
    add(7.0, options.weekly, span >= days{14} && spacing < days{7}, 3);
    add(1.0, options.daily, span >= days{2} && spacing < days{1}, 4);
    for (const auto& seasonality : options.seasonalities) model_.seasonalities_.push_back(seasonality);
  }

  Result<void> PlaceChangepoints() {
    const auto& options = model_.options_;
    auto& changepoints = model_.changepoints_;
    for (const auto time : options.changepoint_times) {
      if (time < model_.first_ || time > model_.last_) return BadOptions("a changepoint lies outside the history");
      changepoints.push_back(model_.ScaledTime(time));
    }
    if (options.changepoint_times.empty()) {
      const auto candidates =
          static_cast<std::size_t>(std::floor(static_cast<double>(values_.size()) * options.changepoint_range));
      const std::size_t count = candidates == 0 ? 0 : std::min(options.changepoints, candidates - 1);
      for (std::size_t s = 1; s <= count; ++s) {
        // Halves go to the even neighbour, as the original rounds.
        const double index =
            std::nearbyint(static_cast<double>(candidates - 1) * static_cast<double>(s) / static_cast<double>(count));
        changepoints.push_back(model_.ScaledTime(frame_.times[static_cast<std::size_t>(index)]));
      }
    }
    if (changepoints.empty()) changepoints.push_back(0.0);
    std::ranges::sort(changepoints);
    return {};
  }

  void Standardize(std::size_t regressor) {
    const auto& column = frame_.regressors[regressor];
    auto& scaling = model_.standardizations_.emplace_back();
    const bool constant = std::ranges::all_of(column, [&](double x) { return x == column.front(); });
    const bool binary = std::ranges::all_of(column, [](double x) { return x == 0.0 || x == 1.0; });
    if (constant || !model_.options_.regressors[regressor].standardize.value_or(!binary)) return;
    const auto n = static_cast<double>(column.size());
    double mean = 0.0;
    for (const double x : column) mean += x / n;
    double squares = 0.0;
    for (const double x : column) squares += (x - mean) * (x - mean) / (n - 1.0);
    const double deviation = std::sqrt(squares);
    if (std::isfinite(deviation) && deviation > 0.0) scaling = {.mean = mean, .deviation = deviation};
  }

  [[nodiscard]] ProphetProblem Problem(const ProphetFeatures& features) const {
    ProphetProblem problem{.growth = model_.options_.growth,
                           .t = {},
                           .y = {},
                           .capacity = {},
                           .changepoints = model_.changepoints_,
                           .features = features.Columns(frame_),
                           .prior_scales = {features.prior_scales().begin(), features.prior_scales().end()},
                           .multiplicative = {features.multiplicative().begin(), features.multiplicative().end()},
                           .changepoint_prior_scale = model_.options_.changepoint_prior_scale};
    for (std::size_t i = 0; i < values_.size(); ++i) {
      problem.t.push_back(model_.ScaledTime(frame_.times[i]));
      problem.y.push_back((values_[i] - Floor(frame_, i)) / model_.scale_);
      if (!frame_.capacity.empty()) {
        problem.capacity.push_back((frame_.capacity[i] - Floor(frame_, i)) / model_.scale_);
      }
    }
    return problem;
  }

  /// Parameters of a trend through the first and the last value.
  [[nodiscard]] ProphetParameters Start(std::size_t features) const {
    const std::size_t last = values_.size() - 1;
    const auto scaled = [&](std::size_t i) { return (values_[i] - Floor(frame_, i)) / model_.scale_; };
    ProphetParameters start{.k = 0.0,
                            .m = 0.0,
                            .delta = std::vector<double>(model_.changepoints_.size()),
                            .beta = std::vector<double>(features),
                            .sigma = 1.0};
    if (model_.options_.growth == ProphetGrowth::kLinear) {
      start.k = scaled(last) - scaled(0);
      start.m = scaled(0);
    } else if (model_.options_.growth == ProphetGrowth::kFlat) {
      for (std::size_t i = 0; i <= last; ++i) start.m += scaled(i) / static_cast<double>(last + 1);
    } else {
      const auto odds = [&](std::size_t i) {
        const double capacity = (frame_.capacity[i] - Floor(frame_, i)) / model_.scale_;
        return capacity / std::clamp(scaled(i), 0.01 * capacity, 0.99 * capacity);
      };
      double first = odds(0);
      const double other = odds(last);
      if (std::abs(first - other) <= 0.01) first *= 1.05;
      const double logit = std::log(first - 1.0);
      start.k = logit - std::log(other - 1.0);
      start.m = logit / start.k;
    }
    return start;
  }

  ProphetFrame frame_;
  std::vector<double> values_;
  ProphetModel model_;
};

double ProphetModel::ScaledTime(TimestampMs time) const {
  return static_cast<double>((time - first_).count()) / static_cast<double>((last_ - first_).count());
}

Result<ProphetModel> ProphetModel::Fit(const ProphetFrame& frame, std::span<const double> values,
                                       const ProphetOptions& options) {
  HELIOS_CHECK(ml::CheckOptions(options));
  HELIOS_CHECK(CheckFrame(frame, options));
  if (values.size() != frame.times.size()) return BadFrame("it has another number of times than there are values");
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isinf(values[i])) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_value",
                  "cannot fit Prophet's model: a value is infinite; want finite ones, NaN for unknown");
    }
    if (!std::isnan(values[i])) order.push_back(i);
  }
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(frame.times[i], i); });
  if (order.size() < 2 || frame.times[order.front()] == frame.times[order.back()]) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot fit Prophet's model: the history is too short; got {} known values; want two at two times",
                order.size());
  }
  std::vector<double> known;
  known.reserve(order.size());
  for (const auto i : order) known.push_back(values[i]);
  return ProphetSetup(options, Select(frame, order), std::move(known)).Fit();
}

bool ProphetModel::Valid() const {
  const auto growth = options_.growth;
  const auto is_mode = [](const std::optional<ProphetMode>& mode) {
    return mode.value_or(ProphetMode::kAdditive) <= ProphetMode::kMultiplicative;
  };
  if (growth > ProphetGrowth::kFlat || !is_mode(options_.seasonality_mode) || !is_mode(options_.holidays_mode) ||
      !std::ranges::all_of(options_.regressors, is_mode, &ProphetRegressor::mode)) {
    return false;
  }
  // Times apart by more than their type holds cannot be subtracted.
  const auto in_range = [](TimestampMs time) {
    constexpr auto kYears = std::chrono::milliseconds{253'402'300'800'000};  // to the end of the year 9999
    return std::chrono::abs(time.time_since_epoch()) <= kYears;
  };
  if (!in_range(first_) || !in_range(last_) || !std::ranges::all_of(options_.changepoint_times, in_range) ||
      !std::ranges::all_of(options_.holidays,
                           [&](const auto& holiday) { return std::ranges::all_of(holiday.days, in_range); })) {
    return false;
  }
  for (const auto& seasonality : seasonalities_) {
    if (!IsScale(seasonality.period_days) || seasonality.order < 1 || seasonality.order > kMostOrder ||
        !is_mode(seasonality.mode)) {
      return false;
    }
  }
  return ml::CheckOptions(options_).has_value() && standardizations_.size() == options_.regressors.size() &&
         std::ranges::all_of(standardizations_, [](const auto& scaling) { return scaling.deviation > 0.0; }) &&
         !changepoints_.empty() && std::ranges::is_sorted(changepoints_) &&
         parameters_.delta.size() == changepoints_.size() &&
         parameters_.beta.size() == ProphetFeatures(*this).count() && parameters_.sigma > 0.0 && first_ < last_ &&
         scale_ > 0.0;
}

Result<ProphetForecast> ProphetModel::Forecast(const ProphetFrame& frame, std::span<const double> probabilities) const {
  HELIOS_CHECK(CheckFrame(frame, options_));
  for (const double probability : probabilities) {
    if (!(probability > 0.0 && probability < 1.0)) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_level",
                  "cannot forecast: a probability is out of range; got {}; want more than 0 and less than 1",
                  probability);
    }
  }
  const std::size_t rows = frame.times.size();
  ProphetForecast forecast;
  forecast.quantiles.assign(probabilities.size(), std::vector<double>(rows));
  if (rows == 0) return forecast;

  const ProphetFeatures features(*this);
  const auto columns = features.Columns(frame);
  const auto multiplicative = features.multiplicative();
  std::vector<double> factor(rows, 1.0);
  std::vector<double> added(rows, 0.0);
  for (std::size_t j = 0; j < features.count(); ++j) {
    auto& to = multiplicative[j] != 0 ? factor : added;
    for (std::size_t i = 0; i < rows; ++i) to[i] += parameters_.beta[j] * columns[j * rows + i];
  }

  double size = kLeastChange;
  for (const double delta : parameters_.delta) size += std::abs(delta) / static_cast<double>(parameters_.delta.size());
  const auto rate = static_cast<double>(changepoints_.size());
  const bool logistic = options_.growth == ProphetGrowth::kLogistic;
  const SlopeChanges changes(logistic ? rate : 0.0, size, ScaledTime(std::ranges::max(frame.times)));
  std::vector<double> draws(logistic ? SlopeChanges::kDraws : 0);
  for (std::size_t i = 0; i < rows; ++i) {
    const double t = ScaledTime(frame.times[i]);
    const double base = ProphetTrendBase(options_.growth, parameters_, changepoints_, t);
    const double capacity = logistic ? (frame.capacity[i] - Floor(frame, i)) / scale_ : 1.0;
    const double trend = logistic ? capacity * Logistic(base) : base;
    const double value = trend * factor[i] + added[i];
    const auto to_unit = [&](double scaled) { return Finite(scaled * scale_ + Floor(frame, i)); };
    forecast.trend.push_back(to_unit(trend));
    forecast.value.push_back(to_unit(value));
    if (probabilities.empty()) continue;
    if (logistic && t > 1.0) {
      double mean = 0.0;
      for (std::size_t d = 0; d < draws.size(); ++d) {
        draws[d] = capacity * Logistic(base + changes.At(d, t)) - trend;
        mean += draws[d] / static_cast<double>(draws.size());
      }
      for (std::size_t d = 0; d < draws.size(); ++d) {
        draws[d] = (draws[d] - mean) * factor[i] + parameters_.sigma * changes.Normal(d);
      }
      std::ranges::sort(draws);
    }
    for (std::size_t q = 0; q < probabilities.size(); ++q) {
      double offset = 0.0;
      if (logistic && t > 1.0) {
        const double position = probabilities[q] * static_cast<double>(draws.size() - 1);
        const auto below = static_cast<std::size_t>(position);
        const std::size_t above = std::min(below + 1, draws.size() - 1);
        offset = std::lerp(draws[below], draws[above], position - static_cast<double>(below));
      } else {
        const double distance = options_.growth == ProphetGrowth::kLinear ? t - 1.0 : 0.0;
        offset = TrendNoiseQuantile(
            {.rate = rate, .size = size, .distance = distance, .weight = factor[i], .sigma = parameters_.sigma},
            probabilities[q]);
      }
      forecast.quantiles[q][i] = to_unit(value + offset);
    }
  }
  return forecast;
}

}  // namespace helios::ml
