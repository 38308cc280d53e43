// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/training_schedule.h"

#include "jobs/time_zone.h"
#include "obs/log.h"
#include "training/sql.h"
#include "training/train_nightly.h"
#include "training/training_settings.h"

namespace helios::training {

Result<void> PutTrainingSchedule(pg::TenantTransaction& tx, const jobs::ScheduleBook& schedules,
                                 std::string_view settings, const std::string& timezone, TimestampMs now) {
  const TrainingSettings parsed = ParseSettings(settings, timezone);
  return schedules.Put(tx,
                       {.name = std::string(kNightlySchedule),
                        .kind = std::string(kTrainNightly),
                        .cron = parsed.schedule,
                        .timezone = jobs::TimeZone::Find(timezone) ? timezone : "UTC"},
                       now);
}

void PutTrainingSchedules(pg::Database& database, const jobs::ScheduleBook& schedules,
                          const std::vector<TenantId>& tenants, TimestampMs now) {
  for (const TenantId tenant : tenants) {
    const auto put = [&]() -> Result<void> {
      HELIOS_TRY(auto tx, database.Begin(tenant));
      HELIOS_TRY(const auto rows, tx.Execute(sql::kReadSettings, {tx.tenant()}));
      if (rows.empty()) return {};
      HELIOS_CHECK(PutTrainingSchedule(tx, schedules, rows.front().Get<std::string>("settings"),
                                       rows.front().Get<std::string>("timezone"), now));
      return tx.Commit();
    };
    if (const auto done = put(); !done) {
      obs::LogFailure("models.not_scheduled", done.error(), {{"org_id", tenant.ToString()}});
    }
  }
}

}  // namespace helios::training
