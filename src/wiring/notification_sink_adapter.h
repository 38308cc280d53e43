// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>

#include "alerting/notification_sink.h"
#include "notify/outbox.h"

namespace helios::wiring {

/// Puts alerting's notifications into notify's outbox.
class NotificationSinkAdapter final : public alerting::NotificationSink {
 public:
  explicit NotificationSinkAdapter(std::function<void(TenantId)> wake) : wake_(std::move(wake)) {}

  [[nodiscard]] Result<void> Put(pg::TenantTransaction& tx, const alerting::Notification& notification,
                                 TimestampMs now) override {
    return notify::PutIntoOutbox(tx,
                                 {.id = notification.id,
                                  .type = notification.type,
                                  .body = notification.body,
                                  .channels = notification.channels},
                                 now);
  }
  void Wake(TenantId tenant) override { wake_(tenant); }

 private:
  std::function<void(TenantId)> wake_;
};

}  // namespace helios::wiring
