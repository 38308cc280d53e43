// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ml/forecast.h"
#include "ml/internal/artifact_errors.h"
#include "ml/internal/artifact_sections.h"
#include "ml/internal/state_bytes.h"
#include "ml/model_description.h"

namespace helios::ml {
namespace {

using std::chrono::milliseconds;

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "a forecaster";
constexpr std::size_t kMostNewerSteps = 1'000'000;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Weights and season of the model beside the ensemble; its state follows from the history.
struct BaseModel {
  bool smoothing = false;  // else seasonal naive
  std::size_t season = 0;
  SmoothingParameters parameters;

  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    auto& p = self.parameters;
    f(self.smoothing, self.season, p.level, p.trend, p.damping, p.season, p.transient, p.memory);
  }
  [[nodiscard]] bool Valid() const {
    const auto share = [](double value) { return value >= 0.0 && value <= 1.0; };
    const auto& p = parameters;
    return season <= kMaxGridPoints && share(p.level) && share(p.trend) && share(p.damping) && p.damping < 1.0 &&
           share(p.season) && share(p.transient) && share(p.memory) && p.memory < 1.0;
  }
};

bool InYears(TimestampMs time) {
  return time >= TimestampMs{milliseconds{-62'135'596'800'000}} &&  // 0001-01-01
         time <= TimestampMs{milliseconds{253'402'300'799'999}};    // 9999-12-31
}

}  // namespace

Result<std::vector<double>> FittedForecaster::NewerValues(std::span<const Sample> newer) {
  // As ToGrid() fills its buckets, but forwards from an origin that stays.
  const auto step = summary_.step;
  const auto half = std::min(window_.spacing, step) / 2;
  auto newest = newest_;
  for (const auto& sample : newer) {
    if (!std::isfinite(sample.value)) continue;
    if (!InYears(sample.time)) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_timestamp",
                  "cannot take a sample in: its time is outside the years 1 to 9999; got {} ms since 1970",
                  ToUnixMs(sample.time));
    }
    newest = std::max(newest, clock_.ToLocal(sample.time));
  }
  const auto size = static_cast<std::size_t>((newest - newest_ + half) / step);
  if (size > kMostNewerSteps) {
    return Fail(ErrorCode::kFailedPrecondition, "ml.stale_model",
                "cannot take samples in: they lie too far after the model's origin; got {} steps; want at most {}",
                size, kMostNewerSteps);
  }
  std::vector<double> values(size, 0.0);
  std::vector<std::uint32_t> counts(size, 0);
  for (const auto& sample : newer) {
    if (!std::isfinite(sample.value)) continue;
    const auto after = clock_.ToLocal(sample.time) - newest_ - half;
    if (after.count() <= 0) continue;
    const auto bucket = static_cast<std::size_t>((after.count() - 1) / step.count());
    if (bucket >= size) continue;
    values[bucket] += sample.value / unit_;
    ++counts[bucket];
    ++summary_.history_samples;
    if (sample.value < 0.0) never_negative_ = false;
  }
  for (std::size_t i = 0; i < size; ++i) {
    values[i] = counts[i] == 0 ? kNan : values[i] / counts[i];
    if (!std::isfinite(values[i])) values[i] = kNan;  // beyond double's range in this series' unit
  }
  newest_ += step * static_cast<long>(size);
  summary_.origin = clock_.ToUtc(newest_);
  summary_.history_span = newest_ - window_.from;
  return values;
}

Result<void> FittedForecaster::Append(std::span<const Sample> newer) {
  HELIOS_TRY(const auto values, NewerValues(newer));
  if (values.empty()) return {};
  std::visit(
      [&](auto& model) {
        for (const double value : values) model.Update(value);
      },
      model_);
  if (ensemble_ != nullptr) {
    // Others may hold the same one.
    auto ensemble = std::make_shared<EnsembleForecaster>(*ensemble_);
    for (const double value : values) ensemble->Append(value);
    ensemble_ = std::move(ensemble);
  }
  return {};
}

std::string FittedForecaster::Save() const {
  const ModelDescription description{.model_type = std::string(ModelTypeName(summary_.model_type)),
                                     .reason = summary_.reason,
                                     .metrics = summary_.metrics,
                                     .trained_from = clock_.ToUtc(window_.from),
                                     .trained_to = window_.origin,
                                     .step = summary_.step,
                                     .season_length = summary_.season_length,
                                     .history_samples = window_.samples};
  BaseModel base;
  if (const auto* smoothing = std::get_if<ExponentialSmoothing>(&model_)) {
    base = {.smoothing = true, .season = smoothing->season(), .parameters = smoothing->parameters()};
  } else {
    base.season = std::get<SeasonalNaive>(model_).season();
  }
  StateWriter writer;
  writer(kVersion, summary_.model_type, clock_, window_.from, window_.to, window_.spacing, window_.steps, unit_,
         never_negative_, base, calibration_);
  std::string part;
  AppendSection(part, Section::kDescription, WriteDescription(description));
  AppendSection(part, Section::kForecaster, writer.Take());
  if (ensemble_ != nullptr) AppendSection(part, Section::kEnsemble, ensemble_->Save());
  return part;
}

