// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/internal/running_job.h"

#include <algorithm>
#include <utility>

namespace helios::jobs::internal {
namespace {

constexpr std::size_t kMaxNoteBytes = 400;
// Below it the estimate of what is left is a guess.
constexpr double kTellingProgress = 0.01;

}  // namespace

bool RunningJob::LeaseHeld() const {
  return reason_ != StopReason::kLeaseLost && std::chrono::steady_clock::now() < lease_until_.load();
}

void RunningJob::AskToStop(StopReason reason) {
  StopReason known = reason_;
  while (known < reason && !reason_.compare_exchange_weak(known, reason)) {
  }
  stop_.request_stop();
}

void RunningJob::Report(double progress, std::string_view note) {
  const double clamped = std::clamp(progress, 0.0, 1.0);
  std::optional<std::int64_t> left;
  if (clamped >= kTellingProgress) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started_;
    left = static_cast<std::int64_t>(took.count() * (1.0 - clamped) / clamped + 0.5);
  }
  std::size_t length = std::min(note.size(), kMaxNoteBytes);
  while (length < note.size() && length > 0 && (static_cast<unsigned char>(note[length]) & 0xC0U) == 0x80U) --length;
  const std::scoped_lock lock(mutex_);
  report_ = JobLeases::Progress{.progress = clamped, .note = std::string(note.substr(0, length)), .seconds_left = left};
}

std::optional<JobLeases::Progress> RunningJob::TakeReport() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(report_, std::nullopt);
}

Result<pg::TenantTransaction> RunningJob::Begin() {
  return leases_.BeginHeld(job());
}

Result<void> RunningJob::SucceedIn(pg::TenantTransaction& tx, std::string_view result) {
  HELIOS_CHECK(JobLeases::FinishIn(tx, job(), JobStatus::kSucceeded, std::string(result), std::nullopt, clock_.Now()));
  succeeded_ = true;
  return {};
}

}  // namespace helios::jobs::internal
