// SPDX-License-Identifier: Apache-2.0
#include "ml/forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "ml/internal/check_options.h"

namespace helios::ml {
namespace {

template <Model M>
double Interpolate(const M& model, double steps) {
  const auto before = static_cast<std::size_t>(steps);
  const double value = model.Predict(model.ReachFor(before));
  const double fraction = steps - static_cast<double>(before);
  if (fraction == 0.0) return value;
  return value + fraction * (model.Predict(model.ReachFor(before + 1)) - value);
}

double Finite(double value) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  return std::clamp(value, -kLargest, kLargest);
}

}  // namespace

std::string_view ModelTypeName(ModelType type) {
  switch (type) {
    case ModelType::kConstant: return "constant";
    case ModelType::kSeasonalNaive: return "seasonal_naive";
    case ModelType::kExponentialSmoothing: return "exponential_smoothing";
    case ModelType::kEnsemble: return "ensemble";
    case ModelType::kNamed: return "named";
  }
  return "unknown";
}

std::string_view ModelNameOf(const SeriesForecast& forecast) {
  return forecast.model_type == ModelType::kNamed ? forecast.named_model : ModelTypeName(forecast.model_type);
}

Result<void> CheckOptions(std::span<const std::chrono::minutes> horizons, double level) {
  if (horizons.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon",
                "cannot forecast: no horizon was asked for; want at least one of 1 to {} minutes", kMaxHorizon.count());
  }
  for (const auto horizon : horizons) {
    if (horizon < std::chrono::minutes{1} || horizon > kMaxHorizon) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon",
                  "cannot forecast: a horizon is out of range; got {} minutes; want 1 to {}", horizon.count(),
                  kMaxHorizon.count());
    }
  }
  if (!(level > 0.0 && level < 1.0)) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_level",
                "cannot forecast: the level is out of range; got {}; want more than 0 and less than 1", level);
  }
  return {};
}

Result<void> CheckProbabilities(std::span<const double> probabilities) {
  double before = 0.0;
  for (const double probability : probabilities) {
    if (!(probability > 0.0 && probability < 1.0 && probability >= before)) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_level",
                  "cannot forecast: a probability is out of range; got {}; want ascending ones between 0 and 1",
                  probability);
    }
    before = probability;
  }
  return {};
}

FittedForecaster::FittedForecaster(SeriesForecast summary, Fitted model, Calibration calibration, double unit,
                                   bool never_negative, std::shared_ptr<const EnsembleForecaster> ensemble,
                                   const Window& window, LocalClock clock)
    : summary_(std::move(summary)),
      clock_(std::move(clock)),
      newest_(window.to),
      model_(std::move(model)),
      calibration_(std::move(calibration)),
      unit_(unit),
      never_negative_(never_negative),
      ensemble_(std::move(ensemble)),
      window_(window) {}

double FittedForecaster::ValueAt(double steps) const {
  return std::visit([&](const auto& model) { return Interpolate(model, steps); }, model_);
}

double FittedForecaster::StepsTo(std::chrono::minutes horizon) const {
  const std::chrono::duration<double, std::milli> distance = clock_.ToLocal(summary_.origin + horizon) - newest_;
  // Less than a step ahead, the next grid value is the nearest that there is.
  return std::max(1.0, distance.count() / static_cast<double>(summary_.step.count()));
}

Result<SeriesForecast> FittedForecaster::Forecast(std::span<const std::chrono::minutes> horizons, double level) const {
  HELIOS_CHECK(CheckOptions(horizons, level));
  // Widths are asked for in ascending order, points are answered in the caller's.
  std::vector<double> unordered;
  for (const auto horizon : horizons) unordered.push_back(StepsTo(horizon));
  std::vector<std::size_t> order(horizons.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(unordered[i], i); });
  std::vector<double> steps;
  steps.reserve(order.size());
  for (const auto i : order) steps.push_back(unordered[i]);
  const auto half_widths = calibration_.HalfWidths(steps, level);

  auto forecast = summary_;
  forecast.points.resize(horizons.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    auto& point = forecast.points[order[k]];
    point.horizon = horizons[order[k]];
    point.time = summary_.origin + point.horizon;
    const double value = ValueAt(steps[k]);
    point.value = Finite(value * unit_);
    point.lower = Finite((value - half_widths[k]) * unit_);
    point.upper = Finite((value + half_widths[k]) * unit_);
    if (never_negative_) {
      point.value = std::max(0.0, point.value);
      point.lower = std::max(0.0, point.lower);
      point.upper = std::max(0.0, point.upper);
    }
  }
  if (ensemble_ != nullptr) ServeByEnsemble(forecast, steps, order, level);
  return forecast;
}

void FittedForecaster::ServeByEnsemble(SeriesForecast& forecast, std::span<const double> steps,
                                       std::span<const std::size_t> order, double level) const {
  const std::size_t day = ensemble_->steps_a_day();
  const auto longest = static_cast<std::size_t>(std::ceil(steps.back()));
  const auto ensemble = ensemble_->Forecast(std::min(day, longest), level);
  // Between grid steps, and at the last of them, linear.
  const auto at = [](const std::vector<double>& column, double place) {
    const auto before = static_cast<std::size_t>(place);
    const double share = place - static_cast<double>(before);
    if (share == 0.0) return column[before - 1];
    return (1.0 - share) * column[before - 1] + share * column[before];
  };
  for (std::size_t k = 0; k < order.size(); ++k) {
    auto& point = forecast.points[order[k]];
    if (steps[k] <= static_cast<double>(day)) {
      point.value = Finite(at(ensemble.value, steps[k]) * unit_);
      point.lower = Finite(at(ensemble.lower, steps[k]) * unit_);
      point.upper = Finite(at(ensemble.upper, steps[k]) * unit_);
    } else {
      const double below = ensemble.value[day - 1] - ensemble.lower[day - 1];
      const double above = ensemble.upper[day - 1] - ensemble.value[day - 1];
      point.lower = std::min(point.lower, Finite(point.value - below * unit_));
      point.upper = std::max(point.upper, Finite(point.value + above * unit_));
    }
    if (never_negative_) {
      point.value = std::max(0.0, point.value);
      point.lower = std::max(0.0, point.lower);
      point.upper = std::max(0.0, point.upper);
    }
  }
}

Result<SeriesForecast> Forecast(std::span<const Sample> history, const ForecastOptions& options) {
  HELIOS_TRY(const auto fitted, FitForecaster(history, options));
  return fitted.Forecast(options.horizons, options.level);
}

}  // namespace helios::ml
