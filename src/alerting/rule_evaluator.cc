// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/rule_evaluator.h"

#include <algorithm>
#include <cmath>

#include "alerting/breach.h"
#include "jobs/zone_clock.h"
#include "obs/log.h"
#include "tsdb/own_series.h"

namespace helios::alerting {
namespace {

constexpr std::chrono::hours kForgetSilentAfter{24};
constexpr std::chrono::hours kLearnFrom{7 * 24};
constexpr int kForecastEvery = 10;
constexpr std::chrono::minutes kAhead{10};  // how far a sample's time may lie in the future
constexpr std::chrono::hours kOwnAhead{2};  // and one of Helios' own series
constexpr std::size_t kMaxErrorBytes = 500;

/// Where the samples of a series end.
TimestampMs NewestOf(const tsdb::SeriesInfo& info, TimestampMs now) {
  return info.key.metric.starts_with(tsdb::kOwnPrefix) ? now + kOwnAhead : now + kAhead;
}

void StopFiring(Track& track) {
  track.state = TrackState::kOk;
  track.since.reset();
  track.excess = 0;
}

}  // namespace

Result<std::size_t> RuleEvaluator::EvaluateDue(TenantId tenant, std::chrono::milliseconds interval) {
  const TimestampMs now = clock_.Now();
  HELIOS_TRY(const auto rules, RulesToEvaluate(database_, tenant, now - interval));
  std::size_t evaluated = 0;
  if (std::ranges::any_of(
          rules, [](const AlertRule& rule) { return rule.definition.condition == Condition::kOutsideExpected; })) {
    HELIOS_CHECK(ReadZone(tenant));
  }
  for (const AlertRule& rule : rules) {
    const bool forecast = rule.definition.condition == Condition::kForecastBreach;
    if (forecast && rule.evaluated_at && std::chrono::abs(now - *rule.evaluated_at) < kForecastEvery * interval)
      continue;
    HELIOS_CHECK(EvaluateOne(tenant, rule, now));
    ++evaluated;
  }
  std::erase_if(expectations_, [&](const auto& entry) { return now - entry.second.used_at > kForgetSilentAfter; });
  std::erase_if(arrivals_, [&](const auto& entry) { return now - entry.second.at > 2 * kForgetSilentAfter; });
  return evaluated;
}

Result<void> RuleEvaluator::ReadZone(TenantId tenant) {
  HELIOS_TRY(std::string zone, ReadTimezone(database_, tenant, pg::kNoDeadline));
  if (zone != zone_) clock_of_zone_ = jobs::ZoneClock(zone);
  zone_ = std::move(zone);
  return {};
}

Result<void> RuleEvaluator::EvaluateOne(TenantId tenant, const AlertRule& rule, TimestampMs now) {
  Evaluation evaluation;
  {
    HELIOS_TRY(auto tx, database_.Begin(tenant));
    HELIOS_TRY(evaluation.before, ReadTracks(tx, rule.id));
    HELIOS_CHECK(tx.Commit());
  }
  evaluation.after = evaluation.before;
  if (const auto judged = Judge(tenant, rule, evaluation.after, now); !judged) {
    evaluation.after = evaluation.before;
    evaluation.error = judged.error().message.substr(0, kMaxErrorBytes);
    obs::LogFailure("alerts.rule_not_judged", judged.error(), {{"rule_id", rule.id.ToString()}});
  }
  HELIOS_TRY(auto tx, database_.Begin(tenant));
  HELIOS_TRY(const bool written, WriteEvaluation(tx, rule, evaluation, sink_, now));
  if (!written) return {};  // it was changed, or evaluated elsewhere; the next look sees how
  HELIOS_CHECK(tx.Commit());
  sink_.Wake(tenant);
  return {};
}

Result<void> RuleEvaluator::Judge(TenantId tenant, const AlertRule& rule, TrackedByKey& tracks, TimestampMs now) {
  HELIOS_TRY(const auto selector, SelectorOf(rule.definition, parse_match_));
  HELIOS_TRY(const auto found, store_.FindSeries(tenant, selector, kMostSeries + 1));
  if (found.size() > kMostSeries) {
    return Fail(ErrorCode::kFailedPrecondition, "alerting.too_many_series",
                "cannot evaluate the rule: it is about more than {} series; name labels", kMostSeries);
  }
  ExpectationJudge judge;
  if (rule.definition.condition == Condition::kOutsideExpected) {
    HELIOS_TRY(judge.detector, ml::Detector::Make({}, rule.definition.sensitivity));
    judge.clock = clock_of_zone_;
    judge.by_rate = is_counter_(tenant, rule.definition.metric);
  }
  TrackedByKey judged;
  for (const tsdb::SeriesInfo& info : found) {
    const std::string key = SeriesKeyOf(info.key);
    const auto known = tracks.find(key);
    TrackedSeries series{.key = info.key, .track = known == tracks.end() ? Track{} : known->second.track};
    switch (rule.definition.condition) {
      case Condition::kAbove:
      case Condition::kBelow: HELIOS_CHECK(JudgeSamples(tenant, rule, info, series.track, now)); break;
      case Condition::kOutsideExpected:
        HELIOS_CHECK(JudgeExpected(tenant, rule, info, judge, series.track, now));
        break;
      case Condition::kNoData: JudgeSilence(tenant, rule, info, series.track, now); break;
      case Condition::kForecastBreach: break;
    }
    if (now - info.last_seen > kForgetSilentAfter + rule.definition.hold) StopFiring(series.track);
    judged.emplace(key, std::move(series));
  }
  if (rule.definition.condition == Condition::kForecastBreach) {
    HELIOS_CHECK(JudgeForecasts(tenant, rule, selector, judged, now));
  }
  // Series that are gone, by retention or by hand.
  for (auto& [key, series] : tracks) {
    if (judged.contains(key)) continue;
    StopFiring(series.track);
    judged.emplace(key, series);
  }
  tracks = std::move(judged);
  return {};
}

Result<void> RuleEvaluator::JudgeSamples(TenantId tenant, const AlertRule& rule, const tsdb::SeriesInfo& info,
                                         Track& track, TimestampMs now) {
  if (info.last_seen < now - kFresh || (track.last_time && info.last_seen <= *track.last_time)) return {};
  HELIOS_TRY(const auto cursor, store_.Read(tenant, info.id, {.first = now - kFresh, .last = NewestOf(info, now)}));
  for (;;) {
    HELIOS_TRY(const tsdb::SampleColumns columns, cursor->Next());
    if (columns.times.empty()) return {};
    for (std::size_t i = 0; i < columns.times.size(); ++i) {
      if (!std::isfinite(columns.values[i])) continue;
      const Judged judged = JudgeThreshold(rule.definition, columns.times[i], columns.values[i]);
      if (Advance(track, judged, rule.definition.hold) == Edge::kFires) return {};  // the rest is for the next look
    }
  }
}

Result<void> RuleEvaluator::JudgeExpected(TenantId tenant, const AlertRule& rule, const tsdb::SeriesInfo& info,
                                          const ExpectationJudge& judge, Track& track, TimestampMs now) {
  if (info.last_seen < now - kFresh) return {};
  Expectation& expectation = expectations_[{rule.id, SeriesKeyOf(info.key)}];
  if (expectation.zone != zone_) expectation = {.known = {}, .zone = zone_, .used_at = now};
  expectation.used_at = now;
  const ml::DetectorState& state = expectation.known.state;
  const TimestampMs first = state.samples() == 0 ? now - kLearnFrom : state.newest();
  HELIOS_TRY(const auto cursor, store_.Read(tenant, info.id, {.first = first, .last = NewestOf(info, now)}));
  for (;;) {
    HELIOS_TRY(const tsdb::SampleColumns columns, cursor->Next());
    if (columns.times.empty()) return {};
    for (std::size_t i = 0; i < columns.times.size(); ++i) {
      const auto judged = JudgeExpectation(judge, expectation.known, columns.times[i], columns.values[i]);
      if (!judged || judged->time < now - kFresh) continue;
      if (Advance(track, *judged, rule.definition.hold) == Edge::kFires) return {};  // the rest is for the next look
    }
  }
}

void RuleEvaluator::JudgeSilence(TenantId, const AlertRule& rule, const tsdb::SeriesInfo& info, Track& track,
                                 TimestampMs now) {
  const auto [found, is_new] = arrivals_.try_emplace(
      {rule.id, SeriesKeyOf(info.key)}, Arrival{.revision = info.revision, .at = std::min(info.last_seen, now)});
  Arrival& arrival = found->second;
  const bool arrived = !is_new && arrival.revision != info.revision;
  if (arrived) arrival = {.revision = info.revision, .at = now};
  if (track.state == TrackState::kFiring) {
    if (arrived || (track.last_time && info.last_seen > *track.last_time)) StopFiring(track);
    return;
  }
  if (now - info.last_seen > kForgetSilentAfter) return;  // silent for long before anybody asked
  const TimestampMs heard = std::max(arrival.at, started_at_);
  const std::chrono::duration<double> silence = now - std::min(heard, now);
  if (now - heard < rule.definition.hold) return;
  track = {.state = TrackState::kFiring,
           .since = now,
           .last_time = info.last_seen,
           .value = silence.count(),
           .excess = silence.count()};
}

Result<void> RuleEvaluator::JudgeForecasts(TenantId tenant, const AlertRule& rule, const tsdb::SeriesSelector& selector,
                                           TrackedByKey& tracks, TimestampMs now) {
  const RuleDefinition& definition = rule.definition;
  HELIOS_TRY(const auto forecasts,
             forecasts_.Forecast(tenant, selector, HorizonsOf(definition), LevelFor(definition.probability), now));
  for (const SeriesForecast& forecast : forecasts) {
    const auto found = tracks.find(SeriesKeyOf(forecast.key));
    if (found == tracks.end()) continue;
    Track& track = found->second.track;
    // Looks at forecasts are further apart than samples, and no gap lies between them.
    if (track.state == TrackState::kPending && track.last_time)
      track.last_time = std::max(*track.last_time, now - kFresh);
    Advance(track, JudgeForecast(definition, forecast.steps, now), definition.hold);
  }
  return {};
}

}  // namespace helios::alerting
