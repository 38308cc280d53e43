// SPDX-License-Identifier: Apache-2.0
#include "ml/xgboost_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ml/internal/artifact_errors.h"
#include "ml/internal/models/fitted_models.h"
#include "ml/internal/state_bytes.h"

namespace helios::ml {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "an XGBoost model";
/// Share of the history that trees learn from; the rest calibrates.
constexpr double kLearntShare = 0.8;
/// Origins that intervals are calibrated at, of one series and of all together.
constexpr std::size_t kMostOrigins = 64;
constexpr std::size_t kMostOriginsTogether = 640;
constexpr std::size_t kLeastOrigins = 8;
/// Targets learnt from each series, however many there are.
constexpr std::size_t kLeastTargets = 64;
constexpr std::size_t kLeastRows = 50;
/// Horizons that intervals are calibrated at, in steps of a fine and of a coarse day.
constexpr std::size_t kFineHorizons[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 36, 54, 80, 120, 160, 200, 240, 288};
constexpr std::size_t kFineDay = 144;
constexpr std::size_t kCoarseHorizons[] = {1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 36, 48, 72, 96, 120};
/// 1970-01-05, a Monday.
constexpr std::chrono::milliseconds kMonday = std::chrono::days{4};

std::vector<std::size_t> HorizonsOf(std::size_t day) {
  std::vector<std::size_t> horizons;
  const auto add = [&](std::size_t horizon) {
    if (horizon < day) horizons.push_back(horizon);
  };
  if (day >= kFineDay) {
    std::ranges::for_each(kFineHorizons, add);
  } else {
    std::ranges::for_each(kCoarseHorizons, add);
  }
  horizons.push_back(day);
  return horizons;
}

Result<void> CheckOptions(const XgboostOptions& options) {
  if (options.rounds < 1 || options.rounds > 2'000 || options.depth < 1 || options.depth > 12 ||
      !(options.learning_rate > 0.0 && options.learning_rate <= 1.0) || options.most_rows < 100) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_model_options",
                "cannot fit XGBoost: an option is out of range; want 1 to 2000 rounds, a depth of 1 to 12, a learning "
                "rate of at most 1, at least 100 rows");
  }
  return {};
}

/// The history's features, where it can be used; with scalings that were kept, or none.
Result<LagFeatures> FeaturesOf(const MetricHistory& history, std::span<const LagFeatures::Scaling> scalings) {
  constexpr std::chrono::milliseconds kDay = std::chrono::days{1};
  if (history.step.count() <= 0 || kDay % history.step != std::chrono::milliseconds{0} || kDay / history.step < 3) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_step",
                "cannot use XGBoost: the step does not divide a day; got {} ms; want at most 8 hours",
                history.step.count());
  }
  if (history.series.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_frame", "cannot use XGBoost: there is no series");
  }
  const std::size_t size = history.series.front().size();
  for (const auto values : history.series) {
    if (values.size() != size) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_frame",
                  "cannot use XGBoost: series differ in length; got {} and {} values", size, values.size());
    }
    if (std::ranges::any_of(values, [](double value) { return std::isinf(value); })) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_value",
                  "cannot use XGBoost: a value is infinite; want finite ones, NaN for unknown");
    }
  }
  const auto day = static_cast<std::size_t>(kDay / history.step);
  if (const std::size_t least = std::max(XgboostModel::kLeastDays * day, 2 * LagFeatures::kLags); size < least) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot use XGBoost: the history is too short; got {} values; want {}", size, least);
  }
  constexpr std::chrono::milliseconds kWeek = std::chrono::days{7};
  // Before 1970 weeks count on, dates do not.
  auto since = history.first.time_since_epoch() - kMonday;
  if (since.count() < 0) since = (since % kWeek + kWeek) % kWeek;
  return LagFeatures(history.series, day, static_cast<std::size_t>(since / history.step), scalings);
}

struct Rows {
  std::vector<float> features;
  std::vector<float> targets;
};

