// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "alerting/alerting_service.h"
#include "alerting/evaluation_runner.h"
#include "notify/delivery_runner.h"
#include "notify/notify_service.h"
#include "secrets/vault.h"
#include "wiring/forecast_source_adapter.h"
#include "wiring/model_catalog_adapter.h"
#include "wiring/notification_sink_adapter.h"
#include "wiring/platform.h"
#include "wiring/serve_config.h"

namespace helios::wiring {

/// Alert rules, notification channels, and the threads that evaluate the ones and deliver to the others. Members are
/// declared in the order they are built in.
class AlertingServices {
 public:
  /// Starts at once. `catalog` must outlive it.
  AlertingServices(const Platform& platform, ModelCatalogAdapter& catalog, const ServeConfig& config);

  void AddRoutesTo(tenancy::Routes& routes) const;
  [[nodiscard]] detection::IncidentListener& incident_listener() { return incident_listener_; }
  [[nodiscard]] scaling::AdviceSink& advice_sink() { return advice_sink_; }

  void Stop();  ///< idempotent

 private:
  [[nodiscard]] std::function<void(TenantId)> Wake();

  secrets::Vault vault_;
  http::AddressPolicy webhook_policy_;
  notify::HttpWebhookSender webhook_sender_;
  notify::Courier courier_;
  notify::DeliveryRunner deliveries_;
  notify::NotifyService notify_;
  NotificationSinkAdapter notifications_;
  IncidentListenerAdapter incident_listener_;
  AdviceSinkAdapter advice_sink_;
  ForecastSourceAdapter forecasts_;
  alerting::AlertingService alerting_;
  alerting::RuleEvaluator evaluator_;
  alerting::EvaluationRunner evaluations_;
};

}  // namespace helios::wiring
