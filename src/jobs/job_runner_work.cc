// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What the runner's workers do with a job, and what its keeper does meanwhile.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <exception>
#include <utility>

#include "jobs/internal/runner_metrics.h"
#include "jobs/internal/running_job.h"
#include "jobs/job_runner.h"
#include "obs/log.h"

namespace helios::jobs {
namespace {

using internal::RunningJob;
using internal::StopReason;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr RetryPolicy kWriteBackoff{.first = std::chrono::milliseconds{100},
                                    .longest = std::chrono::milliseconds{3'000}};
constexpr std::chrono::milliseconds kLongestBeat{1'000};

/// As the tenant sees it: what is our own affair stays in the log.
std::string ErrorJson(const Error& error) {
  const bool ours = error.code == ErrorCode::kInternal || error.code == ErrorCode::kDataCorruption ||
                    error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kDeadlineExceeded;
  return boost::json::serialize(boost::json::object{
      {"code", error.reason}, {"detail", ours ? "something went wrong on our side; it may pass" : error.message}});
}

Result<std::string> CallHandler(JobHandler& handler, JobContext& context) {
  try {
    return handler.Run(context);
  } catch (const std::exception& thrown) {
    return Fail(ErrorCode::kInternal, "jobs.handler_threw", "cannot finish the job: its handler threw: {}",
                thrown.what());
  }
}

}  // namespace

bool JobRunner::stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

template <class Write>
auto JobRunner::WhileHeld(SteadyTime until, const Write& write) -> decltype(write()) {
  for (int failures = 1;; ++failures) {
    auto done = write();
    if (done || done.error().reason == "jobs.lease_lost") return done;
    obs::LogFailure("job.not_written", done.error(), {{"failures", failures}});
    metrics_->CountDatabaseFailure();
    if (std::chrono::steady_clock::now() >= until) return done;
    std::this_thread::sleep_for(RetryDelay(kWriteBackoff, failures, random_.Uniform()));
  }
}

void JobRunner::Work(const std::stop_token& stop) {
  while (true) {
    Handed handed;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return !handed_.empty(); });
      if (handed_.empty()) return;  // stopping, and nothing left to give back
      handed = std::move(handed_.front());
      handed_.pop_front();
    }
    const auto begin = std::chrono::steady_clock::now();
    const std::string_view outcome = RunLeased(handed.job, handed.until);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    metrics_->CountAttempt(handed.job.kind, outcome, took);
    obs::LogInfo("job.attempt_ended", {{"org_id", handed.job.tenant.ToString()},
                                       {"job", handed.job.id.ToString()},
                                       {"kind", handed.job.kind},
                                       {"attempt", handed.job.attempt},
                                       {"outcome", outcome},
                                       {"seconds", took.count()}});
    {
      const std::scoped_lock lock(mutex_);
      --busy_;
      --busy_kinds_[handed.job.kind];
      woken_ = true;
    }
    changed_.notify_all();
  }
}

std::string_view JobRunner::RunLeased(const LeasedJob& job, SteadyTime until) {
  auto started = WhileHeld(until, [&] { return leases_.Start(job, clock_.Now()); });
  if (!started) return "lost";
  if (!*started) return "lost";  // it is at its end: a completion that came after its lease
  if (!stopping() && !job.cancel_requested && job.attempt <= job.max_attempts) {
    return RunHandler(job, **std::move(started), until);
  }
  std::string_view outcome = "returned";
  const auto written = WhileHeld(until, [&]() -> Result<void> {
    if (job.cancel_requested) {
      outcome = "cancelled";
      return leases_.Finish(job, JobStatus::kCancelled, std::nullopt, (*started)->error, clock_.Now());
    }
    if (job.attempt > job.max_attempts) {
      outcome = "dead";
      const auto lost = Fail(ErrorCode::kFailedPrecondition, "jobs.worker_lost",
                             "cannot finish the job: the process that ran its last attempt, number {}, ended in it",
                             job.max_attempts);
      return leases_.Finish(job, JobStatus::kDead, std::nullopt, ErrorJson(lost.error()), clock_.Now());
    }
    return leases_.GiveBack(job, clock_.Now());
  });
  return written ? outcome : "lost";
}

std::string_view JobRunner::RunHandler(const LeasedJob& job, JobLeases::Started started, SteadyTime until) {
  const auto running = std::make_shared<RunningJob>(job, std::move(started.payload), leases_, clock_, until);
  {
    const std::scoped_lock lock(mutex_);
    running_.insert(running);
    if (stopping_) running->AskToStop(StopReason::kProcessStops);
  }
  const auto& handler = kinds_.entries().find(job.kind)->second.handler;
  const auto outcome = CallHandler(*handler, *running);
  if (!outcome && running->stop_reason() == StopReason::kNone) {
    obs::LogFailure("job.attempt_failed", outcome.error(),
                    {{"org_id", job.tenant.ToString()}, {"job", job.id.ToString()}, {"kind", job.kind}});
  }
  const std::string_view recorded = Record(*running, outcome);
  const std::scoped_lock lock(mutex_);
  running_.erase(running);
  return recorded;
}

std::string_view JobRunner::Record(RunningJob& running, const Result<std::string>& outcome) {
  const LeasedJob& job = running.job();
  const StopReason reason = running.stop_reason();
  const RetryPolicy& policy = kinds_.entries().find(job.kind)->second.options.retry;
  std::string_view name;
  const auto write = [&]() -> Result<void> {
    const TimestampMs now = clock_.Now();
    if (outcome) {
      name = "succeeded";
      return leases_.Finish(job, JobStatus::kSucceeded, *outcome, std::nullopt, now);
    }
    const std::string error = ErrorJson(outcome.error());
    if (reason == StopReason::kCancelled) {
      name = "cancelled";
      return leases_.Finish(job, JobStatus::kCancelled, std::nullopt, std::nullopt, now);
    }
    if (reason == StopReason::kProcessStops) {
      name = "returned";
      return leases_.GiveBack(job, now);
    }
    if (!WorthARetry(outcome.error().code)) {
      name = "failed";
      return leases_.Finish(job, JobStatus::kFailed, std::nullopt, error, now);
    }
    if (job.attempt >= job.max_attempts) {
      name = "dead";
      return leases_.Finish(job, JobStatus::kDead, std::nullopt, error, now);
    }
    name = "retried";
    return leases_.TryAgain(job, error, now + RetryDelay(policy, job.attempt, random_.Uniform()));
  };
  if (reason == StopReason::kLeaseLost) return outcome && running.succeeded_in_transaction() ? "succeeded" : "lost";
  const auto written = WhileHeld(std::chrono::steady_clock::now() + config_.lease, write);
  if (written) return name;
  return outcome && running.succeeded_in_transaction() ? "succeeded" : "lost";
}

// --- the keeper: heartbeats, progress, metrics

void JobRunner::Keep(const std::stop_token& stop) {
  const auto beat = std::min<std::chrono::milliseconds>(kLongestBeat, config_.lease / 6);
  SteadyTime extended_at = std::chrono::steady_clock::now();
  SteadyTime measured_at{};
  while (!stop.stop_requested()) {
    bool asked = false;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, beat, [] { return false; });
      asked = std::exchange(beat_, false);
    }
    const auto now = std::chrono::steady_clock::now();
    if (asked || now - extended_at >= config_.lease / 3) {
      ExtendLeases();
      extended_at = now;
    }
    WriteReports();
    if (now - measured_at >= config_.measure) {
      measured_at = now;
      if (const auto depths = leases_.Depths(clock_.Now())) metrics_->ShowDepths(*depths);
    }
  }
}

