// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "ml/forecast.h"
#include "ml/internal/backtest.h"
#include "ml/internal/check_options.h"

namespace helios::ml {
namespace {

using std::chrono::milliseconds;

/// Below this many known values there is nothing to choose by: fixed weights serve.
constexpr std::size_t kEnoughToSearch = 24;
/// Share of the history that the weights are searched in; the rest is held back.
constexpr double kSearchedShare = 0.4;
/// Share of two days that must be known, not gaps, before a daily season is believed.
constexpr double kKnownShare = 0.75;
/// Where errors are too few to speak for themselves, one is believed to be at least this share of the
/// largest value: three equal samples do not make a constant.
constexpr double kLeastColdError = 0.02;
/// Held-back values in the later half without which coverage is not worth stating.
constexpr std::size_t kEnoughForCoverage = 10;
/// Horizons that the choice looks at, and weights are searched at, when more are asked for.
constexpr std::size_t kMostScored = 12;
constexpr std::size_t kMostSearched = 3;

/// The history on its grid, divided by a power of two so that no sum overflows: |value| < 2.
struct Prepared {
  std::vector<double> values;
  double unit = 1.0;
  double largest = 0.0;  // after the division
  double spread = 0.0;   // of the raw samples, after the division
  std::size_t known = 0;
  std::size_t season = 0;
  bool never_negative = true;
};

Result<void> CheckHistory(std::span<const Sample> history) {
  const auto first = TimestampMs{milliseconds{-62'135'596'800'000}};  // 0001-01-01
  const auto last = TimestampMs{milliseconds{253'402'300'799'999}};   // 9999-12-31
  std::size_t finite = 0;
  for (const auto& sample : history) {
    if (sample.time < first || sample.time > last) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_timestamp",
                  "cannot forecast: a sample's time is outside the years 1 to 9999; got {} ms since 1970",
                  ToUnixMs(sample.time));
    }
    if (std::isfinite(sample.value)) ++finite;
  }
  if (finite < kMinHistorySamples) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot forecast: the history is too short; got {} finite samples; want at least {}", finite,
                kMinHistorySamples);
  }
  return {};
}

/// Steps of a day, once `values` hold two days of it.
std::size_t DailySeason(const Grid& grid, std::size_t known) {
  const auto season = static_cast<std::size_t>(std::chrono::days{1} / grid.step);
  if (season < 2 || grid.values.size() < 2 * season) return 0;
  return static_cast<double>(known) >= kKnownShare * 2.0 * static_cast<double>(season) ? season : 0;
}

Prepared Prepare(std::span<const Sample> history, const Grid& grid) {
  Prepared prepared;
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  for (const auto& sample : history) {
    if (!std::isfinite(sample.value)) continue;
    least = std::min(least, sample.value);
    most = std::max(most, sample.value);
  }
  prepared.never_negative = least >= 0.0;
  const double largest = std::max(std::abs(least), std::abs(most));
  if (largest > 0.0) prepared.unit = std::ldexp(1.0, std::max(-1000, std::ilogb(largest)));
  prepared.largest = largest / prepared.unit;
  prepared.spread = most / prepared.unit - least / prepared.unit;
  prepared.values.reserve(grid.values.size());
  for (const double value : grid.values) {
    prepared.values.push_back(value / prepared.unit);
    if (!std::isnan(value)) ++prepared.known;
  }
  prepared.season = DailySeason(grid, prepared.known);
  return prepared;
}

/// The distinct horizons in whole steps, ascending, thinned evenly to at most `most`.
std::vector<std::size_t> HorizonSteps(std::span<const std::chrono::minutes> horizons, milliseconds step,
                                      std::size_t most) {
  std::vector<std::size_t> steps;
  steps.reserve(horizons.size());
  for (const auto horizon : horizons) {
    const auto rounded = (milliseconds{horizon}.count() + step.count() / 2) / step.count();
    steps.push_back(static_cast<std::size_t>(std::max<std::int64_t>(1, rounded)));
  }
  std::ranges::sort(steps);
  steps.erase(std::ranges::unique(steps).begin(), steps.end());
  if (steps.size() <= most) return steps;
  std::vector<std::size_t> thinned;
  for (std::size_t i = 0; i < most; ++i) thinned.push_back(steps[i * (steps.size() - 1) / (most - 1)]);
  return thinned;
}

