// SPDX-License-Identifier: Apache-2.0
#include "ml/fitted_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ml/internal/backtest.h"
#include "ml/internal/calibration.h"
#include "ml/internal/check_options.h"
#include "ml/internal/models/fitted_models.h"
#include "ml/mstl.h"
#include "ml/multi_season_smoothing.h"
#include "ml/seasonal_naive.h"
#include "ml/seasons.h"
#include "ml/theta.h"
#include "ml/transformation.h"

namespace helios::ml {
namespace {

/// Share of the history that the model is fitted to before it is moved on through the rest for calibration.
constexpr double kFittedShare = 0.6;
/// Where errors are too few to speak for themselves, one is believed to be at least this share of the largest value.
constexpr double kLeastColdError = 0.02;
constexpr std::size_t kLeastKnown = 3;
/// Share of the error that a transformation has to save.
constexpr double kLeastGain = 0.02;
/// Steps ahead at which intervals are calibrated.
constexpr std::size_t kAnchors[] = {1, 2, 3, 6, 12, 24, 48, 96, 144, 288};

Result<void> CheckInput(const RegularHistory& history, const ModelOptions& options) {
  if (history.step.count() <= 0) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_step",
                "cannot fit a model: the step is out of range; got {} ms; want more than 0", history.step.count());
  }
  for (std::size_t i = 0; i < options.seasons.size(); ++i) {
    if (options.seasons[i] < (i == 0 ? 2 : options.seasons[i - 1] + 1)) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_model_options",
                  "cannot fit a model: its seasons do not ascend from 2 steps on; got {}", options.seasons[i]);
    }
  }
  if (options.prophet.growth == ProphetGrowth::kLogistic || !options.prophet.regressors.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_model_options",
                "cannot fit a model: capacities and regressors are known to ProphetModel alone");
  }
  std::size_t known = 0;
  for (const double value : history.values) {
    if (std::isinf(value)) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_value",
                  "cannot fit a model: a value is infinite; want finite ones, NaN for unknown");
    }
    if (!std::isnan(value)) ++known;
  }
  if (known < kLeastKnown) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot fit a model: the history is too short; got {} known values; want at least {}", known,
                kLeastKnown);
  }
  return {};
}

/// Cycles without which a season is left out. What two weeks of one week have in common is more noise than season.
constexpr std::size_t kLeastCycles = 2;
constexpr std::size_t kLeastCyclesOfLonger = 3;

/// Seasons that `values` hold often enough.
std::vector<std::size_t> SeasonsWithin(std::span<const std::size_t> seasons, std::size_t values) {
  std::vector<std::size_t> held;
  for (const auto season : seasons) {
    const std::size_t cycles = held.empty() ? kLeastCycles : kLeastCyclesOfLonger;
    if (cycles * season <= values) held.push_back(season);
  }
  return held;
}

/// A history ready to be fitted to: trimmed to its known ends, divided by a power of two so that |value| < 2.
struct Scaled {
  std::vector<double> values;
  double unit = 1.0;
  double largest = 0.0;
};

Scaled Scale(std::span<const double> values) {
  Scaled scaled;
  for (const double value : values)
    scaled.largest = std::isnan(value) ? scaled.largest : std::max(scaled.largest, std::abs(value));
  if (scaled.largest > 0.0) scaled.unit = std::ldexp(1.0, std::max(-1000, std::ilogb(scaled.largest)));
  scaled.largest /= scaled.unit;
  scaled.values.reserve(values.size());
  for (const double value : values) scaled.values.push_back(value / scaled.unit);
  return scaled;
}

/// Mean over the horizons of the mean absolute error; infinite where nothing was held back.
double MeanAbsoluteError(std::span<const HorizonBacktest> backtests) {
  double sum = 0.0;
  double horizons = 0.0;
  for (const auto& [steps, points] : backtests) {
    if (points.empty()) continue;
    double error = 0.0;
    for (const auto& point : points) error += std::abs(point.actual - point.forecast);
    sum += error / static_cast<double>(points.size());
    horizons += 1.0;
  }
  return horizons > 0.0 ? sum / horizons : std::numeric_limits<double>::infinity();
}

