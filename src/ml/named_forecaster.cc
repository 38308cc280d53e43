// SPDX-License-Identifier: Apache-2.0
#include "ml/named_forecaster.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ml/internal/aligned_values.h"
#include "ml/internal/check_options.h"
#include "ml/model_choice.h"
#include "ml/xgboost_model.h"

namespace helios::ml {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 5> kNames = {"exponential_smoothing", "theta", "mstl", "prophet", "xgboost"};
constexpr std::size_t kMostOrder = 50;

Result<void> Check(const NamedForecasterOptions& options) {
  const auto refuse = [](std::string_view why) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_model_options", "cannot fit a named model: {}", why);
  };
  if (options.models.empty()) return refuse("no model is named");
  for (const auto& name : options.models) {
    if (std::ranges::find(kNames, name) == kNames.end()) return refuse(fmt::format("there is no model '{}'", name));
  }
  for (std::size_t i = 0; i < options.seasons.size(); ++i) {
    const auto& season = options.seasons[i];
    if (season.period.count() < 1) return refuse("a season must last a minute at least");
    if (i > 0 && season.period <= options.seasons[i - 1].period) return refuse("seasons must ascend");
    if (season.order && (*season.order < 1 || *season.order > kMostOrder)) return refuse("a season's order is 1 to 50");
  }
  const auto fine = [](std::chrono::minutes h) { return h.count() >= 1 && h <= NamedForecaster::kLongestHorizon; };
  if (options.horizons.empty() || !std::ranges::all_of(options.horizons, fine)) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon",
                "cannot fit a named model: a horizon is missing or out of range; want each in [1, {}] minutes",
                NamedForecaster::kLongestHorizon.count());
  }
  return {};
}

/// The options for a history on this step.
ModelOptions OptionsAt(milliseconds step, const NamedForecasterOptions& options) {
  ModelOptions made;
  made.prophet.holidays = options.holidays;
  if (options.seasons.empty()) return made;
  made.prophet.yearly = 0;
  made.prophet.weekly = 0;
  made.prophet.daily = 0;
  for (const auto& season : options.seasons) {
    const auto steps = static_cast<std::size_t>(season.period / step);
    if (steps < 2) continue;
    if (made.seasons.empty() || made.seasons.back() < steps) made.seasons.push_back(steps);
    const std::size_t usual = season.period >= std::chrono::days{7} ? 3 : 4;
    made.prophet.seasonalities.push_back(
        {.period_days = std::chrono::duration<double, std::ratio<86'400>>(season.period).count(),
         .order = std::min(season.order.value_or(usual), std::max<std::size_t>(1, steps / 2)),
         .prior_scale = {},
         .mode = {}});
  }
  return made;
}

std::vector<ModelCandidate> CandidatesAt(milliseconds step, const NamedForecasterOptions& options) {
  const ModelOptions model_options = OptionsAt(step, options);
  std::vector<ModelCandidate> candidates;
  for (const std::string& name : options.models) {
    if (name == "xgboost") {
      candidates.push_back(
          {.name = name, .fit = [](const RegularHistory& history) { return FitXgboost(history, {}); }});
      continue;
    }
    const auto model = std::ranges::find(kNamedModels, name, NamedModelName);
    candidates.push_back(CandidateOf(*model, model_options));
  }
  candidates.push_back({.name = "ensemble", .fit = FitEnsemble});
  return candidates;
}

/// Mean distance of values `lag` steps apart; none where nothing can be compared.
std::optional<double> MeanStep(std::span<const double> values, std::size_t lag) {
  double mean = 0.0;
  double count = 0.0;
  for (std::size_t i = lag; i < values.size(); ++i) {
    if (std::isnan(values[i]) || std::isnan(values[i - lag])) continue;
    count += 1.0;
    mean += (std::abs(values[i] - values[i - lag]) - mean) / count;
  }
  return count > 0.0 && std::isfinite(mean) ? std::optional(mean) : std::nullopt;
}

std::string IdentifierOf(const std::string& name) {
  return name == "weighted median" ? "weighted_median" : name;
}

double Between(std::span<const double> at, double steps) {
  const double below = std::floor(steps);
  const auto i = static_cast<std::size_t>(below) - 1;  // row 0 is a step ahead
  if (steps == below || i + 1 >= at.size()) return at[i];
  return std::lerp(at[i], at[i + 1], steps - below);
}

}  // namespace

std::span<const std::string_view> NamedForecaster::ModelNames() {
  return kNames;
}