/// `wanted`, or, where the history is too short to hold any of them back, the longest that it can.
std::vector<std::size_t> Reachable(std::vector<std::size_t> wanted, std::size_t longest) {
  std::erase_if(wanted, [&](std::size_t steps) { return steps > longest; });
  if (wanted.empty() && longest > 0) wanted.push_back(longest);
  return wanted;
}

/// `scored`, and powers of two up to the longest of `wanted` that can be held back, ascending.
std::vector<std::size_t> Anchors(std::vector<std::size_t> scored, std::size_t farthest) {
  for (std::size_t steps = 1; steps <= farthest; steps *= 2) scored.push_back(steps);
  std::ranges::sort(scored);
  scored.erase(std::ranges::unique(scored).begin(), scored.end());
  return scored;
}

/// Mean over the horizons of the mean absolute error; infinite when nothing was held back.
double MeanAbsoluteError(std::span<const HorizonBacktest> backtests) {
  double sum = 0.0;
  std::size_t horizons = 0;
  for (const auto& [steps, points] : backtests) {
    if (points.empty()) continue;
    double error = 0.0;
    for (const auto& point : points) error += std::abs(point.actual - point.forecast);
    sum += error / static_cast<double>(points.size());
    ++horizons;
  }
  return horizons == 0 ? std::numeric_limits<double>::infinity() : sum / static_cast<double>(horizons);
}

/// Mean absolute error of the seasonal naive within the history, one season (or step) ahead.
double NaiveScale(const Prepared& prepared) {
  const std::size_t lag = std::max<std::size_t>(1, prepared.season);
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t t = lag; t < prepared.values.size(); ++t) {
    const double change = std::abs(prepared.values[t] - prepared.values[t - lag]);
    if (std::isnan(change)) continue;
    sum += change;
    ++count;
  }
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

double SymmetricPercentageError(std::span<const HorizonBacktest> backtests, bool never_negative) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const auto& [steps, points] : backtests) {
    for (const auto& point : points) {
      const double forecast = never_negative ? std::max(0.0, point.forecast) : point.forecast;
      const double size = std::abs(point.actual) + std::abs(forecast);
      if (size > 0.0) sum += 200.0 * std::abs(point.actual - forecast) / size;
      ++count;
    }
  }
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

/// Share of the later half's values inside intervals that only the earlier half calibrated: no origin
/// judges what it helped to calibrate, and no error is used before its value had been seen.
std::optional<double> MeasureCoverage(std::span<const HorizonBacktest> backtests, double level, double floor,
                                      std::size_t first_origin, std::size_t last) {
  const std::size_t middle = first_origin + (last - first_origin) / 2;
  const Calibration earlier(backtests, floor, first_origin, middle);
  std::vector<double> steps;
  for (const auto& backtest : backtests) steps.push_back(static_cast<double>(backtest.steps));
  const auto half_widths = earlier.HalfWidths(steps, level);
  std::size_t inside = 0;
  std::size_t count = 0;
  for (std::size_t k = 0; k < backtests.size(); ++k) {
    for (const auto& point : backtests[k].points) {
      if (point.origin < middle) continue;
      ++count;
      if (std::abs(point.actual - point.forecast) <= half_widths[k]) ++inside;
    }
  }
  if (count < kEnoughForCoverage) return std::nullopt;
  return static_cast<double>(inside) / static_cast<double>(count);
}

/// What was chosen: the model as it was before the first value, and why.
struct Choice {
  ModelType type = ModelType::kExponentialSmoothing;
  std::variant<SeasonalNaive, ExponentialSmoothing> blank;
  std::size_t season = 0;
  std::string reason;
};

template <Model M>
M Fitted(M model, std::span<const double> values) {
  for (const double value : values) model.Update(value);
  return model;
}

std::vector<HorizonBacktest> BacktestOf(const Choice& choice, std::span<const double> values, std::size_t first_origin,
                                        std::span<const std::size_t> steps) {
  return std::visit([&](const auto& model) { return Backtest(model, values, first_origin, steps); }, choice.blank);
}

