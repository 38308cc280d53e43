// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/alerting_services.h"

#include <algorithm>
#include <iterator>

#include "detection/counters.h"
#include "query/selector.h"
#include "wiring/names.h"

namespace helios::wiring {
namespace {

alerting::CounterCheck CountersOf(const tsdb::SampleStore& store) {
  return [&store](TenantId tenant, const std::string& metric) { return detection::IsCounter(store, tenant, metric); };
}

}  // namespace

AlertingServices::AlertingServices(const Platform& platform, ModelCatalogAdapter& catalog, const ServeConfig& config)
    : vault_(secrets::MasterKeys{{1, platform.keys.Derive(kVaultKey)}}, platform.random),
      webhook_policy_(config.webhook_networks),
      webhook_sender_(webhook_policy_),
      courier_(platform.database, vault_, platform.audit, webhook_sender_, platform.clock, platform.random),
      deliveries_(courier_, platform.database, platform.clock, notify::DeliveryRunner::Config{}),
      notify_(notify::Environment{.database = platform.database,
                                  .random = platform.random,
                                  .audit = platform.audit,
                                  .vault = vault_,
                                  .policy = webhook_policy_,
                                  .wake = Wake()},
              platform.cursors),
      notifications_(Wake()),
      incident_listener_(notifications_),
      advice_sink_(Wake()),
      forecasts_(platform.store, catalog),
      alerting_(alerting::Environment{.database = platform.database,
                                      .random = platform.random,
                                      .audit = platform.audit,
                                      .sink = notifications_},
                platform.store, query::ParseMatchers, CountersOf(platform.store), platform.cursors),
      evaluator_(platform.store, forecasts_, query::ParseMatchers, CountersOf(platform.store), platform.database,
                 notifications_, platform.clock),
      evaluations_(evaluator_, platform.database, platform.metrics, config.rule_interval) {}

std::function<void(TenantId)> AlertingServices::Wake() {
  return [this](TenantId tenant) { deliveries_.Wake(tenant); };
}

void AlertingServices::AddRoutesTo(tenancy::Routes& routes) const {
  std::ranges::move(notify_.MakeRoutes(), std::back_inserter(routes));
  std::ranges::move(alerting_.MakeRoutes(), std::back_inserter(routes));
}

void AlertingServices::Stop() {
  evaluations_.Stop();
  deliveries_.Stop();
}

}  // namespace helios::wiring
