// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <algorithm>
#include <functional>

#include "alerting/notification_sink.h"
#include "alerting/stretch.h"
#include "detection/incident_listener.h"
#include "notify/channels.h"
#include "notify/outbox.h"
#include "scaling/advice_sink.h"

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

/// Tells an alert rule's channels of an incident that was resolved by hand.
class IncidentListenerAdapter final : public detection::IncidentListener {
 public:
  explicit IncidentListenerAdapter(alerting::NotificationSink& sink) : sink_(sink) {}

  [[nodiscard]] Result<void> Resolved(pg::TenantTransaction& tx, const Uuid& rule, const Uuid& incident,
                                      TimestampMs now) override {
    return alerting::TellResolvedByHand(tx, rule, incident, sink_, now);
  }
  void Wake(TenantId tenant) override { sink_.Wake(tenant); }

 private:
  alerting::NotificationSink& sink_;
};

/// Puts changes of scaling advice into notify's outbox.
class AdviceSinkAdapter final : public scaling::AdviceSink {
 public:
  explicit AdviceSinkAdapter(std::function<void(TenantId)> wake) : wake_(std::move(wake)) {}

  [[nodiscard]] Result<std::size_t> Put(pg::TenantTransaction& tx, const scaling::AdviceEvent& event,
                                        TimestampMs now) override {
    std::vector<Uuid> channels = event.channels;
    if (event.all_webhooks) {
      HELIOS_TRY(const auto webhooks, notify::ListWebhookIds(tx));
      for (const Uuid& webhook : webhooks) {
        if (std::ranges::find(channels, webhook) == channels.end()) channels.push_back(webhook);
      }
    }
    if (channels.empty()) return std::size_t{0};
    HELIOS_CHECK(
        notify::PutIntoOutbox(tx, {.id = event.id, .type = event.type, .body = event.body, .channels = channels}, now));
    return channels.size();
  }
  void Wake(TenantId tenant) override { wake_(tenant); }

 private:
  std::function<void(TenantId)> wake_;
};

}  // namespace helios::wiring
