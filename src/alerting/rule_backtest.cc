// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/rule_backtest.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

#include "alerting/breach.h"
#include "alerting/series_tracker.h"
#include "ml/forecast.h"

namespace helios::alerting {
namespace {

constexpr std::chrono::hours kReplayed{14 * 24};
constexpr std::chrono::hours kHistory{14 * 24};  // that a forecast is made from
constexpr std::chrono::hours kLearnFrom{7 * 24};
constexpr std::chrono::hours kBetweenForecasts{2};

class Replay {
 public:
  Replay(const RuleDefinition& rule, const ExpectationJudge& judge, TimestampMs from,
         std::chrono::steady_clock::time_point deadline)
      : rule_(rule), judge_(judge), from_(from), deadline_(deadline) {}

  /// What the series would have raised, given its samples, oldest first, from before `from` too.
  Result<std::vector<FiredSpan>> Run(const tsdb::SeriesKey& key, const std::vector<ml::Sample>& samples,
                                     TimestampMs now) {
    spans_.clear();
    track_ = {};
    key_ = key;
    switch (rule_.condition) {
      case Condition::kAbove:
      case Condition::kBelow:
        for (const ml::Sample& sample : samples) {
          Take(JudgeThreshold(rule_, sample.time, sample.value), rule_.hold);
        }
        break;
      case Condition::kOutsideExpected: Expect(samples); break;
      case Condition::kNoData: ListenForSilence(samples, now); break;
      case Condition::kForecastBreach: HELIOS_CHECK(Forecast(samples, now)); break;
    }
    return spans_;
  }

  [[nodiscard]] Result<void> CheckDeadline() const {
    if (std::chrono::steady_clock::now() < deadline_) return {};
    return Fail(ErrorCode::kDeadlineExceeded, "alerting.backtest_too_long",
                "cannot replay the rule in time: name labels, so that it is about fewer series");
  }

 private:
  void Take(const Judged& judged, std::chrono::seconds hold) {
    if (judged.time < from_) return;
    const Edge edge = Advance(track_, judged, hold);
    if (edge == Edge::kFires) {
      spans_.push_back({.key = key_,
                        .started_at = *track_.since,
                        .ended_at = std::nullopt,
                        .value = track_.value,
                        .excess = track_.excess});
    }
    if (edge == Edge::kResolves) spans_.back().ended_at = judged.time;
    if (track_.state == TrackState::kFiring) spans_.back().excess = track_.excess;
  }

  void Expect(const std::vector<ml::Sample>& samples) {
    ExpectationState state;
    for (const ml::Sample& sample : samples) {
      if (const auto judged = JudgeExpectation(judge_, state, sample.time, sample.value)) Take(*judged, rule_.hold);
    }
  }

  void ListenForSilence(const std::vector<ml::Sample>& samples, TimestampMs now) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const bool last = i + 1 == samples.size();
      const TimestampMs next = last ? now : samples[i + 1].time;
      const TimestampMs fires = samples[i].time + rule_.hold;
      if (fires > next || next < from_) continue;
      const std::chrono::duration<double> silence = next - samples[i].time;
      FiredSpan span{
          .key = key_, .started_at = fires, .ended_at = next, .value = silence.count(), .excess = silence.count()};
      if (last) span.ended_at.reset();
      spans_.push_back(std::move(span));
    }
  }

  Result<void> Forecast(const std::vector<ml::Sample>& samples, TimestampMs now) {
    const ml::ForecastOptions options{.horizons = HorizonsOf(rule_), .level = LevelFor(rule_.probability)};
    const auto at = [&](TimestampMs time) {
      return std::ranges::upper_bound(samples, time, {}, &ml::Sample::time) - samples.begin();
    };
    for (TimestampMs origin = from_; origin <= now; origin += kBetweenForecasts) {
      HELIOS_CHECK(CheckDeadline());
      const auto begin = at(origin - kHistory);
      const auto forecast = ml::Forecast(
          std::span(samples).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(at(origin) - begin)),
          options);
      if (!forecast) {
        if (forecast.error().code == ErrorCode::kFailedPrecondition) continue;  // too little was known then
        return std::unexpected(forecast.error());
      }
      std::vector<ForecastStep> steps;
      for (const ml::ForecastPoint& point : forecast->points) {
        steps.push_back({.time = point.time, .value = point.value, .lower = point.lower, .upper = point.upper});
      }
      Take(JudgeForecast(rule_, steps, origin), std::chrono::seconds{0});
    }
    return {};
  }

  const RuleDefinition& rule_;
  const ExpectationJudge& judge_;
  const TimestampMs from_;
  const std::chrono::steady_clock::time_point deadline_;
  tsdb::SeriesKey key_;
  Track track_;
  std::vector<FiredSpan> spans_;
};

