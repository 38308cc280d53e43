// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/time.h"
#include "jobs/job_handler.h"
#include "jobs/job_leases.h"

namespace helios::jobs::internal {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Why a handler was asked to stop; a later reason takes the place of an earlier one.
enum class StopReason : std::uint8_t { kNone, kProcessStops, kCancelled, kLeaseLost };

/// An attempt in progress, between its handler's thread and the runner's. Thread-safe.
class RunningJob final : public JobContext {
 public:
  /// `until`: the lease's end, on this process' own clock.
  RunningJob(LeasedJob job, std::string payload, JobLeases& leases, const Clock& clock, SteadyTime until)
      : JobContext(std::move(job), std::move(payload)), leases_(leases), clock_(clock), lease_until_(until) {}

  [[nodiscard]] std::stop_token stop() const override { return stop_.get_token(); }
  [[nodiscard]] bool LeaseHeld() const override;
  void Report(double progress, std::string_view note) override;
  [[nodiscard]] Result<pg::TenantTransaction> Begin() override;
  [[nodiscard]] Result<void> SucceedIn(pg::TenantTransaction& tx, std::string_view result) override;

  void ExtendLease(SteadyTime until) { lease_until_ = until; }
  void AskToStop(StopReason reason);
  [[nodiscard]] StopReason stop_reason() const { return reason_; }

  /// What was reported since the last time; nullopt for nothing.
  [[nodiscard]] std::optional<JobLeases::Progress> TakeReport();

  /// Whether the handler's own transaction made it succeed, if that was committed.
  [[nodiscard]] bool succeeded_in_transaction() const { return succeeded_; }

 private:
  JobLeases& leases_;
  const Clock& clock_;
  const SteadyTime started_ = std::chrono::steady_clock::now();
  std::stop_source stop_;
  std::atomic<SteadyTime> lease_until_;
  std::atomic<StopReason> reason_ = StopReason::kNone;
  std::atomic<bool> succeeded_ = false;
  std::mutex mutex_;
  std::optional<JobLeases::Progress> report_;
};

}  // namespace helios::jobs::internal
