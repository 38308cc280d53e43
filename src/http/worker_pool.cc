// SPDX-License-Identifier: Apache-2.0
#include "http/worker_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "obs/log.h"

namespace helios::http {

struct WorkerPool::State {
  struct Tenant {
    std::deque<std::function<void()>> queue;
    unsigned running = 0;
  };

  /// The tenant whose work may start now, in turn, or none; `mutex` is held.
  ///
  /// The quarter holds only while several tenants wait: one that waits alone may have every thread.
  std::optional<TenantId> TakeTurn() {
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      const TenantId tenant = waiting[i];
      if (waiting.size() > 1 && tenants[tenant].running >= share) continue;
      waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
      return tenant;
    }
    return std::nullopt;
  }

  void Work() {
    std::unique_lock lock(mutex);
    while (true) {
      const auto turn = TakeTurn();
      if (!turn) {
        if (stopping && queued == 0) return;
        wake.wait(lock);
        continue;
      }
      {
        Tenant& tenant = tenants[*turn];
        auto work = std::move(tenant.queue.front());
        tenant.queue.pop_front();
        --queued;
        ++tenant.running;
        if (!tenant.queue.empty()) {
          waiting.push_back(*turn);
        } else if (!waiting.empty() || stopping) {
          wake.notify_all();  // one tenant fewer waits: another may be free of its quarter now
        }
        lock.unlock();
        Run(work);
        work = nullptr;  // what it holds may be large, or may answer a request: release it outside the lock
        lock.lock();
      }
      Tenant& tenant = tenants[*turn];
      --tenant.running;
      if (tenant.running == 0 && tenant.queue.empty()) tenants.erase(*turn);
    }
  }

  static void Run(const std::function<void()>& work) {
    try {
      work();
    } catch (const std::exception& error) {
      obs::LogError("http.worker_threw", {{"what", error.what()}});
    }
  }

  std::mutex mutex;
  std::condition_variable wake;
  std::unordered_map<TenantId, Tenant> tenants;  ///< those with work queued or running
  std::deque<TenantId> waiting;                  ///< those with work queued, in turn
  std::size_t queued = 0;
  std::size_t max_queued = 0;
  unsigned share = 1;
  bool stopping = false;
  std::vector<std::thread> threads;
};

WorkerPool::WorkerPool(unsigned threads, std::size_t max_queued) : state_(std::make_unique<State>()) {
  threads = std::max(threads, 1U);
  state_->max_queued = max_queued;
  state_->share = std::max(threads / 4, 1U);
  for (unsigned i = 0; i < threads; ++i) state_->threads.emplace_back([state = state_.get()] { state->Work(); });
}

WorkerPool::~WorkerPool() {
  Stop();
}

bool WorkerPool::Submit(TenantId tenant, std::function<void()> work) {
  {
    const std::scoped_lock lock(state_->mutex);
    if (state_->stopping || state_->queued >= state_->max_queued) return false;
    auto& queue = state_->tenants[tenant].queue;
    if (queue.empty()) state_->waiting.push_back(tenant);
    queue.push_back(std::move(work));
    ++state_->queued;
  }
  state_->wake.notify_one();
  return true;
}

void WorkerPool::Stop() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  for (std::thread& thread : state_->threads) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace helios::http
