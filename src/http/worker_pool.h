// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "base/uuid.h"

namespace helios::http {

/// The threads on which handlers run that may block: on SQL, on a disk.
///
/// Fair between tenants: while other tenants wait, one tenant holds at most a quarter of the threads
/// (at least one). Work without a tenant (the nil id) counts as one tenant. Bounded: what does not fit
/// into the queue is refused. Thread-safe.
class WorkerPool {
 public:
  WorkerPool(unsigned threads, std::size_t max_queued);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False when the queue is full or the pool is stopping; `work` was not taken then.
  [[nodiscard]] bool Submit(TenantId tenant, std::function<void()> work);

  /// Finishes what is queued and running, then joins the threads. Idempotent.
  void Stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace helios::http
