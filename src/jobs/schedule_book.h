// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "jobs/job_queue.h"
#include "pg/database.h"

namespace helios::jobs {

/// A job that a tenant has done again and again.
struct NewSchedule {
  std::string name;            ///< the tenant's only one of that name; at most 100 bytes, such as "training.nightly"
  std::string kind;            ///< of the jobs it makes
  std::string payload = "{}";  ///< of each of them; a JSON object
  std::string cron;            ///< as in cron.h
  std::string timezone = "UTC";
  bool enabled = true;
};

struct Schedule : NewSchedule {
  Uuid id;
  std::optional<TimestampMs> last_tick_at;  ///< the time it was for, not when its job was made
  std::optional<TimestampMs> due_at;        ///< none while it is not enabled
};

/// Schedules, and the jobs that they make.
///
/// Any number of processes may fire them: a tick makes one job. The job's run_at is the tick's time. Ticks missed while
/// no process ran make one job, as soon as one does. While a tick's job waits or runs, later ticks make none. A clock
/// that goes back makes no tick twice. Where it goes back by more than kClockSlack, what the clock that was ahead had
/// planned is planned anew, at the next FireDue() or Put(), so that nothing waits until the time it had shown.
/// Schedules of a suspended or deleted organization make nothing. Thread-safe.
class ScheduleBook {
 public:
  ScheduleBook(pg::Database& database, const JobQueue& queue, Random& random)
      : database_(database), queue_(queue), random_(random) {}

  /// Makes the schedule, or makes the one of that name like this. Its next time is counted from `now` where its times
  /// changed, and stays else. Errors: kInvalidArgument jobs.bad_schedule, jobs.bad_cron, jobs.unknown_time_zone; those
  /// of pg::Transaction.
  [[nodiscard]] Result<void> Put(pg::TenantTransaction& tx, const NewSchedule& schedule, TimestampMs now) const;

  /// nullopt where the tenant has none of that name.
  [[nodiscard]] static Result<std::optional<Schedule>> Find(pg::TenantTransaction& tx, const std::string& name);

  /// No error where there is none.
  [[nodiscard]] static Result<void> Remove(pg::TenantTransaction& tx, const std::string& name);

  static constexpr std::chrono::minutes kClockSlack{10};

  /// Makes the jobs of every schedule that is due; gives how many. One tenant's failure is logged and stops nobody
  /// else's. Errors: those of pg::Database, where it is away.
  [[nodiscard]] Result<std::size_t> FireDue(TimestampMs now) const;

 private:
  [[nodiscard]] Result<bool> Fire(TenantId tenant, const Uuid& id, TimestampMs now) const;

  [[nodiscard]] Result<void> PlanAnew(TimestampMs now) const;

  pg::Database& database_;
  const JobQueue& queue_;
  Random& random_;
  mutable std::atomic<TimestampMs> newest_{TimestampMs::min()};  ///< that FireDue() was called at
};

}  // namespace helios::jobs
