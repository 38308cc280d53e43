// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/target_load.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "ml/forecast.h"

namespace helios::scaling {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr auto kBucket = tsdb::Width(tsdb::RollupStep::kFiveMinutes);
constexpr std::chrono::hours kNewest{3};  // of samples that tell the present
constexpr minutes kFresh{5};
constexpr minutes kCarried{10};

Result<std::vector<ml::Sample>> ReadMeans(const tsdb::SampleStore& store, TenantId tenant, tsdb::SeriesId series,
                                          tsdb::TimeRange range) {
  HELIOS_TRY(const auto cursor, store.ReadRollups(tenant, series, range, tsdb::RollupStep::kFiveMinutes));
  std::vector<ml::Sample> means;
  for (;;) {
    HELIOS_TRY(const tsdb::RollupColumns columns, cursor->Next());
    if (columns.times.empty()) return means;
    for (std::size_t i = 0; i < columns.times.size(); ++i) {
      means.push_back({.time = columns.times[i], .value = columns.sum[i] / static_cast<double>(columns.count[i])});
    }
  }
}

/// The newest sample's value; nullopt for a series that ended or is silent.
Result<std::optional<double>> ReadPresent(const tsdb::SampleStore& store, TenantId tenant, tsdb::SeriesId series,
                                          TimestampMs now) {
  HELIOS_TRY(const auto cursor, store.Read(tenant, series, {.first = now - kNewest, .last = now}));
  std::vector<ml::Sample> samples;
  bool ended = false;
  for (;;) {
    HELIOS_TRY(const tsdb::SampleColumns columns, cursor->Next());
    if (columns.times.empty()) break;
    for (std::size_t i = 0; i < columns.times.size(); ++i) {
      ended = tsdb::IsStaleMarker(columns.values[i]);
      if (std::isfinite(columns.values[i])) samples.push_back({.time = columns.times[i], .value = columns.values[i]});
    }
  }
  if (ended || samples.empty()) return std::nullopt;
  const milliseconds step = samples.size() > 1 ? milliseconds(ml::InferStep(samples)) : milliseconds{0};
  const auto patience = std::clamp<milliseconds>(3 * step, kFresh, kNewest);
  if (now - samples.back().time > patience) return std::nullopt;
  return std::max(samples.back().value, 0.0);
}

/// Adds a series' means to the sum of several, its short gaps filled.
void AddCarried(const std::vector<ml::Sample>& means, TimestampMs end, std::map<TimestampMs, double>& total) {
  const milliseconds step = means.size() > 1 ? milliseconds(ml::InferStep(means)) : kBucket;
  const auto carried = std::max<milliseconds>(kCarried, 2 * step);
  for (std::size_t i = 0; i < means.size(); ++i) {
    const auto next = i + 1 < means.size() ? means[i + 1].time : end;
    const auto last = std::min(next, means[i].time + carried + kBucket);
    for (auto time = means[i].time; time < last; time += kBucket) total[time] += std::max(means[i].value, 0.0);
  }
}

}  // namespace

Result<TargetLoad> ReadTargetLoad(const tsdb::SampleStore& store, TenantId tenant, const tsdb::SeriesSelector& selector,
                                  TimestampMs now) {
  HELIOS_TRY(const auto found, store.FindSeries(tenant, selector, kMostSeries + 1));
  if (found.empty()) {
    return Fail(ErrorCode::kNotFound, "scaling.no_such_series",
                "cannot scale by '{}': no series of that metric has these labels; GET /api/v1/series lists them",
                selector.metric);
  }
  if (found.size() > kMostSeries) {
    return Fail(ErrorCode::kInvalidArgument, "scaling.too_many_series",
                "cannot scale by '{}': more than {} series are meant; name labels", selector.metric, kMostSeries);
  }
  const TimestampMs end = FromUnixMs(ToUnixMs(now) - ToUnixMs(now) % kBucket.count());
  const tsdb::TimeRange range{.first = end - ml::kMostLoadHistory, .last = end - milliseconds{1}};
  TargetLoad load;
  load.present.time = now;
  std::map<TimestampMs, double> total;
  for (const tsdb::SeriesInfo& info : found) {
    HELIOS_TRY(auto means, ReadMeans(store, tenant, info.id, range));
    if (found.size() == 1) {
      load.history = std::move(means);
    } else {
      AddCarried(means, end, total);
    }
    HELIOS_TRY(const auto present, ReadPresent(store, tenant, info.id, now));
    if (!present) continue;
    load.present.load += *present;
    ++load.series;
  }
  if (load.series == 0) {
    const auto newest = std::ranges::max(found, {}, &tsdb::SeriesInfo::last_seen).last_seen;
    return Fail(ErrorCode::kFailedPrecondition, "scaling.stale_series",
                "cannot scale by '{}': its load is unknown, for its newest sample is of {}; want one of the last 5 "
                "minutes, or of the last three times that its samples are apart",
                selector.metric, FormatRfc3339(newest));
  }
  for (const auto& [time, value] : total) load.history.push_back({.time = time, .value = value});
  if (load.history.empty()) {
    return Fail(ErrorCode::kFailedPrecondition, "scaling.not_enough_history",
                "cannot scale by '{}': nothing is known of it before {}; try again in 5 minutes", selector.metric,
                FormatRfc3339(end));
  }
  return load;
}

}  // namespace helios::scaling
