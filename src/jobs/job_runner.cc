// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/job_runner.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/hex.h"
#include "jobs/internal/runner_metrics.h"
#include "jobs/internal/running_job.h"
#include "obs/log.h"

namespace helios::jobs {
namespace {

constexpr RetryPolicy kDatabaseBackoff{.first = std::chrono::milliseconds{250},
                                       .longest = std::chrono::milliseconds{10'000}};

}  // namespace

std::string MakeOwner(Random& random) {
  std::array<char, 65> host{};
  (void)::gethostname(host.data(), host.size() - 1);
  std::array<std::uint8_t, 4> salt{};
  random.Fill(salt);
  return fmt::format("{}:{}:{}", host.data(), ::getpid(), ToHex(salt));
}

JobRunner::JobRunner(pg::Database& database, JobKinds kinds, const ScheduleBook* schedules, const Clock& clock,
                     Random& random, obs::Metrics& metrics, const Config& config)
    : leases_(database, config.owner),
      kinds_(std::move(kinds)),
      schedules_(schedules),
      clock_(clock),
      random_(random),
      config_(config),
      metrics_(std::make_unique<internal::RunnerMetrics>(metrics)) {
  for (unsigned i = 0; i < config_.threads; ++i) {
    workers_.emplace_back([this](const std::stop_token& stop) { Work(stop); });
  }
  keeper_ = std::jthread([this](const std::stop_token& stop) { Keep(stop); });
  dispatcher_ = std::jthread([this](const std::stop_token& stop) { Dispatch(stop); });
  if (!config_.listen_url.empty()) {
    listener_ = std::make_unique<pg::Listener>(config_.listen_url, "helios_jobs", [this] { Wake(); });
  }
}

JobRunner::~JobRunner() {
  Stop();
}

void JobRunner::Wake() {
  {
    const std::scoped_lock lock(mutex_);
    woken_ = true;
    beat_ = true;
  }
  changed_.notify_all();
}

std::vector<JobRunner::Running> JobRunner::RunningNow() {
  const std::scoped_lock lock(mutex_);
  return {running_.begin(), running_.end()};
}

void JobRunner::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopped_, true)) return;
    stopping_ = true;
  }
  listener_.reset();
  dispatcher_.request_stop();
  dispatcher_.join();
  for (const Running& running : RunningNow()) running->AskToStop(internal::StopReason::kProcessStops);
  for (std::jthread& worker : workers_) worker.request_stop();
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, config_.stop_grace, [this] { return busy_ == 0; });
  }
  for (const Running& running : RunningNow()) {
    obs::LogWarning("job.does_not_stop", {{"job", running->job().id.ToString()}, {"kind", running->job().kind}});
    running->AskToStop(internal::StopReason::kLeaseLost);
    if (auto back = leases_.GiveBack(running->job(), clock_.Now()); !back) {
      obs::LogFailure("job.not_returned", back.error(), {{"job", running->job().id.ToString()}});
    }
  }
  workers_.clear();
  keeper_.request_stop();
  keeper_.join();
}

// --- the dispatcher: looks for jobs and fires schedules

std::vector<JobLeases::Wanted> JobRunner::WantedNow(std::size_t& most) {
  const std::scoped_lock lock(mutex_);
  most = config_.threads - std::min(config_.threads, busy_);
  std::vector<JobLeases::Wanted> wanted;
  if (most == 0) return wanted;
  for (const auto& [kind, entry] : kinds_.entries()) {
    const auto busy = busy_kinds_.find(kind);
    const unsigned running = busy == busy_kinds_.end() ? 0 : busy->second;
    if (running >= entry.options.max_running) continue;
    wanted.push_back({.kind = kind, .slots = std::min<std::size_t>(entry.options.max_running - running, most)});
  }
  return wanted;
}

Result<bool> JobRunner::LeaseSome() {
  std::size_t most = 0;
  const auto wanted = WantedNow(most);
  if (wanted.empty()) return false;
  const TimestampMs now = clock_.Now();
  const auto until = std::chrono::steady_clock::now() + config_.lease;
  HELIOS_TRY(auto leased, leases_.Lease(wanted, most, now, now + config_.lease));
  if (leased.empty()) return false;
  {
    const std::scoped_lock lock(mutex_);
    for (LeasedJob& job : leased) {
      ++busy_;
      ++busy_kinds_[job.kind];
      handed_.push_back({std::move(job), until});
    }
  }
  changed_.notify_all();
  return true;
}

Result<bool> JobRunner::LookOnce(std::chrono::steady_clock::time_point& fired_at) {
  const auto now = std::chrono::steady_clock::now();
  if (schedules_ != nullptr && now - fired_at >= config_.poll) {
    HELIOS_CHECK(schedules_->FireDue(clock_.Now()));
    fired_at = now;
  }
  return LeaseSome();
}

void JobRunner::Dispatch(const std::stop_token& stop) {
  std::chrono::steady_clock::time_point fired_at{};
  int failures = 0;
  while (!stop.stop_requested()) {
    const auto found = LookOnce(fired_at);
    auto wait = config_.poll;
    if (!found) {
      obs::LogFailure("job.queue_away", found.error(), {{"failures", ++failures}});
      metrics_->CountDatabaseFailure();
      wait = RetryDelay(kDatabaseBackoff, failures, random_.Uniform());
    } else {
      failures = 0;
      if (*found) continue;  // there may be more
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, wait, [this] { return woken_; });
    woken_ = false;
  }
}

}  // namespace helios::jobs