/// Rows whose targets lie before `end`, evenly spaced.
Rows LearntRows(const LagFeatures& features, std::size_t end, std::size_t most) {
  Rows rows;
  const std::size_t first = features.first_target();
  const std::size_t wanted = std::max(kLeastTargets, most / features.series());
  // Odd, so that a series that alternates is seen at both phases.
  const std::size_t stride = end - first <= wanted ? 1 : ((end - first) / wanted) | 1U;
  for (std::size_t s = 0; s < features.series(); ++s) {
    for (std::size_t t = first; t < end; t += stride) {
      if (!features.Known(s, t)) continue;
      const LagFeatures::Path path(features, s, t - 1);
      const auto row = path.Next();
      rows.features.insert(rows.features.end(), row.begin(), row.end());
      rows.targets.push_back(static_cast<float>(features.Scaled(s, t) - path.Level()));
    }
  }
  return rows;
}

/// Moves each of `paths` a step on by its forecast, never below `limit`, and notes the forecasts in `values`.
Result<void> Step(const BoostedTrees& trees, std::span<LagFeatures::Path> paths, double limit,
                  std::vector<double>& values) {
  std::vector<float> rows;
  rows.reserve(paths.size() * LagFeatures::kCount);
  for (const auto& path : paths) {
    const auto row = path.Next();
    rows.insert(rows.end(), row.begin(), row.end());
  }
  HELIOS_TRY(const auto said, trees.Predict(rows, LagFeatures::kCount));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    values[i] = std::max(limit, static_cast<double>(said[i]) + paths[i].Level());
    paths[i].Push(values[i]);
  }
  return {};
}

/// Absolute errors of one series, by horizon.
using Errors = std::vector<std::vector<float>>;

/// Errors of forecasts by `trees` from `wanted` origins, evenly spaced from `begin` on.
Result<Errors> UnseenErrors(const LagFeatures& features, std::size_t series, const BoostedTrees& trees,
                            std::span<const std::size_t> horizons, std::size_t begin, std::size_t wanted,
                            double limit) {
  const std::size_t range = features.size() - begin;
  const std::size_t stride = range <= wanted ? 1 : (range / wanted) | 1U;
  std::vector<LagFeatures::Path> paths;
  std::vector<std::size_t> origins;
  for (std::size_t origin = begin; origin + 1 < features.size(); origin += stride) {
    if (!features.Known(series, origin)) continue;
    paths.emplace_back(features, series, origin);
    origins.push_back(origin);
  }
  Errors errors;
  std::vector<double> values(paths.size());
  std::size_t step = 0;
  for (const auto horizon : horizons) {
    auto& at = errors.emplace_back();
    // Origins ascend: those whose target is not there yet are the last.
    while (!origins.empty() && origins.back() + horizon >= features.size()) {
      origins.pop_back();
      paths.pop_back();
    }
    for (; step < horizon && !paths.empty(); ++step) HELIOS_CHECK(Step(trees, paths, limit, values));
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const std::size_t t = origins[i] + horizon;
      if (features.Known(series, t)) at.push_back(static_cast<float>(std::abs(features.Scaled(series, t) - values[i])));
    }
  }
  return errors;
}

std::vector<char> NeverNegative(const MetricHistory& history) {
  std::vector<char> never;
  for (const auto values : history.series) {
    never.push_back(std::ranges::none_of(values, [](double value) { return value < 0.0; }) ? 1 : 0);
  }
  return never;
}

/// What forecasts of a series may not fall below.
double LimitOf(char never_negative) {
  return never_negative != 0 ? 0.0 : -std::numeric_limits<double>::infinity();
}

/// XgboostModel's only series.
class SingleXgboost final : public FittedModel {
 public:
  explicit SingleXgboost(XgboostModel model) : model_(std::move(model)) {}

  void Append(double value) override { model_.Append({&value, 1}); }
  [[nodiscard]] Result<QuantileForecast> Forecast(std::size_t steps,
                                                  std::span<const double> probabilities) const override {
    return model_.Forecast(0, steps, probabilities);
  }
  [[nodiscard]] std::unique_ptr<FittedModel> Clone() const override { return std::make_unique<SingleXgboost>(*this); }
  [[nodiscard]] Result<std::string> Save() const override {
    StateWriter writer;
    writer(kModelVersion, StoredModel::kXgboost);
    HELIOS_TRY(const auto bytes, model_.Bytes());
    return writer.Take() + bytes;
  }
  [[nodiscard]] TimestampMs origin() const override { return model_.origin(); }
  [[nodiscard]] std::chrono::milliseconds step() const override { return model_.step(); }