Result<FittedForecaster> FittedForecaster::Restore(std::string_view saved, std::span<const Sample> history) {
  HELIOS_TRY(const auto sections, Sections::Read(saved));
  HELIOS_CHECK(sections.RefuseOthersThan(kWhat, {Section::kDescription, Section::kForecaster, Section::kEnsemble}));
  HELIOS_TRY(auto description, ReadDescription(saved));
  const auto bytes = sections.Find(Section::kForecaster);
  if (!bytes) return BadArtifact(kWhat, "the part holds another kind of model");
  StateReader reader(*bytes);
  std::uint8_t version = 0;
  reader(version);
  if (!reader.ok() || version == 0) return BadArtifact(kWhat, "it has no version");
  if (version > kVersion) return NewerFormat(kWhat, version, kVersion);
  ModelType type{};
  LocalClock clock;
  Window window{.from = {},
                .to = {},
                .origin = description.trained_to,
                .spacing = {},
                .steps = 0,
                .samples = description.history_samples};
  double unit = 1.0;
  bool never_negative = true;
  BaseModel base;
  auto calibration = StateReader::Empty<Calibration>();
  reader(type, clock, window.from, window.to, window.spacing, window.steps, unit, never_negative, base, calibration);
  const auto ensemble_bytes = sections.Find(Section::kEnsemble);
  if (!reader.done() || type > ModelType::kEnsemble || window.spacing.count() <= 0 ||
      window.spacing > std::chrono::days{1} || window.steps < 1 || window.steps > kMaxGridPoints ||
      !StateReader::IsValid(clock) || !InYears(window.from) || !InYears(window.to) || window.from > window.to ||
      description.step < window.spacing || description.step > std::chrono::days{1} || !(unit > 0.0) || !base.Valid() ||
      !StateReader::IsValid(calibration) || ensemble_bytes.has_value() != (type == ModelType::kEnsemble)) {
    return BadArtifact(kWhat, "its numbers are not those of one");
  }

  // The grid that the fit saw, and what came after it.
  std::vector<Sample> fitted;
  std::vector<Sample> newer;
  for (const auto& sample : history) {
    const auto local = clock.ToLocal(sample.time);
    if (!std::isfinite(sample.value) || local < window.from) continue;
    if (sample.time > window.origin) {
      newer.push_back(sample);
    } else {
      fitted.push_back({.time = local, .value = sample.value});
    }
  }
  if (fitted.size() + newer.size() < kMinHistorySamples) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot restore {}: too little history; got {} finite samples since its fit's first; want at least {}",
                kWhat, fitted.size() + newer.size(), kMinHistorySamples);
  }
  std::vector<double> values(window.steps, kNan);
  const auto grid = ToGrid(fitted, window.spacing, description.step);
  if (!grid.values.empty()) {
    // Its last value is that of the newest sample, which may have been lost since.
    const auto newest = grid.TimeAt(grid.values.size() - 1);
    const auto lost = static_cast<std::size_t>((window.to - newest + description.step / 2) / description.step);
    for (std::size_t i = 0; i < grid.values.size() && i + lost < values.size(); ++i) {
      values[values.size() - 1 - lost - i] = grid.values[grid.values.size() - 1 - i] / unit;
    }
  }

  SeriesForecast summary;
  summary.origin = window.origin;
  summary.model_type = type;
  summary.reason = std::move(description.reason);
  summary.season_length = description.season_length;
  summary.step = description.step;
  summary.metrics = description.metrics;
  summary.history_samples = window.samples;
  summary.history_span = window.to - window.from;
  Fitted model = SeasonalNaive(base.season);
  if (base.smoothing) model = ExponentialSmoothing(base.parameters, base.season);
  FittedForecaster restored(std::move(summary), std::move(model), std::move(calibration), unit, never_negative, nullptr,
                            window, std::move(clock));
  HELIOS_TRY(const auto newer_values, restored.NewerValues(newer));
  values.insert(values.end(), newer_values.begin(), newer_values.end());
  std::visit(
      [&](auto& of) {
        for (const double value : values) of.Update(value);
      },
      restored.model_);
  if (ensemble_bytes) {
    HELIOS_TRY(auto ensemble, EnsembleForecaster::Restore(*ensemble_bytes, values, newer_values.size()));
    restored.ensemble_ = std::make_shared<const EnsembleForecaster>(std::move(ensemble));
  }
  return restored;
}

}  // namespace helios::ml