/// With `naive_alone`, seasonal naive is the one candidate.
Choice Choose(const Prepared& prepared, std::size_t first_origin, std::span<const std::size_t> scored,
              bool naive_alone) {
  const std::size_t season = prepared.season;
  if (std::ranges::all_of(prepared.values, [&](double v) { return std::isnan(v) || v == prepared.values.back(); })) {
    return {ModelType::kConstant, SeasonalNaive(0), 0, "every value of the history is the same"};
  }
  if (prepared.known < kEnoughToSearch || scored.empty()) {
    return {ModelType::kExponentialSmoothing, ExponentialSmoothing({}, 0), 0,
            fmt::format("only {} values so far: simple smoothing serves until {} allow a choice by backtest",
                        prepared.known, kEnoughToSearch)};
  }

  if (naive_alone) return {ModelType::kSeasonalNaive, SeasonalNaive(season), season, ""};

  const std::span values(prepared.values);
  std::vector<std::size_t> searched(scored.begin(), scored.end());
  if (searched.size() > kMostSearched) searched = {scored.front(), scored[scored.size() / 2], scored.back()};
  const auto early = values.first(first_origin + 1);
  searched = Reachable(std::move(searched), early.size() / 4);
  std::vector<Choice> candidates;
  candidates.push_back({ModelType::kSeasonalNaive, SeasonalNaive(season), season, ""});
  if (season > 0) {
    candidates.push_back({ModelType::kExponentialSmoothing,
                          ExponentialSmoothing(FindSmoothingParameters(early, season, searched), season), season, ""});
  }
  candidates.push_back(
      {ModelType::kExponentialSmoothing, ExponentialSmoothing(FindSmoothingParameters(early, 0, searched), 0), 0, ""});

  std::vector<double> errors;
  std::size_t origins = 0;
  for (const auto& candidate : candidates) {
    const auto backtests = BacktestOf(candidate, values, first_origin, scored);
    errors.push_back(MeanAbsoluteError(backtests));
    for (const auto& backtest : backtests) origins = std::max(origins, backtest.points.size());
  }
  const auto best = static_cast<std::size_t>(std::ranges::min_element(errors) - errors.begin());
  auto choice = std::move(candidates[best]);
  const std::string_view yardstick = season > 0 ? "the same time yesterday" : "the last value";
  if (best == 0) {
    choice.reason = fmt::format("no model beat {} over {} backtest origins, so that serves", yardstick, origins);
  } else {
    choice.reason =
        fmt::format("{} had {:.0f} % less absolute error than {} over {} backtest origins",
                    choice.season > 0 ? "exponential smoothing with a daily season" : "exponential smoothing",
                    100.0 * (1.0 - errors[best] / errors[0]), yardstick, origins);
  }
  return choice;
}

/// The ensemble, where there is history for it and it errs less than the same time yesterday; else empty.
std::optional<EnsembleForecaster::Judged> FitEnsemble(const Prepared& prepared, const Grid& grid,
                                                      std::span<const std::size_t> wanted, double level) {
  const auto day = static_cast<std::size_t>(std::chrono::days{1} / grid.step);
  if (day < DayShape::kLeastDay || prepared.values.size() < EnsembleForecaster::kLeastDays * day) return std::nullopt;
  if (static_cast<double>(prepared.known) < kKnownShare * static_cast<double>(EnsembleForecaster::kLeastDays * day)) {
    return std::nullopt;
  }
  auto judged = EnsembleForecaster::FitAndJudge(prepared.values, day, wanted, level);
  if (!judged || judged->forecaster.backtest_origins() == 0) return std::nullopt;
  if (!(MeanAbsoluteError(judged->ensemble) < MeanAbsoluteError(judged->yesterday))) return std::nullopt;
  return *std::move(judged);
}

/// Says in `summary` that the ensemble serves, and how it did.
void Describe(const EnsembleForecaster::Judged& judged, const Prepared& prepared, SeriesForecast& summary) {
  const double error = MeanAbsoluteError(judged.ensemble);
  summary.model_type = ModelType::kEnsemble;
  summary.season_length = judged.forecaster.steps_a_day();
  summary.reason = fmt::format(
      "a weighted median of {} forecasts had {:.0f} % less absolute error than the same time "
      "yesterday over {} backtest origins",
      kMembers, 100.0 * (1.0 - error / MeanAbsoluteError(judged.yesterday)), judged.forecaster.backtest_origins());
  auto& metrics = summary.metrics;
  metrics = {};
  for (const auto& backtest : judged.ensemble) metrics.origins = std::max(metrics.origins, backtest.points.size());
  metrics.mae = std::min(error * prepared.unit, std::numeric_limits<double>::max());
  if (const double scale = NaiveScale(prepared); scale > 0.0) metrics.mase = error / scale;
  metrics.smape = SymmetricPercentageError(judged.ensemble, prepared.never_negative);
  if (judged.judged >= kEnoughForCoverage) metrics.coverage = judged.inside / judged.judged;
}

}  // namespace

