// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "ml/internal/artifact_errors.h"
#include "ml/internal/models/fitted_models.h"

namespace helios::ml {
namespace {

constexpr std::string_view kWhat = "a model";
constexpr std::size_t kMostNewerSteps = 1'000'000;

bool IsShare(double value) {
  return value >= 0.0 && value <= 1.0;
}

template <class Parameters>
bool AreWeights(const Parameters& p) {
  return IsShare(p.level) && IsShare(p.trend) && IsShare(p.damping) && p.damping < 1.0 && IsShare(p.season) &&
         IsShare(p.transient) && IsShare(p.memory) && p.memory < 1.0;
}

/// A finished reading of M behind its place, with conformal intervals.
template <class M>
Result<std::unique_ptr<FittedModel>> ReadRolling(StateReader& reader, const Place& place) {
  double unit = 1.0;
  auto model = StateReader::Empty<M>();
  Transformation transformation;
  auto calibration = StateReader::Empty<Calibration>();
  reader(unit, model, transformation, calibration);
  if (!reader.done() || !(unit > 0.0) || !StateReader::IsValid(model) || !StateReader::IsValid(transformation) ||
      !StateReader::IsValid(calibration)) {
    return BadArtifact(kWhat, "its numbers are not those of one");
  }
  return std::make_unique<RollingModel<TransformedModel<M>>>(TransformedModel<M>(std::move(model), transformation),
                                                             std::move(calibration), unit, place);
}

Result<std::unique_ptr<FittedModel>> ReadProphet(StateReader& reader, const Place& place) {
  auto model = StateReader::Empty<ProphetModel>();
  reader(model);
  if (!reader.done() || !StateReader::IsValid(model)) {
    return BadArtifact(kWhat, "its numbers are not those of Prophet's model");
  }
  auto calendar = std::make_unique<CalendarModel>(std::move(model), place);
  // Capacities and regressors are known to a ProphetModel of its own alone.
  if (!calendar->Forecast(1, {})) return BadArtifact(kWhat, "its Prophet model forecasts by more than the calendar");
  return calendar;
}

Result<std::unique_ptr<FittedModel>> Read(StoredModel stored, StateReader& reader, const Place& place) {
  switch (stored) {
    case StoredModel::kSeasonalNaive: return ReadRolling<SeasonalNaive>(reader, place);
    case StoredModel::kMultiSeasonSmoothing: return ReadRolling<MultiSeasonSmoothing>(reader, place);
    case StoredModel::kTheta: return ReadRolling<Theta>(reader, place);
    case StoredModel::kMstl: return ReadRolling<Mstl>(reader, place);
    case StoredModel::kProphet: return ReadProphet(reader, place);
    case StoredModel::kXgboost:
    case StoredModel::kEnsemble:
    case StoredModel::kMedian: break;
  }
  return NewerFormat(kWhat, static_cast<unsigned>(stored), static_cast<unsigned>(StoredModel::kMedian));
}

/// Appends what of `history` is newer than the model.
Result<void> MoveOn(FittedModel& model, const RegularHistory& history) {
  if (history.values.empty()) return {};
  if (history.step != model.step() || (history.first - model.origin()) % model.step() != std::chrono::milliseconds{0}) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_step",
                "cannot restore a model: the history is not on its grid; got a step of {} ms; want {}",
                history.step.count(), model.step().count());
  }
  // Index of the origin's step in the history, negative before it.
  const auto at = (model.origin() - history.first) / model.step();
  const auto newer = static_cast<std::int64_t>(history.values.size()) - 1 - at;
  if (newer > static_cast<std::int64_t>(kMostNewerSteps)) {
    return Fail(ErrorCode::kFailedPrecondition, "ml.stale_model",
                "cannot restore a model: the history goes too far beyond it; got {} steps; want at most {}", newer,
                kMostNewerSteps);
  }
  for (auto i = at + 1; i < static_cast<std::int64_t>(history.values.size()); ++i) {
    model.Append(i < 0 ? std::numeric_limits<double>::quiet_NaN() : history.values[static_cast<std::size_t>(i)]);
  }
  return {};
}

}  // namespace

bool SeasonalNaive::Valid() const {
  return last_season_.size() != 1 && (last_season_.empty() ? next_phase_ == 0 : next_phase_ < last_season_.size()) &&
         std::ranges::none_of(last_season_, [](double value) { return std::isinf(value); });
}

bool ExponentialSmoothing::Valid() const {
  return AreWeights(parameters_) && phases_.size() != 1 &&
         (phases_.empty() ? next_phase_ == 0 : next_phase_ < phases_.size()) && IsShare(phase_weight_) &&
         seen_ >= 0.0 && std::ranges::none_of(phases_, [](double value) { return std::isinf(value); });
}

bool MultiSeasonSmoothing::Valid() const {
  return AreWeights(parameters_) && std::ranges::none_of(cycles_, [](const auto& cycle) { return cycle.empty(); });
}

bool Theta::Valid() const {
  return (phases_.empty() ? next_phase_ == 0 : next_phase_ < phases_.size()) && weight_ > 0.0 && weight_ <= 1.0 &&
         IsShare(faded_) &&
         (!multiplicative_ || std::ranges::all_of(phases_, [](double phase) { return phase > 0.0; }));
}

bool Mstl::Valid() const {
  return StateReader::IsValid(base_) && std::ranges::none_of(cycles_, [](const auto& cycle) { return cycle.empty(); });
}

Result<std::unique_ptr<FittedModel>> RestoreModel(std::string_view saved, const RegularHistory& history) {
  StateReader reader(saved);
  std::uint8_t version = 0;
  StoredModel stored{};
  reader(version, stored);
  if (!reader.ok() || version == 0) return BadArtifact(kWhat, "it has no version");
  if (version > kModelVersion) return NewerFormat(kWhat, version, kModelVersion);
  if (stored == StoredModel::kXgboost) return RestoreXgboost(saved.substr(2), history);
  if (stored == StoredModel::kEnsemble) return RestoreEnsemble(saved.substr(2), history);
  if (stored == StoredModel::kMedian) return RestoreMedian(saved.substr(2), history);
  Place place;
  reader(place);
  if (!reader.ok() || !place.Valid()) return BadArtifact(kWhat, "it has no place in time");
  HELIOS_TRY(auto model, Read(stored, reader, place));
  HELIOS_CHECK(MoveOn(*model, history));
  return model;
}

}  // namespace helios::ml