 private:
  XgboostModel model_;
};

}  // namespace

XgboostModel::XgboostModel(LagFeatures features, BoostedTrees trees, ConformalWidths widths,
                           const MetricHistory& history)
    : features_(std::move(features)),
      trees_(std::move(trees)),
      widths_(std::move(widths)),
      fitted_to_(history.first + history.step * static_cast<long>(features_.size() - 1)),
      origin_(fitted_to_),
      step_(history.step),
      never_negative_(NeverNegative(history)) {}

bool XgboostModel::Available() {
  return BoostedTrees::Available();
}

Result<XgboostModel> XgboostModel::Fit(const MetricHistory& history, const XgboostOptions& options) {
  HELIOS_CHECK(CheckOptions(options));
  HELIOS_TRY(auto features, FeaturesOf(history, {}));
  const auto horizons = HorizonsOf(features.day());
  const auto split = static_cast<std::size_t>(kLearntShare * static_cast<double>(features.size()));
  auto rows = LearntRows(features, split, options.most_rows);
  if (rows.targets.size() < kLeastRows) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot fit XGBoost: too few values are known; they make {} rows to learn from; want at least {}",
                rows.targets.size(), kLeastRows);
  }
  const BoostedTreesOptions how{
      .rounds = options.rounds, .depth = options.depth, .learning_rate = options.learning_rate};
  HELIOS_TRY(const auto earlier, BoostedTrees::Train(rows.features, rows.targets, how));
  const auto never_negative = NeverNegative(history);
  const std::size_t origins = std::clamp(kMostOriginsTogether / features.series(), kLeastOrigins, kMostOrigins);
  std::vector<Errors> errors;
  for (std::size_t s = 0; s < features.series(); ++s) {
    HELIOS_TRY(auto own, UnseenErrors(features, s, earlier, horizons, split, origins, LimitOf(never_negative[s])));
    errors.push_back(std::move(own));
  }
  ConformalWidths widths(horizons, errors);
  if (!widths.measured()) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot fit XGBoost: no value of the newest fifth of the history is known");
  }
  rows = LearntRows(features, features.size(), options.most_rows);
  HELIOS_TRY(auto trees, BoostedTrees::Train(rows.features, rows.targets, how));
  return XgboostModel(std::move(features), std::move(trees), std::move(widths), history);
}

void XgboostModel::Append(std::span<const double> values) {
  features_.Append(values);
  origin_ += step_;
  for (std::size_t s = 0; s < values.size(); ++s) {
    if (values[s] < 0.0) never_negative_[s] = 0;
  }
}

Result<QuantileForecast> XgboostModel::Forecast(std::size_t series, std::size_t steps,
                                                std::span<const double> probabilities) const {
  if (series >= features_.series() || steps < 1 || steps > features_.day()) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon",
                "cannot forecast: series {} or {} steps are out of range; want less than {} and 1 to {}", series, steps,
                features_.series(), features_.day());
  }
  double before = 0.0;
  for (const double probability : probabilities) {
    if (!(probability > 0.0 && probability < 1.0 && probability >= before)) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_level",
                  "cannot forecast: a probability is out of range; got {}; want ascending ones between 0 and 1",
                  probability);
    }
    before = probability;
  }
  std::vector<LagFeatures::Path> path;
  path.emplace_back(features_, series, features_.size() - 1);
  const double limit = LimitOf(never_negative_[series]);
  std::vector<double> value(1);
  std::vector<double> values;
  for (std::size_t h = 0; h < steps; ++h) {
    HELIOS_CHECK(Step(trees_, path, limit, value));
    values.push_back(value.front());
  }
  const auto to_unit = [&](double scaled) { return Finite(features_.ToUnit(series, std::max(limit, scaled))); };
  QuantileForecast forecast;
  for (const double scaled : values) forecast.value.push_back(to_unit(scaled));
  for (const double probability : probabilities) {
    auto& quantiles = forecast.quantiles.emplace_back(forecast.value);
    const double level = std::abs(2.0 * probability - 1.0);
    if (!(level > 0.0)) continue;
    for (std::size_t h = 0; h < steps; ++h) {
      quantiles[h] = to_unit(values[h] + std::copysign(widths_.HalfWidth(series, h + 1, level), probability - 0.5));
    }
  }
  return forecast;
}

