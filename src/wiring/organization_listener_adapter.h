// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>

#include "identity/environment.h"
#include "training/training_schedule.h"

namespace helios::wiring {

/// Keeps what hangs on an organization's settings in step with them.
class OrganizationListenerAdapter final : public identity::OrganizationListener {
 public:
  explicit OrganizationListenerAdapter(const jobs::ScheduleBook& schedules) : schedules_(schedules) {}

  [[nodiscard]] Result<void> Changed(pg::TenantTransaction& tx, const std::string& settings,
                                     const std::string& timezone, TimestampMs now) const override {
    return training::PutTrainingSchedule(tx, schedules_, settings, timezone, now);
  }

 private:
  const jobs::ScheduleBook& schedules_;
};

}  // namespace helios::wiring