Result<FittedForecaster> FitForecaster(std::span<const Sample> history, const ForecastOptions& options) {
  HELIOS_CHECK(CheckOptions(options.horizons, options.level));
  HELIOS_CHECK(CheckHistory(history));
  std::vector<Sample> finite;
  finite.reserve(history.size());
  for (const auto& sample : history) {
    if (std::isfinite(sample.value)) finite.push_back(sample);
  }
  auto [oldest, newest] = std::ranges::minmax(finite, {}, &Sample::time);
  const auto origin = newest.time;
  LocalClock clock;
  if (options.clock.ChangesWithin(oldest.time, newest.time + kMaxHorizon)) {
    clock = options.clock;
    finite = ToLocalTimes(finite, clock);
    const auto local = std::ranges::minmax(finite, {}, &Sample::time);
    oldest = local.min;
    newest = local.max;
  }
  const auto spacing = InferStep(finite);
  const auto grid = ToGrid(finite, spacing, WorkingStep(spacing, newest.time - oldest.time));
  const auto prepared = Prepare(finite, grid);
  const std::span values(prepared.values);
  const std::size_t last = values.size() - 1;

  // The first of the held-back origins. Fixed weights have nothing to search, so all origins are held back.
  std::size_t first_origin = 0;
  if (prepared.known >= kEnoughToSearch) {
    first_origin = static_cast<std::size_t>(kSearchedShare * static_cast<double>(values.size()));
    first_origin = std::max(first_origin, prepared.season + prepared.season / 2);
  }
  const std::size_t longest = last > first_origin ? last - first_origin : 0;
  const auto wanted = HorizonSteps(options.horizons, grid.step, kMostScored);
  const auto scored = Reachable(wanted, longest);
  const auto ensemble = FitEnsemble(prepared, grid, wanted, options.level);
  // Beyond the ensemble's day another model serves; it is worth choosing where somebody asks for that.
  const bool within_a_day = wanted.back() * grid.step <= std::chrono::days{1};
  const auto choice = Choose(prepared, first_origin, scored, ensemble.has_value() && within_a_day);

  const auto anchors = Anchors(scored, std::min(longest, wanted.back()));
  const auto backtests = BacktestOf(choice, values, first_origin, anchors);
  const double floor = std::max(kLeastColdError * prepared.largest, prepared.known < 3 ? prepared.spread : 0.0);
  const Calibration calibration(backtests, floor, first_origin, last);

  SeriesForecast summary;
  summary.origin = origin;
  summary.model_type = choice.type;
  summary.reason = choice.reason;
  summary.season_length = choice.season;
  summary.step = grid.step;
  summary.history_samples = grid.samples_used;
  summary.history_span = newest.time - grid.oldest_sample;
  std::vector<HorizonBacktest> judged;
  for (const auto& backtest : backtests) {
    if (std::ranges::binary_search(scored, backtest.steps)) judged.push_back(backtest);
    if (judged.size() > 0) summary.metrics.origins = std::max(summary.metrics.origins, judged.back().points.size());
  }
  if (const double error = MeanAbsoluteError(judged); std::isfinite(error)) {
    auto& metrics = summary.metrics;
    metrics.mae = std::min(error * prepared.unit, std::numeric_limits<double>::max());
    if (const double scale = NaiveScale(prepared); scale > 0.0) metrics.mase = error / scale;
    metrics.smape = SymmetricPercentageError(judged, prepared.never_negative);
    metrics.coverage = MeasureCoverage(judged, options.level, floor, first_origin, last);
  }

  auto fitted =
      std::visit([&](const auto& model) { return FittedForecaster::Fitted(Fitted(model, values)); }, choice.blank);
  std::shared_ptr<const EnsembleForecaster> served;
  if (ensemble && summary.model_type != ModelType::kConstant) {
    Describe(*ensemble, prepared, summary);
    served = std::make_shared<const EnsembleForecaster>(ensemble->forecaster);
  }
  const FittedForecaster::Window window{.from = grid.oldest_sample,
                                        .to = newest.time,
                                        .origin = origin,
                                        .spacing = spacing,
                                        .steps = grid.values.size(),
                                        .samples = grid.samples_used};
  return FittedForecaster(std::move(summary), std::move(fitted), calibration, prepared.unit, prepared.never_negative,
                          std::move(served), window, std::move(clock));
}

}  // namespace helios::ml
