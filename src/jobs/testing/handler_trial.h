// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "jobs/job_handler.h"
#include "jobs/job_leases.h"
#include "jobs/job_queue.h"

namespace helios::jobs {

/// Tries that a handler is idempotent: run to its end, run twice, and killed at each of its steps and run again, it
/// must leave the same behind.
///
///   HandlerTrial trial{.database = database, .queue = queue, .tenant = kAcme, .job = {.kind = "work"},
///                      .reset = [&] { … as before any attempt … },
///                      .handler = [&] { return std::make_unique<MyHandler>(…); },   // a new process each time
///                      .state = [&] { return …everything that the handler leaves, as text…; }};
///   trial.Run();
///
/// A step is a call of the context: Report, Begin, SucceedIn, LeaseHeld, stop. A kill is an exception that leaves the
/// handler there, so that open transactions roll back and what was committed stays, as when a process dies; the handler
/// must not catch it. An idempotent handler that makes at least one call between two effects is tried between them.
struct HandlerTrial {
  pg::Database& database;
  const JobQueue& queue;
  TenantId tenant;
  NewJob job;
  std::function<void()> reset;
  std::function<std::unique_ptr<JobHandler>()> handler;
  std::function<std::string()> state;

  /// Fails the test where anything differs. Gives the number of steps at which the handler was killed.
  int Run() const;

 private:
  struct Killed {};
  class Context;

  /// One attempt, killed at step `kill_at` (0: not at all; 1 for the first). Gives the steps that it made; 0 for
  /// killed.
  int Attempt(const Uuid& id, int kill_at, TimestampMs now) const;
  [[nodiscard]] Uuid Enqueue(TimestampMs now) const;
};

class HandlerTrial::Context final : public JobContext {
 public:
  Context(LeasedJob leased, std::string payload, JobLeases& leases, int kill_at, TimestampMs now)
      : JobContext(std::move(leased), std::move(payload)), leases_(leases), kill_at_(kill_at), now_(now) {}

  [[nodiscard]] std::stop_token stop() const override {
    Step();
    return {};
  }
  [[nodiscard]] bool LeaseHeld() const override {
    Step();
    return true;
  }
  void Report(double progress, std::string_view note) override {
    Step();
    EXPECT_TRUE(progress >= 0 && progress <= 1) << progress << ": " << note;
  }
  [[nodiscard]] Result<pg::TenantTransaction> Begin() override {
    Step();
    return leases_.BeginHeld(job());
  }
  [[nodiscard]] Result<void> SucceedIn(pg::TenantTransaction& tx, std::string_view result) override {
    Step();
    return JobLeases::FinishIn(tx, job(), JobStatus::kSucceeded, std::string(result), std::nullopt, now_);
  }
  [[nodiscard]] int steps() const { return steps_; }

 private:
  void Step() const {
    if (++steps_ == kill_at_) throw Killed{};
  }

  JobLeases& leases_;
  const int kill_at_;
  const TimestampMs now_;
  mutable int steps_ = 0;
};

inline Uuid HandlerTrial::Enqueue(TimestampMs now) const {
  auto tx = database.Begin(tenant);
  EXPECT_TRUE(tx) << tx.error().message;
  const auto made = queue.Enqueue(*tx, job, now);
  EXPECT_TRUE(made) << made.error().message;
  EXPECT_TRUE(made->created) << "reset must also remove the job of the key";
  EXPECT_TRUE(tx->Commit());
  return made->id;
}

inline int HandlerTrial::Attempt(const Uuid& id, int kill_at, TimestampMs now) const {
  JobLeases leases(database, "trial");
  const auto leased = leases.Lease({{job.kind, 1}}, 1, now, now + std::chrono::seconds{30});
  if (!leased || leased->size() != 1 || leased->front().id != id) return 1;  // it succeeded in its own transaction
  auto started = leases.Start(leased->front(), now);
  EXPECT_TRUE(started && *started);
  Context context(leased->front(), (*started)->payload, leases, kill_at, now);
  try {
    const auto outcome = handler()->Run(context);
    EXPECT_TRUE(outcome) << outcome.error().message;
  } catch (const Killed&) {
    return 0;
  }
  return context.steps();
}

inline int HandlerTrial::Run() const {
  TimestampMs now = SystemClock().Now();
  const auto next = [&] { return now += std::chrono::minutes{1}; };  // beyond the lease of the attempt before
  const auto forget = [&](const Uuid& id) {
    auto tx = database.Begin(tenant);
    static constexpr pg::Statement kForget{"trial.forget", "DELETE FROM jobs WHERE org_id = $1 AND id = $2"};
    EXPECT_TRUE(tx->Execute(kForget, {tenant, id}) && tx->Commit());
  };
  reset();
  Uuid id = Enqueue(now);
  const int steps = Attempt(id, 0, next());
  const std::string expected = state();
  Attempt(id, 0, next());
  EXPECT_EQ(state(), expected) << "after a second run";
  forget(id);
  for (int kill_at = 1; kill_at <= steps; ++kill_at) {
    reset();
    id = Enqueue(now);
    EXPECT_EQ(Attempt(id, kill_at, next()), 0) << "not killed at step " << kill_at;
    Attempt(id, 0, next());
    EXPECT_EQ(state(), expected) << "after a kill at step " << kill_at << " and another run";
    forget(id);
  }
  return steps;
}

}  // namespace helios::jobs
