// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/accuracy_adapters.h"

namespace helios::wiring {
namespace {

constexpr std::chrono::seconds kPatience{30};

}  // namespace

std::optional<inference::Withdrawal> WithdrawalsAdapter::Find(TenantId tenant, tsdb::SeriesId series,
                                                              std::chrono::minutes horizon) const {
  auto withdrawn = ledger_.Withdrawn(tenant, series, horizon);
  if (!withdrawn) return std::nullopt;
  return inference::Withdrawal{.since = withdrawn->since, .reason = std::move(withdrawn->reason)};
}

Result<ml::SeriesForecast> ScheduledForecastsAdapter::Forecast(TenantId tenant, const tsdb::SeriesInfo& series,
                                                               std::span<const std::chrono::minutes> horizons,
                                                               TimestampMs now) {
  tenancy::RequestContext context;
  context.tenant = tenant;
  context.now = now;
  context.deadline = std::chrono::steady_clock::now() + kPatience;
  ml::ForecastOptions options;
  options.horizons.assign(horizons.begin(), horizons.end());
  return predictor_.ForecastOne(context, series, options);
}

Result<accuracy::JudgedModel> ModelDirectoryAdapter::Find(const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(training::Model model, registry_.Find(context, id));
  return accuracy::JudgedModel{.metric = std::move(model.target_metric), .active = model.status == "active"};
}

}  // namespace helios::wiring
