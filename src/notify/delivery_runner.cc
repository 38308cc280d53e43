// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/delivery_runner.h"

#include <algorithm>

#include "obs/log.h"
#include "tenancy/placement.h"

namespace helios::notify {

DeliveryRunner::DeliveryRunner(Courier& courier, pg::Database& database, const Clock& clock, const Config& config)
    : courier_(courier), database_(database), clock_(clock), config_(config) {
  threads_.emplace_back([this] { Schedule(); });
  for (unsigned i = 0; i < config_.threads; ++i) threads_.emplace_back([this] { Work(); });
}

DeliveryRunner::~DeliveryRunner() {
  Stop();
}

void DeliveryRunner::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void DeliveryRunner::Wake(TenantId tenant) {
  {
    const std::scoped_lock lock(mutex_);
    ready_.insert(tenant);
  }
  changed_.notify_all();
}

/// Makes tenants ready as their time comes.
void DeliveryRunner::Schedule() {
  auto swept = std::chrono::steady_clock::now() - config_.sweep;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (std::chrono::steady_clock::now() - swept >= config_.sweep) {
      lock.unlock();
      Sweep();
      swept = std::chrono::steady_clock::now();
      lock.lock();
    }
    const TimestampMs now = clock_.Now();
    const std::size_t before = ready_.size();
    std::erase_if(due_, [&](const auto& entry) {
      if (entry.second > now) return false;
      ready_.insert(entry.first);
      return true;
    });
    if (ready_.size() > before) changed_.notify_all();
    changed_.wait_for(lock, config_.tick, [this] { return stopping_; });
  }
}

void DeliveryRunner::Sweep() {
  const auto tenants = tenancy::PlacedTenants(database_, pg::kNoDeadline);
  if (!tenants) return obs::LogFailure("webhooks.sweep_failed", tenants.error());
  for (const TenantId tenant : *tenants) {
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) return;
    }
    const auto next = courier_.NextDue(tenant);
    if (!next) return obs::LogFailure("webhooks.sweep_failed", next.error());
    if (const auto kept = courier_.ForgetOld(tenant); !kept)
      return obs::LogFailure("webhooks.sweep_failed", kept.error());
    if (!*next) continue;
    const std::scoped_lock lock(mutex_);
    const auto [entry, added] = due_.try_emplace(tenant, **next);
    if (!added) entry->second = std::min(entry->second, **next);
  }
}

void DeliveryRunner::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    // One tenant holds at most all threads but one, so that a slow receiver of its does not stop everybody's messages.
    const unsigned most = std::max(1U, config_.threads - 1);
    const auto next = std::ranges::find_if(ready_, [&](TenantId tenant) { return busy_[tenant] < most; });
    if (stopping_) return;
    if (next == ready_.end()) {
      changed_.wait(lock);
      continue;
    }
    const TenantId tenant = *next;
    ready_.erase(next);
    ++busy_[tenant];
    lock.unlock();
    Serve(tenant);
    lock.lock();
    if (--busy_[tenant] == 0) busy_.erase(tenant);
    changed_.notify_all();
  }
}

void DeliveryRunner::Serve(TenantId tenant) {
  const auto delivered = courier_.CarryAndDeliver(tenant);
  if (!delivered) return obs::LogFailure("webhooks.delivery_waits", delivered.error(), {{"org_id", tenant.ToString()}});
  if (*delivered) return Wake(tenant);  // there may be more, for this thread or another
  const auto next = courier_.NextDue(tenant);
  if (!next) return obs::LogFailure("webhooks.delivery_waits", next.error(), {{"org_id", tenant.ToString()}});
  if (!*next) return;
  const std::scoped_lock lock(mutex_);
  due_[tenant] = **next;
}

}  // namespace helios::notify
