// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/schedule_book.h"

#include <algorithm>

#include "jobs/cron.h"
#include "jobs/sql.h"
#include "obs/log.h"

namespace helios::jobs {
namespace {

constexpr int kAtATime = 500;
constexpr std::size_t kMaxNameBytes = 100;
// A schedule that can no longer be read is looked at again, for its zone may come back with an upgrade.
constexpr std::chrono::hours kUnreadableFor{1};
constexpr std::chrono::hours kEver{100 * 365 * 24};

Result<std::optional<TimestampMs>> NextTime(const std::string& cron, const std::string& timezone, TimestampMs after) {
  HELIOS_TRY(const Cron parsed, Cron::Parse(cron));
  HELIOS_TRY(const TimeZone zone, TimeZone::Find(timezone));
  return parsed.Next(after, zone);
}

/// A schedule that is due later than its times say is due at the next of them.
Result<void> PullDue(pg::TenantTransaction& tx, const Uuid& id, const std::string& cron, const std::string& timezone,
                     TimestampMs now) {
  HELIOS_TRY(const auto next, NextTime(cron, timezone, now));
  HELIOS_TRY(const auto latest, NextTime(cron, timezone, now + ScheduleBook::kClockSlack));
  if (!next || !latest) return {};
  HELIOS_CHECK(tx.Execute(sql::kPullScheduleDue, {tx.tenant(), id, *next, *latest}));
  return {};
}

}  // namespace

Result<void> ScheduleBook::Put(pg::TenantTransaction& tx, const NewSchedule& schedule, TimestampMs now) const {
  if (schedule.name.empty() || schedule.name.size() > kMaxNameBytes || schedule.kind.empty() ||
      schedule.kind.size() > kMaxNameBytes) {
    return Fail(ErrorCode::kInvalidArgument, "jobs.bad_schedule",
                "cannot make a schedule: its name has {} bytes and its kind {}; want 1 to {} each",
                schedule.name.size(), schedule.kind.size(), kMaxNameBytes);
  }
  HELIOS_TRY(const auto next, NextTime(schedule.cron, schedule.timezone, now));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kUpsertSchedule,
                                         {tx.tenant(), Uuid::V7(now, random_), schedule.name, schedule.kind,
                                          schedule.payload, schedule.cron, schedule.timezone, schedule.enabled, now}));
  const auto id = rows.front().Get<Uuid>("id");
  if (rows.front().Get<bool>("same_times")) return PullDue(tx, id, schedule.cron, schedule.timezone, now);
  HELIOS_CHECK(tx.Execute(sql::kSetScheduleDue, {tx.tenant(), id, schedule.enabled ? next : std::nullopt}));
  return {};
}

Result<std::optional<Schedule>> ScheduleBook::Find(pg::TenantTransaction& tx, const std::string& name) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindSchedule, {tx.tenant(), name}));
  if (rows.empty()) return std::nullopt;
  const auto row = rows.front();
  Schedule schedule;
  schedule.id = row.Get<Uuid>("id");
  schedule.name = row.Get<std::string>("name");
  schedule.kind = row.Get<std::string>("kind");
  schedule.payload = row.Get<std::string>("payload");
  schedule.cron = row.Get<std::string>("cron");
  schedule.timezone = row.Get<std::string>("timezone");
  schedule.enabled = row.Get<bool>("enabled");
  schedule.last_tick_at = row.Get<std::optional<TimestampMs>>("last_tick_at");
  schedule.due_at = row.Get<std::optional<TimestampMs>>("due_at");
  return schedule;
}

Result<void> ScheduleBook::Remove(pg::TenantTransaction& tx, const std::string& name) {
  HELIOS_CHECK(tx.Execute(sql::kDeleteSchedule, {tx.tenant(), name}));
  return {};
}

