// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "jobs/job.h"
#include "pg/database.h"

namespace helios::jobs {

/// The workers' side of the queue: who has which job until when, and what became of it.
///
/// Time comes from the caller; the clocks of all processes must agree to within a few seconds (a lease is 30). A clock
/// that runs ahead takes jobs from workers that live; their attempts then write nothing. Thread-safe.
/// Errors of all calls: those of pg::Database and pg::Transaction. kConflict jobs.lease_lost where the attempt is no
/// longer the job's: nothing was written.
class JobLeases {
 public:
  /// How many more jobs of a kind are wanted.
  struct Wanted {
    std::string kind;
    std::size_t slots = 1;
  };

  struct Depth {
    std::string kind;
    std::int64_t waiting = 0;
    std::int64_t running = 0;
    double oldest_due_seconds = 0;
  };

  struct Extended {
    Uuid id;
    bool cancel_requested = false;
  };

  struct Started {
    std::string payload;
    std::optional<std::string> error;  ///< of the attempt before
  };

  struct Progress {
    double progress = 0;
    std::string note;
    std::optional<std::int64_t> seconds_left;
  };

  /// `owner` names this process: at most 100 bytes, and no other process' at any time.
  JobLeases(pg::Database& database, std::string owner) : database_(database), owner_(std::move(owner)) {}

  /// Up to `most` jobs that are due, each tenant in its turn. Fewer than there are where others lease at this moment.
  [[nodiscard]] Result<std::vector<LeasedJob>> Lease(const std::vector<Wanted>& wanted, std::size_t most,
                                                     TimestampMs now, TimestampMs until);

  /// Those of `held` that are still ours; their leases now end at `until`.
  [[nodiscard]] Result<std::vector<Extended>> Extend(const std::vector<LeasedJob>& held, TimestampMs until);

  /// Makes the attempt the job's. From here on earlier attempts write nothing. nullopt: the job is at its end already,
  /// and out of the queue.
  [[nodiscard]] Result<std::optional<Started>> Start(const LeasedJob& job, TimestampMs now);

  /// As JobContext::Begin().
  [[nodiscard]] Result<pg::TenantTransaction> BeginHeld(const LeasedJob& job);

  /// The end of a job: succeeded with `result`, or failed, dead or cancelled with `error`. Forgets a few jobs of the
  /// tenant that ended more than 30 days ago.
  [[nodiscard]] Result<void> Finish(const LeasedJob& job, JobStatus status, std::optional<std::string> result,
                                    std::optional<std::string> error, TimestampMs now);
  /// The same within a transaction of the handler's.
  [[nodiscard]] static Result<void> FinishIn(pg::TenantTransaction& tx, const LeasedJob& job, JobStatus status,
                                             std::optional<std::string> result, std::optional<std::string> error,
                                             TimestampMs now);

  /// Queues it again, not before `run_at`.
  [[nodiscard]] Result<void> TryAgain(const LeasedJob& job, std::optional<std::string> error, TimestampMs run_at);

  /// Queues it again as though this attempt had not been: for a process that stops.
  [[nodiscard]] Result<void> GiveBack(const LeasedJob& job, TimestampMs now);

  /// Does nothing where the attempt is no longer the job's.
  [[nodiscard]] Result<void> Report(const LeasedJob& job, const Progress& progress);

  [[nodiscard]] Result<std::vector<Depth>> Depths(TimestampMs now);

 private:
  [[nodiscard]] Result<void> QueueAgain(const LeasedJob& job, const std::optional<std::string>& error,
                                        TimestampMs run_at, int more_attempts);

  pg::Database& database_;
  std::string owner_;
};

}  // namespace helios::jobs
