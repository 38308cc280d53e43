// SPDX-License-Identifier: Apache-2.0
#include "agent/courier.h"

#include <algorithm>
#include <utility>

#include "obs/log.h"

namespace helios::agent {

Courier::Courier(Outbox& outbox, Sender& sender, Random& random, std::function<void(std::string_view)> announce,
                 std::string origin)
    : outbox_(outbox), sender_(sender), announce_(std::move(announce)), origin_(std::move(origin)), backoff_(random) {}

std::optional<Courier::Duration> Courier::Step(Time now) {
  const auto batch = outbox_.Front();
  if (!batch) return std::nullopt;
  const Delivery delivery = sender_.Deliver(*batch);
  if (delivery.verdict != Verdict::kDelivered) {
    outbox_.Save();
    return OnFailure(delivery, now);
  }
  outbox_.Pop();
  OnDelivered(*batch, delivery, now);
  if (outbox_.status().waiting_batches == 0) return std::nullopt;
  return kPace + backoff_.Jittered(kPace);
}

void Courier::OnDelivered(const Batch& batch, const Delivery& delivery, Time now) {
  backoff_.Reset();
  delivered_.fetch_add(delivery.accepted, std::memory_order_relaxed);
  rejected_.fetch_add(delivery.rejected, std::memory_order_relaxed);
  if (delivery.rejected > 0 && rejection_log_.Allow(now)) {
    obs::LogWarning("agent.samples_rejected", {{"rejected", delivery.rejected},
                                               {"accepted", delivery.accepted},
                                               {"first", delivery.detail},
                                               {"rejected_since_start", rejected_samples()}});
  }
  if (!failure_.empty()) {
    failure_.clear();
    obs::LogInfo("agent.delivering_again", {{"waiting_batches", outbox_.status().waiting_batches}});
    if (std::exchange(announced_failure_, std::nullopt)) {
      announce_(fmt::format("helios-agent: delivering to {} again", origin_));
    }
  }
  if (looks_left_ > 0 && delivery.accepted > 0) Confirm(batch, delivery);
}

Courier::Duration Courier::OnFailure(const Delivery& delivery, Time now) {
  const bool slowly = delivery.verdict == Verdict::kRetrySlowly;
  const Duration wished = slowly ? kSlow / 2 + backoff_.Jittered(kSlow / 2) : backoff_.Next();
  const Duration pause = std::max(wished, delivery.retry_after.value_or(Duration::zero()));
  if (failure_log_.Allow(now) || delivery.detail != failure_) {
    obs::LogWarning("agent.cannot_deliver", {{"cause", delivery.detail},
                                             {"waiting_batches", outbox_.status().waiting_batches},
                                             {"next_attempt_ms", pause.count()}});
  }
  failure_ = delivery.detail;
  // An outage passes and belongs in the log; but who has just started the agent waits for a word.
  if ((slowly || delivered_samples() == 0) && announced_failure_ != delivery.detail) {
    announced_failure_ = delivery.detail;
    announce_(fmt::format("helios-agent: cannot deliver: {}. Samples are kept meanwhile.", delivery.detail));
  }
  return pause;
}

void Courier::Confirm(const Batch& batch, const Delivery& delivery) {
  --looks_left_;
  const Sight sight = sender_.Look(batch);
  if (sight == Sight::kSeen || sight == Sight::kMayNotLook) looks_left_ = 0;
  if (sight == Sight::kSeen) {
    announce_(fmt::format("helios-agent: connected to {}; the platform sees {} series from this machine", origin_,
                          delivery.accepted));
  } else if (sight == Sight::kMayNotLook) {
    announce_(
        fmt::format("helios-agent: connected to {}; the platform accepted {} series from this machine "
                    "(this API key has no scope 'read', so that they were not read back)",
                    origin_, delivery.accepted));
  } else if (looks_left_ == 0) {
    obs::LogWarning("agent.not_read_back", {{"accepted", delivery.accepted}});
    announce_(
        fmt::format("helios-agent: connected to {}; the platform accepted {} series from this machine, "
                    "but did not show them when asked",
                    origin_, delivery.accepted));
  }
}

}  // namespace helios::agent
