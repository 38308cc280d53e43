// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/job.h"

#include <array>
#include <utility>

namespace helios::jobs {
namespace {

constexpr std::array<std::pair<JobStatus, std::string_view>, 6> kNames = {{{JobStatus::kQueued, "queued"},
                                                                           {JobStatus::kRunning, "running"},
                                                                           {JobStatus::kSucceeded, "succeeded"},
                                                                           {JobStatus::kFailed, "failed"},
                                                                           {JobStatus::kDead, "dead"},
                                                                           {JobStatus::kCancelled, "cancelled"}}};

}  // namespace

std::string_view JobStatusName(JobStatus status) {
  for (const auto& [known, name] : kNames) {
    if (known == status) return name;
  }
  return "unknown";
}

std::optional<JobStatus> ParseJobStatus(std::string_view name) {
  for (const auto& [status, known] : kNames) {
    if (known == name) return status;
  }
  return std::nullopt;
}

}  // namespace helios::jobs