Result<std::string> XgboostModel::Bytes() const {
  StateWriter writer;
  writer(kVersion, fitted_to_, step_, features_.scalings());
  auto bytes = writer.Take();
  widths_.AppendTo(bytes);
  HELIOS_TRY(const auto trees, trees_.Bytes());
  return bytes + trees;
}

Result<XgboostModel> XgboostModel::FromBytes(std::string_view bytes, const MetricHistory& history) {
  StateReader reader(bytes);
  std::uint8_t version = 0;
  reader(version);
  if (!reader.ok() || version == 0) return BadArtifact(kWhat, "it has no version");
  if (version > kVersion) return NewerFormat(kWhat, version, kVersion);
  TimestampMs fitted_to{};
  std::chrono::milliseconds step{0};
  std::vector<LagFeatures::Scaling> scalings;
  reader(fitted_to, step, scalings);
  const auto sane = [](const auto& scaling) { return scaling.unit > 0.0 && scaling.scale > 0.0; };
  if (!reader.ok() || step.count() <= 0 || !std::ranges::all_of(scalings, sane))
    return BadArtifact(kWhat, "its scales are not those of one");
  bytes = reader.rest();
  auto widths = ConformalWidths::TakeFrom(bytes);
  if (!widths) return BadArtifact(kWhat, widths.error());
  if (widths->series() != history.series.size() || scalings.size() != history.series.size()) {
    return BadArtifact(kWhat, "it was made for another number of series");
  }
  if (history.step != step || (history.first - fitted_to) % step != std::chrono::milliseconds{0}) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_step",
                "cannot use XGBoost: the history is not on the model's grid; got a step of {} ms; want {}",
                history.step.count(), step.count());
  }
  // What the fit saw, or as much as there is of it; all, where that is too little to start from.
  const std::size_t size = history.series.front().size();
  const auto least = std::max(static_cast<std::int64_t>(kLeastDays * (std::chrono::days{1} / step)),
                              static_cast<std::int64_t>(2 * LagFeatures::kLags));
  const auto before =
      static_cast<std::size_t>(std::max((fitted_to - history.first) / step + 1, static_cast<std::int64_t>(least)));
  MetricHistory seen{.first = history.first, .step = history.step, .series = {}};
  for (const auto values : history.series) seen.series.push_back(values.first(std::min(before, values.size())));
  HELIOS_TRY(auto features, FeaturesOf(seen, scalings));
  HELIOS_TRY(auto trees, BoostedTrees::FromBytes(bytes));
  XgboostModel model(std::move(features), std::move(trees), *std::move(widths), seen);
  model.fitted_to_ = fitted_to;
  std::vector<double> values(history.series.size());
  for (std::size_t t = before; t < size; ++t) {
    for (std::size_t s = 0; s < values.size(); ++s) {
      if (t >= history.series[s].size()) {
        return Fail(ErrorCode::kInvalidArgument, "inference.bad_frame", "cannot use XGBoost: series differ in length");
      }
      values[s] = history.series[s][t];
    }
    model.Append(values);
  }
  return model;
}

Result<std::unique_ptr<FittedModel>> RestoreXgboost(std::string_view bytes, const RegularHistory& history) {
  HELIOS_TRY(auto model, XgboostModel::FromBytes(
                             bytes, {.first = history.first, .step = history.step, .series = {history.values}}));
  return std::make_unique<SingleXgboost>(std::move(model));
}

Result<std::unique_ptr<FittedModel>> FitXgboost(const RegularHistory& history, const XgboostOptions& options) {
  HELIOS_TRY(auto model,
             XgboostModel::Fit({.first = history.first, .step = history.step, .series = {history.values}}, options));
  return std::make_unique<SingleXgboost>(std::move(model));
}

}  // namespace helios::ml