Result<void> ScheduleBook::PlanAnew(TimestampMs now) const {
  HELIOS_TRY(auto tx, database_.BeginWithoutTenant());
  HELIOS_TRY(const auto rows, tx.Execute(sql::kPlannedSchedules, {now}));
  HELIOS_CHECK(tx.Execute(sql::kPullPlannedJobs, {now}));
  HELIOS_CHECK(tx.Commit());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto id = rows[i].Get<Uuid>("schedule_id");
    HELIOS_TRY(auto own, database_.Begin(rows[i].Get<TenantId>("tenant_id")));
    HELIOS_TRY(const auto found, own.Execute(sql::kTakeDueSchedule, {own.tenant(), id, now + kEver}));
    if (found.empty()) continue;  // another process has it
    const auto pulled =
        PullDue(own, id, found.front().Get<std::string>("cron"), found.front().Get<std::string>("timezone"), now);
    if (!pulled && pulled.error().code == ErrorCode::kUnavailable) return pulled;
    if (pulled) HELIOS_CHECK(own.Commit());  // one that cannot be read stays as it is
  }
  obs::LogWarning("schedule.clock_went_back", {{"schedules", rows.size()}, {"now", FormatRfc3339(now)}});
  return {};
}

Result<std::size_t> ScheduleBook::FireDue(TimestampMs now) const {
  const TimestampMs newest = newest_.load();
  if (newest != TimestampMs::min() && now < newest - kClockSlack) HELIOS_CHECK(PlanAnew(now));
  if (now > newest || now < newest - kClockSlack) newest_ = now;
  HELIOS_TRY(auto tx, database_.BeginWithoutTenant());
  HELIOS_TRY(const auto rows, tx.Execute(sql::kDueSchedules, {now, kAtATime}));
  HELIOS_CHECK(tx.Commit());
  std::size_t fired = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto tenant = rows[i].Get<TenantId>("tenant_id");
    const auto id = rows[i].Get<Uuid>("schedule_id");
    const auto made = Fire(tenant, id, now);
    if (made) {
      fired += *made ? 1 : 0;
    } else if (made.error().code == ErrorCode::kUnavailable) {
      return std::unexpected(made.error());
    } else {
      obs::LogFailure("schedule.not_fired", made.error(), {{"org_id", tenant.ToString()}, {"schedule", id.ToString()}});
    }
  }
  return fired;
}

Result<bool> ScheduleBook::Fire(TenantId tenant, const Uuid& id, TimestampMs now) const {
  HELIOS_TRY(auto tx, database_.Begin(tenant));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kTakeDueSchedule, {tx.tenant(), id, now}));
  if (rows.empty()) return false;  // another process has it, or was first
  const auto row = rows.front();
  const auto tick = row.Get<TimestampMs>("due_at");
  auto next = NextTime(row.Get<std::string>("cron"), row.Get<std::string>("timezone"), std::max(now, tick));
  if (!next) {
    obs::LogFailure("schedule.unreadable", next.error(), {{"org_id", tenant.ToString()}, {"schedule", id.ToString()}});
    HELIOS_CHECK(tx.Execute(sql::kSetScheduleDue, {tx.tenant(), id, now + kUnreadableFor}));
    HELIOS_CHECK(tx.Commit());
    return false;
  }
  bool made = false;
  if (row.Get<bool>("active")) {
    HELIOS_TRY(const auto job,
               queue_.Enqueue(tx,
                              {.kind = row.Get<std::string>("kind"),
                               .payload = row.Get<std::string>("payload"),
                               .idempotency_key = fmt::format("schedule {} {}", id, FormatRfc3339(tick)),
                               .pending_key = fmt::format("schedule {}", id),
                               .run_at = tick},
                              now));
    made = job.created;
    HELIOS_CHECK(tx.Execute(sql::kNoteScheduleTick, {tx.tenant(), id, tick}));
    obs::LogInfo("schedule.fired", {{"org_id", tenant.ToString()},
                                    {"schedule", row.Get<std::string>("name")},
                                    {"tick", FormatRfc3339(tick)},
                                    {"job", job.id.ToString()},
                                    {"created", job.created}});
  }
  HELIOS_CHECK(tx.Execute(sql::kSetScheduleDue, {tx.tenant(), id, *next}));
  HELIOS_CHECK(tx.Commit());
  return made;
}

}  // namespace helios::jobs