void JobRunner::ExtendLeases() {
  const auto running = RunningNow();
  if (running.empty()) return;
  std::vector<LeasedJob> held;
  for (const Running& one : running) held.push_back(one->job());
  const auto until = std::chrono::steady_clock::now() + config_.lease;
  const auto extended = leases_.Extend(held, clock_.Now() + config_.lease);
  if (!extended) {
    obs::LogFailure("job.leases_not_extended", extended.error(), {{"jobs", held.size()}});
    metrics_->CountDatabaseFailure();
  }
  for (const Running& one : running) {
    if (extended) {
      const auto found = std::ranges::find(*extended, one->job().id, &JobLeases::Extended::id);
      if (found != extended->end()) {
        one->ExtendLease(until);
        if (found->cancel_requested) one->AskToStop(StopReason::kCancelled);
        continue;
      }
      // Gone because it is done, if its handler has just made it so; the stop then finds nobody.
      one->AskToStop(StopReason::kLeaseLost);
    } else if (!one->LeaseHeld()) {
      one->AskToStop(StopReason::kLeaseLost);
    }
  }
}

void JobRunner::WriteReports() {
  for (const Running& one : RunningNow()) {
    const auto report = one->TakeReport();
    if (!report) continue;
    if (auto written = leases_.Report(one->job(), *report); !written) {
      obs::LogFailure("job.progress_not_written", written.error(), {{"job", one->job().id.ToString()}});
      return;  // the others' would wait in vain
    }
  }
}

}  // namespace helios::jobs
