// SPDX-License-Identifier: Apache-2.0
#include "ml/scaling_recommendation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ml/internal/scaling/replay.h"

namespace helios::ml {
namespace {

using std::chrono::seconds;

constexpr TimestampMs kFirstTime{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
constexpr TimestampMs kLastTime{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};
constexpr seconds kDay{86'400};
constexpr seconds kFinestStep{60};

/// Whether the source of a policy says anything about the hours to come.
bool PlansAhead(const PolicySettings& settings) {
  return !settings.hpa && (settings.source == LoadSource::kForecast || settings.source == LoadSource::kProfile);
}

ReplicaPlan Plan(const RecommendOptions& options, const LoadOutlook& outlook, const PolicySettings& settings,
                 TimestampMs now, std::int32_t recommended) {
  const auto bucket = outlook.bucket();
  const auto count =
      static_cast<std::size_t>(std::max<std::int64_t>(1, (options.horizon + bucket - seconds{1}) / bucket));
  ReplicaPlan plan;
  if (!PlansAhead(settings)) {
    for (std::size_t i = 0; i < count; ++i) plan.push_back({now + bucket * static_cast<std::int64_t>(i), recommended});
    return plan;
  }
  const auto lead = static_cast<std::size_t>(options.target.startup / bucket);
  const auto levels = outlook.LevelsAfter(settings.source, settings.margin, count + lead + 1);
  Stabiliser recent(1 + static_cast<std::size_t>(options.target.stabilisation / bucket));
  for (std::size_t i = 0; i < count; ++i) {
    // What is asked for now serves in the bucket that the start-up ends in, and in the next until the next decision.
    std::int32_t wanted = ReplicasFor(std::max(levels[i + lead], levels[i + lead + 1]), options.target);
    if (i == 0) wanted = std::max(wanted, recommended);
    plan.push_back({now + bucket * static_cast<std::int64_t>(i), recent.Add(wanted)});
  }
  plan.front().replicas = recommended;
  return plan;
}

/// Goes on from the end of a trace to the present, which may be none, and decides there.
ScalingAdvice DecideNow(const RecommendOptions& options, const LoadHistory& history, ScalingPolicy& policy, double load,
                        std::int32_t current) {
  std::size_t tick = Ticks(history.trace());
  if (options.present) {
    load = options.present->load;
    for (auto time = history.end() + kTick; time <= options.present->time && tick < kMostTicks; time += kTick) {
      (void)policy.Decide({tick++, load, current, current});
    }
  }
  const std::int32_t needed = ReplicasFor(load, options.target);
  const std::int32_t wanted = policy.Decide({tick, load, current, current});
  return {.replicas = std::clamp(std::max(wanted, needed), options.target.min_replicas, options.target.max_replicas),
          .needed = needed,
          .load = load};
}

}  // namespace

Result<void> CheckRecommendOptions(const RecommendOptions& options) {
  HELIOS_CHECK(CheckScalingTarget(options.target));
  if (options.current_replicas && (*options.current_replicas < 0 || *options.current_replicas > kMostReplicas)) {
    return Fail(ErrorCode::kInvalidArgument, "scaling.bad_target",
                "cannot recommend replicas: got current_replicas {}; want 0 to {}", *options.current_replicas,
                kMostReplicas);
  }
  if (options.horizon < std::chrono::minutes{1} || options.horizon > std::chrono::days{1}) {
    return Fail(ErrorCode::kInvalidArgument, "scaling.bad_horizon",
                "cannot recommend replicas: got a horizon of {} minutes; want 1 to 1440", options.horizon.count());
  }
  return {};
}

std::string_view ScalingActionName(ScalingAction action) {
  switch (action) {
    case ScalingAction::kScaleUp: return "scale_up";
    case ScalingAction::kScaleDown: return "scale_down";
    case ScalingAction::kHold: break;
  }
  return "hold";
}

Result<LoadHistory> ToLoadHistory(std::span<const Sample> samples) {
  auto newest = TimestampMs::min();
  auto oldest = TimestampMs::max();
  for (const auto& sample : samples) {
    if (sample.time < kFirstTime || sample.time > kLastTime) {
      return Fail(
          ErrorCode::kInvalidArgument, "inference.bad_timestamp",
          "cannot replay a load: a sample's time is out of range; got {} ms since 1970; want the years 1 to 9999",
          ToUnixMs(sample.time));
    }
    if (!std::isfinite(sample.value)) continue;
    newest = std::max(newest, sample.time);
    oldest = std::min(oldest, sample.time);
  }
  if (newest == TimestampMs::min()) {
    return Fail(ErrorCode::kFailedPrecondition, "scaling.not_enough_history",
                "cannot replay a load: none of its {} values is finite; want one at least", samples.size());
  }
  LoadHistory history;
  history.step = std::max(kFinestStep, std::chrono::duration_cast<seconds>(InferStep(samples)));
  const auto known = newest - oldest + history.step;
  std::size_t steps =
      static_cast<std::size_t>(std::min<std::chrono::milliseconds>(known, kMostLoadHistory) / history.step);
  const auto day = static_cast<std::size_t>(kDay / history.step);
  const auto end = newest + history.step;
  history.first = end - history.step * static_cast<std::int64_t>(steps);
  if (steps >= 2 * day && kDay % history.step == seconds{0}) {
    // From a day's beginning on, so that what is judged by days does not depend on the time of day that asks.
    history.first = std::chrono::ceil<std::chrono::days>(history.first);
    steps = static_cast<std::size_t>((newest - history.first) / history.step) + 1;
  }
  history.load.assign(steps, 0.0);
  std::vector<double> counts(steps, 0.0);
  for (const auto& sample : samples) {
    if (!std::isfinite(sample.value) || sample.time < history.first) continue;
    const auto i = static_cast<std::size_t>((sample.time - history.first) / history.step);
    counts[i] += 1.0;
    history.load[i] += (std::max(sample.value, 0.0) - history.load[i]) / counts[i];
  }
  for (std::size_t i = 0; i < steps; ++i) {
    if (counts[i] == 0.0) history.load[i] = std::numeric_limits<double>::quiet_NaN();
  }
  return history;
}

Result<ScalingRecommendation> Recommend(std::span<const Sample> history, const RecommendOptions& options) {
  HELIOS_CHECK(CheckRecommendOptions(options));
  ScalingRecommendation answer;
  HELIOS_TRY(answer.history, ToLoadHistory(history));
  const auto trace = answer.history.trace();
  HELIOS_TRY(const auto tournament, PolicyTournament::Run(trace, options.target));
  answer.choice = tournament.ChooseAfter(tournament.days());
  answer.replay = CompareScaling(trace, tournament, NewerHalf(trace));
  if (options.course_points > 0) answer.course = CourseOf(trace, tournament, answer.replay, options.course_points);

  ScalingPolicy policy(options.target, tournament.outlook(), answer.choice.settings);
  double load = 0.0;
  std::int32_t current = 0;
  ReplayTicks(
      trace, options.target, Ticks(trace), [&](const ScalingMoment& moment) { return policy.Decide(moment); },
      [&](std::size_t tick, double present, std::int32_t total, std::int32_t) {
        load = present;
        current = total;
        if (answer.past.empty() || answer.past.back().replicas != total) {
          answer.past.push_back({answer.history.first + kTick * static_cast<std::int64_t>(tick), total});
        }
      });
  current = options.current_replicas.value_or(current);
  const auto advice = DecideNow(options, answer.history, policy, load, current);
  answer.recommended_replicas = advice.replicas;
  answer.action = answer.recommended_replicas > current   ? ScalingAction::kScaleUp
                  : answer.recommended_replicas < current ? ScalingAction::kScaleDown
                                                          : ScalingAction::kHold;
  answer.reason = fmt::format("The present load of {:.6g} needs {} replica{}. {}", advice.load, advice.needed,
                              advice.needed == 1 ? "" : "s", answer.choice.reason);
  answer.schedule =
      Plan(options, tournament.outlook(), answer.choice.settings, answer.history.end(), answer.recommended_replicas);
  if (options.present) answer.schedule.front().time = std::max(answer.history.end(), options.present->time);
  return answer;
}

Result<ScalingAdvice> Advise(std::span<const Sample> history, const RecommendOptions& options,
                             const PolicySettings& settings) {
  HELIOS_CHECK(CheckRecommendOptions(options));
  HELIOS_TRY(const auto known, ToLoadHistory(history));
  const auto trace = known.trace();
  HELIOS_CHECK(CheckLoadTrace(trace));
  // What was wanted longer ago than the stabilisation is forgotten; an hour's bucket may have begun before that.
  const auto recent = static_cast<std::size_t>((2 * kLongestScalingDelay + kDay / 8) / kTick);
  const bool forecasts = !settings.hpa && settings.source == LoadSource::kForecast;
  const std::size_t ticks = Ticks(trace);
  const LoadOutlook outlook(trace, options.target, forecasts ? ticks - std::min(ticks, recent) : ticks + 1);
  ScalingPolicy policy(options.target, outlook, settings);
  double load = 0.0;
  std::int32_t current = 0;
  ReplayTicks(
      trace, options.target, ticks, [&](const ScalingMoment& moment) { return policy.Decide(moment); },
      [&](std::size_t, double present, std::int32_t total, std::int32_t) {
        load = present;
        current = total;
      });
  return DecideNow(options, known, policy, load, options.current_replicas.value_or(current));
}

}  // namespace helios::ml
