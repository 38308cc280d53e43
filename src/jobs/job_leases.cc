// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/job_leases.h"

#include "jobs/sql.h"

namespace helios::jobs {
namespace {

constexpr std::chrono::hours kKeptFor{24 * 30};
constexpr int kForgottenAtATime = 20;

std::unexpected<Error> LeaseLost(const LeasedJob& job) {
  return Fail(ErrorCode::kConflict, "jobs.lease_lost",
              "cannot write for attempt {} at the job {}: another attempt has it, or it is at its end", job.attempt,
              job.id);
}

}  // namespace

Result<std::vector<LeasedJob>> JobLeases::Lease(const std::vector<Wanted>& wanted, std::size_t most, TimestampMs now,
                                                TimestampMs until) {
  std::vector<std::string> kinds;
  std::vector<std::string> slots;
  for (const Wanted& one : wanted) {
    kinds.push_back(one.kind);
    slots.push_back(std::to_string(one.slots));
  }
  HELIOS_TRY(auto tx, database_.BeginWithoutTenant());
  HELIOS_TRY(const auto rows, tx.Execute(sql::kLeaseJobs, {kinds, slots, most, owner_, now, until}));
  std::vector<LeasedJob> leased;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    leased.push_back({.tenant = rows[i].Get<TenantId>("tenant_id"),
                      .id = rows[i].Get<Uuid>("job_id"),
                      .kind = rows[i].Get<std::string>("kind"),
                      .attempt = static_cast<int>(rows[i].Get<std::int64_t>("attempts")),
                      .max_attempts = static_cast<int>(rows[i].Get<std::int64_t>("max_attempts")),
                      .cancel_requested = rows[i].Get<bool>("cancel_requested")});
  }
  HELIOS_CHECK(tx.Commit());
  return leased;
}

Result<std::vector<JobLeases::Extended>> JobLeases::Extend(const std::vector<LeasedJob>& held, TimestampMs until) {
  std::vector<std::string> ids;
  std::vector<std::string> attempts;
  for (const LeasedJob& job : held) {
    ids.push_back(job.id.ToString());
    attempts.push_back(std::to_string(job.attempt));
  }
  HELIOS_TRY(auto tx, database_.BeginWithoutTenant());
  HELIOS_TRY(const auto rows, tx.Execute(sql::kExtendLeases, {ids, attempts, owner_, until}));
  std::vector<Extended> extended;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    extended.push_back({.id = rows[i].Get<Uuid>("job_id"), .cancel_requested = rows[i].Get<bool>("cancel_requested")});
  }
  HELIOS_CHECK(tx.Commit());
  return extended;
}

Result<std::optional<JobLeases::Started>> JobLeases::Start(const LeasedJob& job, TimestampMs now) {
  HELIOS_TRY(auto tx, database_.Begin(job.tenant));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kStartJob, {tx.tenant(), job.id, job.attempt, now}));
  std::optional<Started> started;
  if (rows.empty()) {
    HELIOS_CHECK(tx.Execute(sql::kDropLease, {tx.tenant(), job.id, job.attempt}));
  } else {
    started = Started{.payload = rows.front().Get<std::string>("payload"),
                      .error = rows.front().Get<std::optional<std::string>>("error")};
  }
  HELIOS_CHECK(tx.Commit());
  return started;
}

Result<pg::TenantTransaction> JobLeases::BeginHeld(const LeasedJob& job) {
  HELIOS_TRY(auto tx, database_.Begin(job.tenant));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kHoldJob, {tx.tenant(), job.id, job.attempt}));
  if (rows.empty()) return LeaseLost(job);
  return tx;
}

Result<void> JobLeases::FinishIn(pg::TenantTransaction& tx, const LeasedJob& job, JobStatus status,
                                 std::optional<std::string> result, std::optional<std::string> error, TimestampMs now) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFinishJob, {tx.tenant(), job.id, job.attempt, now, JobStatusName(status),
                                                           result, error}));
  if (rows.empty()) return LeaseLost(job);
  HELIOS_CHECK(tx.Execute(sql::kDropQueueEntry, {tx.tenant(), job.id}));
  HELIOS_CHECK(tx.Execute(sql::kForgetFinishedJobs, {tx.tenant(), now - kKeptFor, kForgottenAtATime}));
  return {};
}

Result<void> JobLeases::Finish(const LeasedJob& job, JobStatus status, std::optional<std::string> result,
                               std::optional<std::string> error, TimestampMs now) {
  HELIOS_TRY(auto tx, database_.Begin(job.tenant));
  HELIOS_CHECK(FinishIn(tx, job, status, std::move(result), std::move(error), now));
  return tx.Commit();
}

Result<void> JobLeases::QueueAgain(const LeasedJob& job, const std::optional<std::string>& error, TimestampMs run_at,
                                   int more_attempts) {
  HELIOS_TRY(auto tx, database_.Begin(job.tenant));
  HELIOS_TRY(const auto rows,
             tx.Execute(sql::kQueueAgain, {tx.tenant(), job.id, job.attempt, run_at, error, more_attempts}));
  if (rows.empty()) return LeaseLost(job);
  HELIOS_CHECK(tx.Execute(sql::kNotifyJobs, {job.kind}));
  return tx.Commit();
}

Result<void> JobLeases::TryAgain(const LeasedJob& job, std::optional<std::string> error, TimestampMs run_at) {
  return QueueAgain(job, error, run_at, 0);
}

Result<void> JobLeases::GiveBack(const LeasedJob& job, TimestampMs now) {
  return QueueAgain(job, std::nullopt, now, 1);
}

Result<void> JobLeases::Report(const LeasedJob& job, const Progress& progress) {
  HELIOS_TRY(auto tx, database_.Begin(job.tenant));
  HELIOS_CHECK(tx.Execute(sql::kReportProgress,
                          {tx.tenant(), job.id, job.attempt, progress.progress, progress.note, progress.seconds_left}));
  return tx.Commit();
}

Result<std::vector<JobLeases::Depth>> JobLeases::Depths(TimestampMs now) {
  HELIOS_TRY(auto tx, database_.BeginWithoutTenant());
  HELIOS_TRY(const auto rows, tx.Execute(sql::kQueueDepth, {now}));
  std::vector<Depth> depths;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    depths.push_back({.kind = rows[i].Get<std::string>("kind"),
                      .waiting = rows[i].Get<std::int64_t>("waiting"),
                      .running = rows[i].Get<std::int64_t>("running"),
                      .oldest_due_seconds = rows[i].Get<double>("oldest_due_seconds")});
  }
  HELIOS_CHECK(tx.Commit());
  return depths;
}

}  // namespace helios::jobs