/// Fits with `fit(values)` to the values transformed, first to a part for calibration. Of `transformations`, the first
/// of which is none, the one with the least error on the rest serves; none, unless another saves kLeastGain.
template <class Fit>
std::unique_ptr<FittedModel> FitRolling(const Scaled& scaled, const Place& place,
                                        std::span<const Transformation> transformations, Fit fit) {
  const std::span all(scaled.values);
  const auto known = [](double value) { return !std::isnan(value); };
  auto split = static_cast<std::size_t>(kFittedShare * static_cast<double>(all.size()));
  // At least one known value to fit to.
  const auto first_known = static_cast<std::size_t>(std::ranges::find_if(all, known) - all.begin());
  split = std::clamp(split, first_known + 1, all.size());
  const auto held_back = all.subspan(split);
  std::vector<std::size_t> steps;
  for (const auto h : kAnchors) {
    if (h < held_back.size()) steps.push_back(h);
  }
  const auto fit_to = [&](const Transformation& transformation, std::span<const double> part) {
    return TransformedModel(fit(transformation.none() ? part : std::span<const double>(transformation.Forward(part))),
                            transformation);
  };
  Transformation best;
  std::vector<HorizonBacktest> backtests;
  for (const auto& transformation : transformations) {
    auto tried = Backtest(fit_to(transformation, all.first(split)), held_back, 0, steps);
    if (!backtests.empty() && !(MeanAbsoluteError(tried) < (1.0 - kLeastGain) * MeanAbsoluteError(backtests))) continue;
    best = transformation;
    backtests = std::move(tried);
  }
  const Calibration calibration(backtests, kLeastColdError * scaled.largest, 0,
                                held_back.empty() ? 0 : held_back.size() - 1);
  auto model = fit_to(best, all);
  return std::make_unique<RollingModel<decltype(model)>>(std::move(model), calibration, scaled.unit, place);
}

}  // namespace

std::string_view NamedModelName(NamedModel model) {
  switch (model) {
    case NamedModel::kSeasonalNaive: return "seasonal_naive";
    case NamedModel::kExponentialSmoothing: return "exponential_smoothing";
    case NamedModel::kTheta: return "theta";
    case NamedModel::kMstl: return "mstl";
    case NamedModel::kProphet: return "prophet";
  }
  return "unknown";
}

Result<std::unique_ptr<FittedModel>> FitModel(NamedModel model, const RegularHistory& history,
                                              const ModelOptions& options) {
  HELIOS_CHECK(CheckInput(history, options));
  const auto values = history.values;
  const Place place{.origin = history.first + history.step * static_cast<long>(values.size() - 1),
                    .step = history.step,
                    .never_negative = std::ranges::none_of(values, [](double value) { return value < 0.0; })};
  if (model == NamedModel::kProphet) {
    ProphetFrame frame;
    for (std::size_t i = 0; i < values.size(); ++i) {
      frame.times.push_back(history.first + history.step * static_cast<long>(i));
    }
    HELIOS_TRY(auto fitted, ProphetModel::Fit(frame, values, options.prophet));
    return std::make_unique<CalendarModel>(std::move(fitted), place);
  }

  auto seasons = options.seasons;
  if (seasons.empty()) {
    const auto day = static_cast<std::size_t>(std::chrono::days{1} / history.step);
    for (const auto& season : FindSeasons(values, day)) seasons.push_back(season.steps);
  }
  if (seasons.empty()) {
    for (const auto length : {std::chrono::days{1}, std::chrono::days{7}}) {
      const auto season = static_cast<std::size_t>(length / history.step);
      if (season >= 2) seasons.push_back(season);
    }
  }
  const auto shortest = [&](std::span<const double> part) {
    const auto held = SeasonsWithin(seasons, part.size());
    return held.empty() ? 0 : held.front();
  };
  const Scaled scaled = Scale(values);
  const auto transformations = Transformation::Candidates(scaled.values, shortest(scaled.values));
  const auto none = std::span(transformations).first(1);
  switch (model) {
    case NamedModel::kSeasonalNaive:
      return FitRolling(scaled, place, none, [&](std::span<const double> part) {
        SeasonalNaive naive(shortest(part));
        for (const double value : part) naive.Update(value);
        return naive;
      });
    case NamedModel::kTheta:
      return FitRolling(scaled, place, none,
                        [&](std::span<const double> part) { return Theta::Fit(part, shortest(part)); });
    case NamedModel::kMstl:
      return FitRolling(scaled, place, transformations, [&](std::span<const double> part) {
        return Mstl::Fit(part, SeasonsWithin(seasons, part.size()));
      });
    case NamedModel::kExponentialSmoothing:
    case NamedModel::kProphet: break;
  }
  return FitRolling(scaled, place, transformations, [&](std::span<const double> part) {
    return MultiSeasonSmoothing::Fit(part, SeasonsWithin(seasons, part.size()));
  });
}

}  // namespace helios::ml
