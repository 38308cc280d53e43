// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "jobs/job.h"
#include "pg/database.h"

namespace helios::jobs {

/// The tenant's side of the queue: put jobs in, look at them, stop them, try them again.
///
/// Each call works within the caller's transaction and comes to effect when that commits: a job exists if and only if
/// the change that asked for it does. Workers are woken at the commit. Thread-safe.
class JobQueue {
 public:
  /// Told apart, so that a caller may say whether it started something.
  struct Enqueued {
    Uuid id;
    bool created = true;  ///< false: a job with one of the keys was there already, and `id` is its
  };

  struct Filter {
    std::optional<JobStatus> status = std::nullopt;
    std::optional<std::string> kind = std::nullopt;
  };

  explicit JobQueue(Random& random) : random_(random) {}

  /// Errors: kInvalidArgument jobs.bad_job (a field out of the bounds in NewJob); those of pg::Transaction.
  [[nodiscard]] Result<Enqueued> Enqueue(pg::TenantTransaction& tx, const NewJob& job, TimestampMs now) const;

  /// Errors: kNotFound jobs.no_such_job.
  [[nodiscard]] Result<Job> Find(pg::TenantTransaction& tx, const Uuid& id) const;

  /// Newest first.
  [[nodiscard]] Result<std::vector<Job>> List(pg::TenantTransaction& tx, const Filter& filter, std::size_t limit,
                                              std::size_t offset) const;

  /// A queued job is cancelled with this transaction. A running one is asked to stop: its worker learns of it with its
  /// next heartbeat, and the job becomes cancelled unless it succeeds before it looks. Gives the job as it is then.
  /// Errors: kNotFound jobs.no_such_job; kFailedPrecondition jobs.already_finished.
  [[nodiscard]] Result<Job> Cancel(pg::TenantTransaction& tx, const Uuid& id, TimestampMs now) const;

  /// Queues a failed, dead or cancelled job again, with as many attempts as it had at first.
  /// Errors: kNotFound jobs.no_such_job; kFailedPrecondition jobs.not_finished, jobs.succeeded; kConflict
  /// jobs.already_pending: another job with its pending key is queued or running.
  [[nodiscard]] Result<Job> Requeue(pg::TenantTransaction& tx, const Uuid& id, TimestampMs now) const;

 private:
  Random& random_;
};

}  // namespace helios::jobs
