// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/uuid.h"

namespace helios::jobs {

/// What became of a job.
///
///   queued ──lease──▶ running ──▶ succeeded
///     ▲                 │ ├─────▶ failed     the handler said that trying again is no use
///     │                 │ ├─────▶ dead       it failed, or its worker died, as often as it may
///     └──try again──────┘ └─────▶ cancelled  somebody asked for it
///
/// A failed, dead or cancelled job can be queued again.
enum class JobStatus : std::uint8_t { kQueued, kRunning, kSucceeded, kFailed, kDead, kCancelled };

/// "queued", "running", …: as in the table and in the API.
[[nodiscard]] std::string_view JobStatusName(JobStatus status);
[[nodiscard]] std::optional<JobStatus> ParseJobStatus(std::string_view name);

/// What is to be done once.
struct NewJob {
  std::string kind;            ///< "training.train_metric": feature and verb; at most 100 bytes
  std::string payload = "{}";  ///< a JSON object; the handler's business
  /// With the kind: a second job with the same key is the first one, for as long as that is kept (30 days from its
  /// end). For effects that must not happen twice, such as one tick of a schedule. At most 255 bytes.
  std::optional<std::string> idempotency_key = std::nullopt;
  /// With the kind: a second job with the same key is the first one while that is queued or running. For work that is
  /// as good as done when the queue holds it. At most 255 bytes.
  std::optional<std::string> pending_key = std::nullopt;
  std::optional<TimestampMs> run_at = std::nullopt;  ///< not before; none: now
  int max_attempts = 5;                              ///< 1 to 100; then it is dead
  std::optional<Uuid> created_by = std::nullopt;     ///< a user, where one asked for it
};

/// A job as its tenant sees it.
struct Job {
  Uuid id;
  std::string kind;
  JobStatus status = JobStatus::kQueued;
  double progress = 0;                       ///< 0 to 1
  std::string progress_note;                 ///< what is done, in words; may be empty
  std::optional<std::chrono::seconds> left;  ///< of a running job: how long, as estimated
  std::string payload;                       ///< JSON
  std::optional<std::string> result;         ///< JSON, of one that succeeded
  std::optional<std::string> error;          ///< {"code", "detail"} of the newest failure
  int attempts = 0;                          ///< so far, over all requeues
  std::optional<Uuid> created_by;
  TimestampMs created_at;
  std::optional<TimestampMs> run_at;      ///< of a queued job: not before
  std::optional<TimestampMs> started_at;  ///< of the newest attempt
  std::optional<TimestampMs> finished_at;
};

/// A job that a worker holds: an attempt at it. The attempt's number is what fences: whoever has a lower one than the
/// job's writes nothing any more.
struct LeasedJob {
  TenantId tenant;
  Uuid id;
  std::string kind;
  int attempt = 1;       ///< rises for ever
  int max_attempts = 5;  ///< the attempt of this number is the last one
  bool cancel_requested = false;
};

}  // namespace helios::jobs
