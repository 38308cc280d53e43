// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/train_series.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "tsdb/rollup_means.h"

namespace helios::training {
namespace {

constexpr std::chrono::hours kLeastSpan{48};
constexpr std::chrono::hours kActiveFor{1};

}  // namespace

std::string SeriesTraining::Config() const {
  return custom ? settings.Config() + "; custom " + boost::json::serialize(ToJson(*custom)) : settings.Config();
}

std::optional<std::string_view> SeriesTraining::ActivePart(const tsdb::SeriesInfo& info) const {
  if (!base) return std::nullopt;
  const auto part = base->bundle->Part(PartKey(info.key));
  return part ? std::optional(*part) : std::nullopt;
}

std::optional<FittedPart> SeriesTraining::CarryOver(const tsdb::SeriesInfo& info) const {
  const auto part = ActivePart(info);
  if (!part) return std::nullopt;
  auto description = ml::ReadDescription(*part);
  if (!description) return std::nullopt;
  return FittedPart{.part = std::string(*part), .promoted = false, .description = *std::move(description)};
}

Result<FittedPart> SeriesTraining::Fit(const SeriesTask& task) const {
  const TimestampMs first = task.history.front().time;
  const TimestampMs last = task.history.back().time;
  if (custom) {
    const auto options = OptionsOf(*custom, settings, first, last);
    const auto fit = [&options](std::span<const ml::Sample> history) -> Result<ml::SeriesForecaster> {
      HELIOS_TRY(auto named, ml::NamedForecaster::Fit(history, options));
      return ml::SeriesForecaster(std::move(named));
    };
    return FitPart(task, {.horizons = options.horizons, .level = 0.95, .clock = options.clock}, fit);
  }
  return FitPart(task, {.horizons = settings.horizons, .level = 0.95, .clock = settings.ClockAround(first, last)});
}

Result<std::optional<FittedPart>> SeriesTraining::Train(const tsdb::SeriesInfo& info) const {
  const auto active = ActivePart(info);
  if (active && now - info.last_seen > kActiveFor) return CarryOver(info);
  std::optional<tsdb::BucketShift> shift;
  if (active) {
    if (const auto description = ml::ReadDescription(*active)) shift = tsdb::ShiftOf(description->trained_to);
  }
  HELIOS_TRY(const tsdb::RollupMeans means,
             tsdb::ReadRollupMeans(samples, tenant, info,
                                   {.first = info.last_seen - std::chrono::days{settings.days}, .last = info.last_seen},
                                   shift));
  const auto left_out = excluded.find(names.NameOf(info.key));
  const auto is_left_out = [&](TimestampMs time) {
    return std::ranges::any_of(left_out->second, [&](const tsdb::TimeRange& range) {
      return time >= range.first && time - Width(tsdb::RollupStep::kFiveMinutes) <= range.last;
    });
  };
  std::vector<ml::Sample> history;
  history.reserve(means.times.size());
  for (std::size_t i = 0; i < means.times.size(); ++i) {
    if (left_out != excluded.end() && is_left_out(means.times[i])) continue;
    history.push_back({.time = means.times[i], .value = means.values[i]});
  }
  if (history.empty() || history.back().time - history.front().time < kLeastSpan) return CarryOver(info);
  auto fitted = Fit({.history = history, .active = active, .refit = !same_settings || left_out != excluded.end()});
  if (!fitted) return CarryOver(info);  // too few finite values: nothing to learn from
  return std::optional(*std::move(fitted));
}

Result<std::vector<std::optional<FittedPart>>> TrainSeries(const SeriesTraining& training,
                                                           std::span<const tsdb::SeriesInfo> series, unsigned threads,
                                                           const std::stop_token& stop) {
  std::vector<std::optional<FittedPart>> parts(series.size());
  std::vector<std::optional<Error>> errors(series.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < series.size() && !stop.stop_requested(); i = next++) {
      auto part = training.Train(series[i]);
      if (part) {
        parts[i] = *std::move(part);
      } else {
        errors[i] = std::move(part).error();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < std::min<std::size_t>(threads, series.size()); ++i) others.emplace_back(work);
    work();
  }
  if (stop.stop_requested()) {
    return Fail(ErrorCode::kUnavailable, "training.stopped", "cannot go on training: it was asked to stop");
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!errors[i]) continue;
    if (errors[i]->code != ErrorCode::kNotFound) return std::unexpected(*std::move(errors[i]));
    parts[i].reset();  // deleted meanwhile
  }
  return parts;
}

}  // namespace helios::training