Result<NamedForecaster> NamedForecaster::Fit(std::span<const Sample> history, const NamedForecasterOptions& options) {
  HELIOS_CHECK(Check(options));
  const auto local = ToLocalTimes(history, options.clock);
  const auto spacing = InferStep(local);
  const auto [oldest, newest] = std::ranges::minmax(local.empty() ? std::vector<Sample>{{}} : local, {}, &Sample::time);
  const Grid grid = ToGrid(local, spacing, WorkingStep(spacing, newest.time - oldest.time));
  if (grid.samples_used < kMinHistorySamples) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot fit a named model: there are too few finite samples; got {}; want at least {}",
                grid.samples_used, kMinHistorySamples);
  }
  const milliseconds longest = *std::ranges::max_element(options.horizons);
  const auto steps = static_cast<std::size_t>((longest + grid.step - milliseconds{1}) / grid.step);
  const auto candidates = CandidatesAt(grid.step, options);
  HELIOS_TRY(auto choice, ChooseModel({.first = grid.first, .step = grid.step, .values = grid.values}, candidates,
                                      {.steps = steps}));

  const auto day = static_cast<std::size_t>(std::chrono::days{1} / grid.step);
  const std::size_t season = day >= 2 && grid.values.size() >= 2 * day ? day : 0;
  NamedForecaster made;
  made.model_ = std::move(choice.model);
  made.clock_ = options.clock;
  made.newest_ = grid.TimeAt(grid.values.size() - 1);
  made.spacing_ = spacing;
  made.description_ = {.model_type = IdentifierOf(choice.name),
                       .reason = std::move(choice.reason),
                       .metrics = {.mase = {}, .smape = {}, .mae = choice.error, .coverage = {}},
                       .trained_from = options.clock.ToUtc(grid.oldest_sample),
                       .trained_to = options.clock.ToUtc(made.newest_),
                       .step = grid.step,
                       .season_length = season,
                       .history_samples = grid.samples_used};
  for (const auto& score : choice.scores) {
    made.description_.metrics.origins = std::max(made.description_.metrics.origins, score.origins);
  }
  const auto scale = MeanStep(grid.values, season > 0 ? season : 1);
  if (choice.error && scale && *scale > 0.0) made.description_.metrics.mase = *choice.error / *scale;
  return made;
}

Result<SeriesForecast> NamedForecaster::Forecast(std::span<const std::chrono::minutes> horizons, double level) const {
  HELIOS_CHECK(CheckOptions(horizons, level));
  const TimestampMs from = origin();
  const milliseconds step = description_.step;
  const double day = static_cast<double>(std::chrono::days{1} / step);
  std::vector<double> distances;
  for (const auto horizon : horizons) {
    const std::chrono::duration<double, std::milli> distance = clock_.ToLocal(from + horizon) - newest_;
    double steps = std::max(1.0, distance.count() / static_cast<double>(step.count()));
    // A day from the newest sample is a little more than a day from the newest whole step.
    if (day >= 1.0 && steps > day && steps < day + 1.0) steps = day;
    distances.push_back(steps);
  }
  const double outside = 0.5 * (1.0 - level);
  const double probabilities[] = {outside, 1.0 - outside};
  HELIOS_TRY(const auto said,
             model_->Forecast(static_cast<std::size_t>(std::ceil(std::ranges::max(distances))), probabilities));
  SeriesForecast forecast{.origin = from,
                          .model_type = ModelType::kNamed,
                          .named_model = description_.model_type,
                          .reason = description_.reason,
                          .season_length = description_.season_length,
                          .step = step,
                          .metrics = description_.metrics,
                          .history_samples = description_.history_samples,
                          .history_span = description_.trained_to - description_.trained_from,
                          .points = {}};
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    ForecastPoint point{.time = from + horizons[i], .horizon = horizons[i], .value = Between(said.value, distances[i])};
    point.lower = std::min(point.value, Between(said.quantiles[0], distances[i]));
    point.upper = std::max(point.value, Between(said.quantiles[1], distances[i]));
    forecast.points.push_back(point);
  }
  return forecast;
}

Result<void> NamedForecaster::Append(std::span<const Sample> newer) {
  HELIOS_TRY(const auto aligned,
             AlignValues(newer, clock_, {.anchor = newest_, .step = description_.step, .spacing = spacing_}, 1));
  if (aligned.values.empty()) return {};
  for (std::int64_t gap = 1; gap < aligned.first; ++gap) model_->Append(std::nan(""));
  for (const double value : aligned.values) model_->Append(value);
  newest_ += description_.step * (aligned.first - 1 + static_cast<std::int64_t>(aligned.values.size()));
  return {};
}

}  // namespace helios::ml
