// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/stream_detector.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "detection/counters.h"
#include "obs/log.h"

namespace helios::detection {
namespace {

constexpr std::chrono::minutes kTellAgain{1};  // that there is no room

}  // namespace

StreamDetector::StreamDetector(tsdb::EmbeddedStore& store, const Clock& clock, MannerOf manner_of, ReportOutbox& outbox,
                               DetectionMetrics& metrics, const Config& config, DriftWatch* drift)
    : store_(store),
      clock_(clock),
      manner_of_(std::move(manner_of)),
      outbox_(outbox),
      metrics_(metrics),
      config_(config),
      drift_(drift),
      table_(config.most_series),
      scores_(store, metrics) {}

TenantWatch& StreamDetector::WatchOf(TenantId tenant) {
  TenantWatch& watch = table_.Of(tenant);
  if (!watch.detector) TakeManner(tenant, watch);
  return watch;
}

void StreamDetector::TakeManner(TenantId tenant, TenantWatch& watch) const {
  const Manner manner = manner_of_(tenant);
  watch.detector = manner.detector;
  watch.clock.Follow(manner.zone, clock_.Now());
}

void StreamDetector::RestoreOpen(TenantId tenant, tsdb::SeriesId series, const ml::AnomalyTracker::Memory& memory,
                                 TimestampMs detected_at) {
  SeriesWatch* const watch = table_.Find(table_.Of(tenant), series);
  auto key = store_.KeyOf(tenant, series);
  if (watch == nullptr || !key || !memory.open) return;
  watch->open = std::make_unique<OpenAnomaly>();
  watch->open->tracker = ml::AnomalyTracker(memory);
  watch->open->series_key = SeriesDigest(*key);
  watch->open->series = *std::move(key);
  watch->open->detected_at = detected_at;
}

Result<void> StreamDetector::Begin() {
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  const TimestampMs now = clock_.Now();
  TimestampMs newest{};
  for (const TenantId tenant : store_.Tenants()) {
    HELIOS_TRY(const auto found, store_.FindSeries(tenant, {}, kAll));
    TenantWatch& watch = WatchOf(tenant);
    for (const tsdb::SeriesInfo& info : found) {
      if (info.key.metric.starts_with("helios:")) continue;
      newest = std::max(newest, std::min(info.last_seen, now));
      const bool silent = now - info.last_seen > config_.warm_up;
      if (silent && !watch.series.contains(info.id.value)) continue;
      SeriesWatch* const series = table_.Find(watch, info.id);
      if (series == nullptr) {
        NoteNoRoom(0);
        continue;
      }
      Judge(tenant, watch, info.key.metric, *series);
      const bool seen = series->state.samples() > 0 && series->state.newest() >= info.last_seen;
      if (seen && series->judgement == Judgement::kByValue)
        continue;  // a counter's newest sample is what it goes on from
      series->behind = true;
      behind_.push_back({tenant, info.id});
    }
  }
  alert_from_ = newest - kMostAlertAge;
  metrics_.series.Set(static_cast<double>(table_.size()));
  metrics_.behind_series.Set(static_cast<double>(behind_.size()));
  return {};
}

void StreamDetector::Take(const tsdb::FedGroup& group) {
  auto sample = group.samples.begin();
  std::size_t no_room = 0;
  for (const tsdb::FedGroup::Run& run : group.runs) {
    TenantWatch& tenant = WatchOf(run.tenant);
    for (const auto end = sample + static_cast<std::ptrdiff_t>(run.samples); sample != end; ++sample) {
      SeriesWatch* const series = table_.Find(tenant, sample->series);
      if (series == nullptr) {
        ++no_room;
        continue;
      }
      if (series->behind) continue;
      Score(run.tenant, tenant, sample->series, *series, {.time = sample->time, .value = sample->value},
            group.arrived - sample->time <= kMostAlertAge);
    }
  }
  scores_.Flush();
  if (no_room > 0) NoteNoRoom(no_room);
  metrics_.lag.Observe(std::chrono::duration<double>(clock_.Now() - group.arrived).count());
  metrics_.series.Set(static_cast<double>(table_.size()));
}

void StreamDetector::NoteNoRoom(std::size_t samples) {
  metrics_.no_room.Increment(static_cast<double>(samples));
  const TimestampMs now = clock_.Now();
  if (now - no_room_told_ < kTellAgain) return;
  no_room_told_ = now;
  obs::LogWarning("detection.no_room", {{"series", table_.size()}, {"most_series", table_.most_series()}});
}

void StreamDetector::Judge(TenantId tenant, TenantWatch& watch, const std::string& metric, SeriesWatch& series) const {
  const auto [known, added] = watch.counters.try_emplace(metric);
  if (added) known->second = IsCounter(store_, tenant, metric);
  series.judgement = known->second ? Judgement::kByRate : Judgement::kByValue;
}

bool StreamDetector::ByRate(TenantId tenant, TenantWatch& watch, tsdb::SeriesId id, SeriesWatch& series) const {
  if (series.judgement == Judgement::kUnknown) {
    const auto key = store_.KeyOf(tenant, id);
    if (!key) return false;
    Judge(tenant, watch, key->metric, series);
  }
  return series.judgement == Judgement::kByRate;
}

void StreamDetector::Score(TenantId tenant, TenantWatch& watch, tsdb::SeriesId id, SeriesWatch& series,
                           ml::Sample sample, bool may_alert) {
  if (ByRate(tenant, watch, id, series)) {
    const auto rate = series.counter.Take(sample);
    if (!rate) {
      metrics_.not_scored.Increment();
      return;
    }
    sample = *rate;
  }
  const ml::Detection detection = watch.detector->Score(series.state, sample, watch.clock.OffsetAt(sample.time));
  if (!detection.scored) {
    metrics_.not_scored.Increment();
    return;
  }
  metrics_.scored.Increment();
  if (may_alert && config_.write_scores) scores_.Take(tenant, id, series.score_window, sample.time, detection);
  if (may_alert && drift_ != nullptr && detection.Has(ml::AnomalyKind::kLevelShift)) drift_->Note(tenant, id);
  if (may_alert && (series.open || detection.anomalous())) Follow(tenant, id, series, sample, detection);
}

void StreamDetector::Follow(TenantId tenant, tsdb::SeriesId id, SeriesWatch& series, const ml::Sample& sample,
                            const ml::Detection& detection) {
  if (!series.open) {
    auto key = store_.KeyOf(tenant, id);
    if (!key) return;  // deleted meanwhile
    series.open = std::make_unique<OpenAnomaly>();
    series.open->series_key = SeriesDigest(*key);
    series.open->series = *std::move(key);
    series.open->detected_at = clock_.Now();
  }
  OpenAnomaly& open = *series.open;
  if (const auto ended = open.tracker.Take(sample, detection, {})) {
    Tell(tenant, open, *ended, /*ended=*/true);
    open.told = false;
    open.detected_at = clock_.Now();
  }
  if (const auto& span = open.tracker.open()) {
    Tell(tenant, open, *span, /*ended=*/false);
  } else {
    series.open.reset();
  }
}

void StreamDetector::Tell(TenantId tenant, OpenAnomaly& open, const ml::AnomalySpan& span, bool ended) {
  if (!ended && open.told && span.worst == open.told_worst && span.kinds == open.told_kinds) return;
  open.told = true;
  open.told_worst = span.worst;
  open.told_kinds = span.kinds;
  const bool taken = outbox_.Put({.tenant = tenant,
                                  .series = open.series,
                                  .series_key = open.series_key,
                                  .span = span,
                                  .ended = ended,
                                  .detected_at = open.detected_at});
  if (!taken) metrics_.dropped.Increment();
}

bool StreamDetector::CatchUp(std::size_t samples) {
  for (std::size_t read = 0; read < samples && !behind_.empty();) {
    const Behind behind = behind_.front();
    behind_.pop_front();
    TenantWatch& tenant = WatchOf(behind.tenant);
    const auto found = tenant.series.find(behind.series.value);
    if (found == tenant.series.end()) continue;
    SeriesWatch& series = found->second;
    const auto missed = ReadMissed(behind, tenant, series);
    series.behind = false;
    if (missed) {
      read += *missed + 10;  // opening a cursor costs about as much
      metrics_.caught_up.Increment(static_cast<double>(*missed));
    } else if (missed.error().reason != "tsdb.no_such_series") {
      // Its state goes on with what comes; what was missed is a gap to it.
      obs::LogFailure("detection.not_caught_up", missed.error(), {{"org_id", behind.tenant.ToString()}});
    }
  }
  metrics_.behind_series.Set(static_cast<double>(behind_.size()));
  return !behind_.empty();
}

Result<std::size_t> StreamDetector::ReadMissed(const Behind& behind, TenantWatch& tenant, SeriesWatch& series) {
  // A counter goes on from the newest sample that it has seen.
  const std::chrono::milliseconds next{series.judgement == Judgement::kByRate ? 0 : 1};
  const TimestampMs from = series.state.samples() > 0 ? series.state.newest() + next : clock_.Now() - config_.warm_up;
  HELIOS_TRY(const auto cursor, store_.Read(behind.tenant, behind.series, {.first = from, .last = TimestampMs::max()}));
  for (std::size_t count = 0;;) {
    HELIOS_TRY(const tsdb::SampleColumns run, cursor->Next());
    if (run.times.empty()) return count;
    for (std::size_t i = 0; i < run.times.size(); ++i) {
      Score(behind.tenant, tenant, behind.series, series, {.time = run.times[i], .value = run.values[i]},
            run.times[i] >= alert_from_);
    }
    count += run.times.size();
  }
}

void StreamDetector::Sweep() {
  const TimestampMs now = clock_.Now();
  for (auto& [id, tenant] : table_.tenants()) {
    TakeManner(id, tenant);
    for (auto& [series_id, series] : tenant.series) {
      scores_.End(id, {series_id}, series.score_window, now);
      if (!series.open || series.behind || now - series.state.newest() <= config_.end_after) continue;
      Tell(id, *series.open, *series.open->tracker.open(), /*ended=*/true);
      series.open.reset();
    }
  }
  scores_.Flush();
  if (table_.size() >= table_.most_series()) table_.ForgetSilent(now - config_.forget_after);
  metrics_.series.Set(static_cast<double>(table_.size()));
}

}  // namespace helios::detection
