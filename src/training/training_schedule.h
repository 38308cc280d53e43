// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "jobs/schedule_book.h"
#include "pg/database.h"

namespace helios::training {

inline constexpr std::string_view kNightlySchedule = "training.nightly";

/// Makes the organization's nightly training, or makes it like these settings: a JSON object, and its time zone (UTC
/// where the zone is not known here). Errors: those of ScheduleBook::Put().
[[nodiscard]] Result<void> PutTrainingSchedule(pg::TenantTransaction& tx, const jobs::ScheduleBook& schedules,
                                               std::string_view settings, const std::string& timezone, TimestampMs now);

/// The same for each of these organizations, from what the database has: for those that signed up before there was
/// training. A failure is logged, and stops no other's.
void PutTrainingSchedules(pg::Database& database, const jobs::ScheduleBook& schedules,
                          const std::vector<TenantId>& tenants, TimestampMs now);

}  // namespace helios::training
