// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/retraining.h"

#include "base/hex.h"
#include "crypto/digest.h"
#include "obs/log.h"

namespace helios::training {
namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr std::size_t kMostRemembered = 100'000;

}  // namespace

bool Retraining::Ask(TenantId tenant, const std::string& metric, const TrainingCause& cause) {
  const TimestampMs now = clock_.Now();
  const std::string key = tenant.ToString() + metric;
  {
    const std::scoped_lock lock(mutex_);
    if (asked_.size() >= kMostRemembered) asked_.clear();
    const auto [at, added] = asked_.try_emplace(key, now);
    // A clock that was put back must not keep a metric from being trained for longer than it went.
    if (!added && now - at->second < kBetween && now >= at->second) return false;
    at->second = now;
  }
  // What is remembered goes with the process; the key holds for all of them, in windows of six hours.
  const auto window = now.time_since_epoch() / kBetween;
  const auto job = TrainingJob({.metric = metric,
                                .cause = cause,
                                .once = fmt::format("by itself:{}:{}", ToHex(crypto::Sha256(metric)), window)});
  const auto enqueue = [&]() -> Result<bool> {
    HELIOS_TRY(auto tx, database_.Begin(tenant, std::chrono::steady_clock::now() + kPatience));
    HELIOS_TRY(const auto enqueued, queue_.Enqueue(tx, job, now));
    HELIOS_CHECK(tx.Commit());
    return enqueued.created;
  };
  const auto queued = enqueue();
  if (!queued) {
    obs::LogFailure("models.retraining_not_queued", queued.error(), {{"metric", metric}});
    const std::scoped_lock lock(mutex_);
    asked_.erase(key);
    return false;
  }
  if (*queued) {
    obs::LogInfo("models.retraining_queued",
                 {{"org_id", tenant.ToString()}, {"metric", metric}, {"cause", cause.kind}, {"detail", cause.detail}});
  }
  return *queued;
}

}  // namespace helios::training
