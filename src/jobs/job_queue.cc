// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/job_queue.h"

#include "jobs/sql.h"

namespace helios::jobs {
namespace {

constexpr std::size_t kMaxKindBytes = 100;
constexpr std::size_t kMaxKeyBytes = 255;
constexpr int kMostAttempts = 100;
// A job with the key may end between the two looks; it does not do so for ever.
constexpr int kLooks = 5;

Job JobOf(const pg::Rows::Row& row) {
  const auto left = row.Get<std::optional<std::int64_t>>("seconds_left");
  return {.id = row.Get<Uuid>("id"),
          .kind = row.Get<std::string>("kind"),
          .status = ParseJobStatus(row.Get<std::string>("status")).value_or(JobStatus::kDead),
          .progress = row.Get<double>("progress"),
          .progress_note = row.Get<std::optional<std::string>>("progress_note").value_or(""),
          .left = left ? std::optional(std::chrono::seconds{*left}) : std::nullopt,
          .payload = row.Get<std::string>("payload"),
          .result = row.Get<std::optional<std::string>>("result"),
          .error = row.Get<std::optional<std::string>>("error"),
          .attempts = static_cast<int>(row.Get<std::int64_t>("attempts")),
          .created_by = row.Get<std::optional<Uuid>>("created_by"),
          .created_at = row.Get<TimestampMs>("created_at"),
          .run_at = row.Get<std::optional<TimestampMs>>("run_at"),
          .started_at = row.Get<std::optional<TimestampMs>>("started_at"),
          .finished_at = row.Get<std::optional<TimestampMs>>("finished_at")};
}

std::unexpected<Error> NoSuchJob(const Uuid& id) {
  return Fail(ErrorCode::kNotFound, "jobs.no_such_job", "cannot find the job {}", id);
}

Result<void> Check(const NewJob& job) {
  if (job.kind.empty() || job.kind.size() > kMaxKindBytes) {
    return Fail(ErrorCode::kInvalidArgument, "jobs.bad_job", "cannot queue a job: its kind has {} bytes; want 1 to {}",
                job.kind.size(), kMaxKindBytes);
  }
  for (const auto& key : {job.idempotency_key, job.pending_key}) {
    if (key && (key->empty() || key->size() > kMaxKeyBytes)) {
      return Fail(ErrorCode::kInvalidArgument, "jobs.bad_job",
                  "cannot queue a job of {}: a key has {} bytes; want 1 to {}", job.kind, key->size(), kMaxKeyBytes);
    }
  }
  if (job.max_attempts < 1 || job.max_attempts > kMostAttempts) {
    return Fail(ErrorCode::kInvalidArgument, "jobs.bad_job", "cannot queue a job of {}: got {} attempts; want 1 to {}",
                job.kind, job.max_attempts, kMostAttempts);
  }
  return {};
}

/// The status, with the row locked.
Result<JobStatus> Lock(pg::TenantTransaction& tx, const Uuid& id) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kLockJob, {tx.tenant(), id}));
  if (rows.empty()) return NoSuchJob(id);
  return ParseJobStatus(rows.front().Get<std::string>("status")).value_or(JobStatus::kDead);
}

}  // namespace

Result<JobQueue::Enqueued> JobQueue::Enqueue(pg::TenantTransaction& tx, const NewJob& job, TimestampMs now) const {
  HELIOS_CHECK(Check(job));
  const Uuid id = Uuid::V7(now, random_);
  for (int look = 0; look < kLooks; ++look) {
    HELIOS_TRY(const auto inserted, tx.Execute(sql::kInsertJob, {tx.tenant(), id, job.kind, job.payload, job.created_by,
                                                                 now, job.run_at.value_or(now), job.idempotency_key,
                                                                 job.pending_key, job.max_attempts}));
    if (!inserted.empty()) {
      HELIOS_CHECK(tx.Execute(sql::kNotifyJobs, {job.kind}));
      return Enqueued{.id = id, .created = true};
    }
    HELIOS_TRY(const auto found,
               tx.Execute(sql::kFindJobByKey, {tx.tenant(), job.kind, job.idempotency_key, job.pending_key}));
    if (!found.empty()) return Enqueued{.id = found.front().Get<Uuid>("id"), .created = false};
  }
  return Fail(ErrorCode::kConflict, "jobs.already_pending",
              "cannot queue a job of {}: others with its key come and go; try again", job.kind);
}

Result<Job> JobQueue::Find(pg::TenantTransaction& tx, const Uuid& id) const {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindJob, {tx.tenant(), id}));
  if (rows.empty()) return NoSuchJob(id);
  return JobOf(rows.front());
}

Result<std::vector<Job>> JobQueue::List(pg::TenantTransaction& tx, const Filter& filter, std::size_t limit,
                                        std::size_t offset) const {
  const auto status = filter.status ? std::optional(JobStatusName(*filter.status)) : std::nullopt;
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListJobs, {tx.tenant(), status, filter.kind, limit, offset}));
  std::vector<Job> jobs;
  jobs.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) jobs.push_back(JobOf(rows[i]));
  return jobs;
}

Result<Job> JobQueue::Cancel(pg::TenantTransaction& tx, const Uuid& id, TimestampMs now) const {
  HELIOS_TRY(const JobStatus status, Lock(tx, id));
  if (status == JobStatus::kQueued) {
    HELIOS_CHECK(tx.Execute(sql::kCancelQueuedJob, {tx.tenant(), id, now}));
  } else if (status == JobStatus::kRunning) {
    HELIOS_CHECK(tx.Execute(sql::kAskToCancel, {tx.tenant(), id}));
    HELIOS_CHECK(tx.Execute(sql::kNotifyJobs, {"cancel"}));
  } else {
    return Fail(ErrorCode::kFailedPrecondition, "jobs.already_finished", "cannot cancel the job {}: it is {} already",
                id, JobStatusName(status));
  }
  return Find(tx, id);
}

Result<Job> JobQueue::Requeue(pg::TenantTransaction& tx, const Uuid& id, TimestampMs now) const {
  HELIOS_TRY(const JobStatus status, Lock(tx, id));
  if (status == JobStatus::kQueued || status == JobStatus::kRunning) {
    return Fail(ErrorCode::kFailedPrecondition, "jobs.not_finished", "cannot queue the job {} again: it is {}", id,
                JobStatusName(status));
  }
  if (status == JobStatus::kSucceeded) {
    return Fail(ErrorCode::kFailedPrecondition, "jobs.succeeded",
                "cannot queue the job {} again: it succeeded; want one that failed, is dead or was cancelled", id);
  }
  auto queued = tx.Execute(sql::kRequeueJob, {tx.tenant(), id, now});
  if (!queued && queued.error().reason == "pg.unique_violation") {
    return Fail(ErrorCode::kConflict, "jobs.already_pending",
                "cannot queue the job {} again: another one for the same is queued or running", id);
  }
  if (!queued) return std::unexpected(std::move(queued).error());
  HELIOS_CHECK(tx.Execute(sql::kNotifyJobs, {queued->front().Get<std::string>("kind")}));
  return Find(tx, id);
}

}  // namespace helios::jobs