Result<std::vector<ml::Sample>> ReadFinite(const tsdb::SampleStore& store, TenantId tenant, tsdb::SeriesId series,
                                           tsdb::TimeRange range) {
  HELIOS_TRY(const auto cursor, store.Read(tenant, series, range));
  std::vector<ml::Sample> samples;
  for (;;) {
    HELIOS_TRY(const tsdb::SampleColumns columns, cursor->Next());
    if (columns.times.empty()) return samples;
    for (std::size_t i = 0; i < columns.times.size(); ++i) {
      if (std::isfinite(columns.values[i])) samples.push_back({.time = columns.times[i], .value = columns.values[i]});
    }
  }
}

/// How much of what came before is needed to judge the first sample.
std::chrono::hours Before(Condition condition) {
  if (condition == Condition::kForecastBreach) return kHistory;
  return condition == Condition::kOutsideExpected ? kLearnFrom : std::chrono::hours{24};
}

}  // namespace

std::vector<WouldBeIncident> JoinSpans(std::vector<FiredSpan> spans) {
  std::ranges::sort(spans, [](const FiredSpan& a, const FiredSpan& b) {
    return std::tie(a.started_at, a.key) < std::tie(b.started_at, b.key);
  });
  std::vector<WouldBeIncident> incidents;
  for (FiredSpan& span : spans) {
    const bool joins =
        !incidents.empty() && (!incidents.back().ended_at || span.started_at <= *incidents.back().ended_at);
    if (!joins) {
      incidents.push_back({.started_at = span.started_at, .ended_at = span.ended_at, .series = {}});
    } else if (!span.ended_at || (incidents.back().ended_at && *span.ended_at > *incidents.back().ended_at)) {
      incidents.back().ended_at = span.ended_at;
    }
    incidents.back().series.push_back(std::move(span));
  }
  for (WouldBeIncident& incident : incidents) {
    std::ranges::sort(incident.series, [](const FiredSpan& a, const FiredSpan& b) {
      return std::tie(b.excess, a.started_at, a.key) < std::tie(a.excess, b.started_at, b.key);
    });
  }
  return incidents;
}

Result<Backtest> BacktestRule(const ReplayNeeds& needs, TenantId tenant, const RuleDefinition& rule, TimestampMs now,
                              std::chrono::steady_clock::time_point deadline) {
  HELIOS_TRY(const auto selector, SelectorOf(rule, needs.parse_match));
  const std::size_t most = rule.condition == Condition::kForecastBreach ? kMostReplayedForecasts : kMostReplayed;
  HELIOS_TRY(const auto found, needs.store.FindSeries(tenant, selector, most + 1));
  if (found.size() > most) {
    return Fail(ErrorCode::kInvalidArgument, "alerting.too_many_series",
                "cannot replay the rule: it is about more than {} series; name labels", most);
  }
  Backtest backtest{.from = now - kReplayed, .to = now, .series = found.size(), .incidents = {}};
  ExpectationJudge judge{.detector = {}, .clock = needs.clock, .by_rate = needs.is_counter(tenant, rule.metric)};
  HELIOS_TRY(judge.detector, ml::Detector::Make({}, rule.sensitivity));
  Replay replay(rule, judge, backtest.from, deadline);
  std::vector<FiredSpan> spans;
  for (const tsdb::SeriesInfo& info : found) {
    HELIOS_CHECK(replay.CheckDeadline());
    HELIOS_TRY(const auto samples, ReadFinite(needs.store, tenant, info.id,
                                              {.first = backtest.from - Before(rule.condition), .last = now}));
    HELIOS_TRY(auto fired, replay.Run(info.key, samples, now));
    std::ranges::move(fired, std::back_inserter(spans));
  }
  backtest.incidents = JoinSpans(std::move(spans));
  return backtest;
}

}  // namespace helios::alerting
