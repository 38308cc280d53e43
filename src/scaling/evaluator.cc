// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/evaluator.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <vector>

#include "obs/log.h"
#include "scaling/advice_event.h"
#include "scaling/sql.h"
#include "scaling/target_json.h"
#include "scaling/target_load.h"
#include "wire/scaling_json.h"

namespace helios::scaling {
namespace {

constexpr std::chrono::hours kChoiceHolds{24};
constexpr std::chrono::days kAdviceKept{90};
constexpr std::chrono::seconds kPatience{5};

pg::Deadline Soon() {
  return std::chrono::steady_clock::now() + kPatience;
}

/// What a tenant is told of a failure: nothing of our own side.
std::string FailureJson(const Error& error) {
  const bool ours = error.code == ErrorCode::kInternal || error.code == ErrorCode::kDataCorruption;
  return boost::json::serialize(
      boost::json::object{{"code", error.reason},
                          {"detail", ours ? "the evaluation failed on our side" : std::string_view(error.message)}});
}

/// Tells the target's channels, where the advice is news to them; whether it did. `kept` is sql::kKeepAdvice's row.
Result<bool> TellChannels(pg::TenantTransaction& tx, const Target& target, const pg::Rows::Row& kept,
                          const TargetAdvice& advice, AdviceSink& sink) {
  const Told told{.replicas = kept.Get<std::optional<std::int64_t>>("told_replicas"),
                  .sequence = kept.Get<std::int64_t>("told_sequence")};
  if (!IsNews(told, advice, kept.Get<std::string>("mode") == "shadow")) return false;
  HELIOS_TRY(const std::size_t channels, sink.Put(tx, MakeAdviceEvent(target, advice, told), advice.time));
  if (channels == 0) return false;
  HELIOS_CHECK(tx.Execute(sql::kKeepTold, {tx.tenant(), target.id, advice.replicas, told.sequence + 1}));
  return true;
}

}  // namespace

bool NeedsChoice(const Target& target, TimestampMs now) {
  if (!target.policy || !target.replayed_at) return true;
  const auto age = now - *target.replayed_at;
  return age >= kChoiceHolds || age < -kChoiceHolds;  // the latter by a clock that was ahead
}

Result<Evaluator::Evaluation> Evaluator::Evaluate(TenantId tenant, const Target& target, TimestampMs now) const {
  HELIOS_TRY(const TargetLoad load, ReadTargetLoad(store_, tenant, SelectorOf(target.settings), now));
  const ml::RecommendOptions options{.target = target.settings.limits, .present = load.present};
  Evaluation evaluation;
  if (NeedsChoice(target, now)) {
    HELIOS_TRY(const auto recommendation, ml::Recommend(load.history, options));
    evaluation.policy = PolicyToJson(recommendation.choice.settings);
    evaluation.replay = boost::json::serialize(wire::ComparisonJson(recommendation.replay));
    HELIOS_TRY(evaluation.advice, ml::Advise(load.history, options, recommendation.choice.settings));
    return evaluation;
  }
  HELIOS_TRY(const auto policy, PolicyFromJson(*target.policy));
  HELIOS_TRY(evaluation.advice, ml::Advise(load.history, options, policy));
  return evaluation;
}

Result<void> Evaluator::Keep(TenantId tenant, const Target& target, TimestampMs now,
                             const Result<Evaluation>& evaluation) {
  const TimestampMs minute = std::chrono::floor<std::chrono::minutes>(now);
  HELIOS_TRY(auto tx, database_.Begin(tenant, Soon()));
  if (!evaluation) {
    HELIOS_TRY(const auto rows,
               tx.Execute(sql::kKeepFailure, {tx.tenant(), target.id, minute, FailureJson(evaluation.error())}));
    return tx.Commit();
  }
  const auto& advice = evaluation->advice;
  const auto replayed_at = evaluation->policy ? std::optional(now) : std::nullopt;
  HELIOS_TRY(const auto kept,
             tx.Execute(sql::kKeepAdvice, {tx.tenant(), target.id, minute, advice.replicas, advice.needed, advice.load,
                                           evaluation->policy, evaluation->replay, replayed_at, now}));
  if (kept.empty()) return {};  // changed, deleted, or claimed by another meanwhile
  if (kept.front().Get<std::optional<std::int64_t>>("replicas_before") != advice.replicas) {
    HELIOS_TRY(const auto rows,
               tx.Execute(sql::kInsertAdvice, {tx.tenant(), target.id, now, advice.replicas, advice.needed, advice.load,
                                               kept.front().Get<std::string>("mode")}));
  }
  const TargetAdvice now_advised{
      .time = now, .replicas = advice.replicas, .needed = advice.needed, .load = advice.load};
  HELIOS_TRY(const bool told, TellChannels(tx, target, kept.front(), now_advised, sink_));
  HELIOS_CHECK(tx.Commit());
  if (told) sink_.Wake(tenant);
  return {};
}

Result<std::size_t> Evaluator::EvaluateTenant(TenantId tenant, TimestampMs now, const std::function<bool()>& stopped) {
  const TimestampMs minute = std::chrono::floor<std::chrono::minutes>(now);
  std::vector<Target> targets;
  {
    HELIOS_TRY(auto tx, database_.Begin(tenant, Soon()));
    HELIOS_TRY(const auto rows, tx.Execute(sql::kClaimTargets, {tx.tenant(), minute}));
    if (rows.empty()) return std::size_t{0};
    HELIOS_CHECK(tx.Commit());
    for (std::size_t i = 0; i < rows.size(); ++i) targets.push_back(TargetOf(rows[i]));
  }
  std::ranges::partition(targets, [now](const Target& target) { return !NeedsChoice(target, now); });
  std::size_t done = 0;
  for (const Target& target : targets) {
    if (stopped()) break;
    const auto evaluation = Evaluate(tenant, target, now);
    if (!evaluation && evaluation.error().code != ErrorCode::kFailedPrecondition &&
        evaluation.error().code != ErrorCode::kNotFound) {
      obs::LogFailure("scaling.not_evaluated", evaluation.error(),
                      {{"org_id", tenant.ToString()}, {"target", target.id.ToString()}});
    }
    HELIOS_CHECK(Keep(tenant, target, now, evaluation));
    ++done;
  }
  return done;
}

Result<void> Evaluator::Forget(TenantId tenant, TimestampMs now) {
  HELIOS_TRY(auto tx, database_.Begin(tenant, Soon()));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kForgetAdvice, {tx.tenant(), now - kAdviceKept}));
  return tx.Commit();
}

}  // namespace helios::scaling
