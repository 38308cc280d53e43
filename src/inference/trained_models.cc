// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "inference/trained_models.h"

#include <algorithm>
#include <utility>

#include "ml/model_description.h"
#include "tsdb/rollup_means.h"

namespace helios::inference {
namespace {

constexpr std::chrono::days kMostHistory{28};
constexpr std::chrono::hours kRestoreAfter{1};
// Of a restored forecaster for fourteen days of five minutes; what the ensemble remembers is most of it.
constexpr std::size_t kEnsembleBytes = 350'000;
constexpr std::size_t kOtherBytes = 64'000;

/// How far the newest sample is ahead of the model's origin, in whole minutes.
std::chrono::minutes LagOf(const ml::SeriesForecaster& forecaster, const tsdb::SeriesInfo& info,
                           const ml::ForecastOptions& options) {
  const auto lag = std::chrono::round<std::chrono::minutes>(info.last_seen - forecaster.origin());
  const auto room = ml::kMaxHorizon - *std::ranges::max_element(options.horizons);
  return std::clamp(lag, std::chrono::minutes{0}, std::max(room, std::chrono::minutes{0}));
}

}  // namespace

std::size_t TrainedModels::KeyHash::operator()(const Key& key) const noexcept {
  std::size_t hash = std::hash<TenantId>{}(key.tenant);
  hash = (hash ^ key.series.value) * 0x9e3779b97f4a7c15ULL;
  return hash ^ std::hash<Uuid>{}(key.model);
}

std::shared_ptr<TrainedModels::Restored> TrainedModels::Find(const Key& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end()) return std::make_shared<Restored>();
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->restored;
}

void TrainedModels::Keep(const Key& key, const std::shared_ptr<Restored>& restored) {
  const bool ensemble = restored->forecaster->model_type() == ml::ModelType::kEnsemble ||
                        restored->forecaster->model_type() == ml::ModelType::kNamed;
  const std::scoped_lock lock(mutex_);
  if (kept_.contains(key)) return;
  recent_.push_front({.key = key, .restored = restored, .bytes = ensemble ? kEnsembleBytes : kOtherBytes});
  kept_.emplace(key, recent_.begin());
  bytes_ += recent_.front().bytes;
  while (bytes_ > max_bytes_ && recent_.size() > 1) {
    bytes_ -= recent_.back().bytes;
    kept_.erase(recent_.back().key);
    recent_.pop_back();
  }
}

Result<std::vector<ml::Sample>> TrainedModels::Read(TenantId tenant, const tsdb::SeriesInfo& info, TimestampMs after,
                                                    std::chrono::milliseconds shift) const {
  HELIOS_TRY(const tsdb::RollupMeans means,
             tsdb::ReadRollupMeans(
                 store_, tenant, info,
                 {.first = std::max(after - shift, info.last_seen - kMostHistory), .last = info.last_seen}, shift));
  std::vector<ml::Sample> samples;
  samples.reserve(means.times.size());
  for (std::size_t i = 0; i < means.times.size(); ++i) {
    samples.push_back({.time = means.times[i], .value = means.values[i]});
  }
  return samples;
}

Result<TrainedModels::Restoration> TrainedModels::Restore(const tenancy::RequestContext& context,
                                                          const tsdb::SeriesInfo& info, Restored& restored) {
  auto found = catalog_.FindPart(context, info.key);
  if (!found.part) return Restoration{.done = false, .unusable = std::move(found.unusable)};
  const auto unusable = [&](const Error& error) {
    catalog_.ReportUnusable(context, info.key.metric, error);
    return Restoration{.done = false, .unusable = error};
  };
  const auto description = ml::ReadDescription(*found.part);
  if (!description) return unusable(description.error());
  restored.shift = tsdb::ShiftOf(description->trained_to);
  HELIOS_TRY(const auto history, Read(context.tenant, info, description->trained_from, restored.shift));
  auto forecaster = ml::SeriesForecaster::Restore(*found.part, history);
  if (!forecaster) return unusable(forecaster.error());
  restored.forecaster.emplace(*std::move(forecaster));
  restored.restored_to = restored.forecaster->origin();
  return Restoration{.done = true};
}

Result<void> TrainedModels::MoveOn(TenantId tenant, const tsdb::SeriesInfo& info, Restored& restored) const {
  const auto after = restored.forecaster->origin() + std::chrono::milliseconds{1};
  HELIOS_TRY(const auto newer, Read(tenant, info, after, restored.shift));
  return restored.forecaster->Append(newer);
}

Result<TrainedModels::Outcome> TrainedModels::Forecast(const tenancy::RequestContext& context,
                                                       const tsdb::SeriesInfo& info,
                                                       const ml::ForecastOptions& options) {
  HELIOS_TRY(auto model, catalog_.TrainedModel(context, info.key.metric));
  if (!model) return Outcome{};
  const Key key{.tenant = context.tenant, .series = info.id, .model = model->id};
  const auto restored = Find(key);
  const std::scoped_lock lock(restored->mutex);
  const bool fresh = !restored->forecaster || restored->forecaster->origin() - restored->restored_to > kRestoreAfter;
  if (fresh) {
    HELIOS_TRY(auto restoration, Restore(context, info, *restored));
    if (!restoration.done) return Outcome{.unusable = std::move(restoration.unusable)};
  } else if (restored->revision != info.revision || restored->newest != info.last_seen) {
    HELIOS_CHECK(MoveOn(context.tenant, info, *restored));
  }
  if (fresh || restored->revision != info.revision || restored->newest != info.last_seen) restored->forecast.reset();
  restored->revision = info.revision;
  restored->newest = info.last_seen;
  if (!restored->forecast || restored->horizons != options.horizons || restored->level != options.level) {
    const auto lag = LagOf(*restored->forecaster, info, options);
    std::vector<std::chrono::minutes> horizons = options.horizons;
    for (auto& horizon : horizons) horizon += lag;
    auto forecast = restored->forecaster->Forecast(horizons, options.level);
    // The options are checked before: a model that was chosen by name may look a day ahead and no further.
    if (!forecast && forecast.error().reason == "inference.bad_horizon") return Outcome{.unusable = forecast.error()};
    if (!forecast) return std::unexpected(std::move(forecast).error());
    forecast->origin += lag;
    for (auto& point : forecast->points) point.horizon -= lag;
    restored->forecast = *std::move(forecast);
    restored->horizons = options.horizons;
    restored->level = options.level;
  }
  Answer answer{.model = *std::move(model), .forecast = *restored->forecast};
  Keep(key, restored);
  return Outcome{.answer = std::move(answer)};
}

}  // namespace helios::inference
