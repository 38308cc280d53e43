// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/alerting_service.h"

#include <boost/json/array.hpp>

#include <algorithm>

#include "alerting/alert_rule_json.h"
#include "alerting/rule_backtest.h"
#include "http/json.h"
#include "jobs/zone_clock.h"
#include "tenancy/page_answer.h"

namespace helios::alerting {
namespace {

using http::Method;
using tenancy::Permission;

constexpr std::size_t kMaxBodyBytes = 64U << 10U;
constexpr std::size_t kMostIncidentsShown = 1000;

/// An id of the path. One that is no uuid cannot be of anything: 404, as for an absent one.
Result<Uuid> PathId(const http::Request& request) {
  if (const auto id = Uuid::Parse(request.PathParameter("id"))) return *id;
  return Fail(ErrorCode::kNotFound, "http.no_such_resource", "cannot find '{}': it is not an id",
              request.PathParameter("id").substr(0, 64));
}

boost::json::value TimeOrNull(const std::optional<TimestampMs>& time) {
  if (!time) return nullptr;
  return boost::json::value(FormatRfc3339(*time));
}

boost::json::object ToJson(const WouldBeIncident& incident) {
  boost::json::array series;
  for (const FiredSpan& span : incident.series) {
    boost::json::object labels;
    for (const tsdb::Label& label : span.key.labels) labels[label.name] = label.value;
    series.push_back({{"metric", span.key.metric},
                      {"labels", std::move(labels)},
                      {"value", span.value},
                      {"started_at", FormatRfc3339(span.started_at)},
                      {"ended_at", TimeOrNull(span.ended_at)}});
  }
  return {{"started_at", FormatRfc3339(incident.started_at)},
          {"resolved_at", TimeOrNull(incident.ended_at)},
          {"series", std::move(series)}};
}

}  // namespace

tenancy::Routes AlertingService::MakeRoutes() const {
  using Handler = Answer (AlertingService::*)(const http::Request&, const Context&) const;
  const auto route = [this](Method method, std::string pattern, std::string operation, Permission permission,
                            Handler handler) {
    return tenancy::Route{.method = method,
                          .pattern = std::move(pattern),
                          .operation = std::move(operation),
                          .permission = permission,
                          .max_body_bytes = kMaxBodyBytes,
                          .audited = permission == Permission::kAlertingWrite,
                          .handler = [this, handler](const http::Request& request, const Context& context) {
                            return (this->*handler)(request, context);
                          }};
  };
  using Self = AlertingService;
  tenancy::Routes routes = {
      route(Method::kPost, "/api/v1/alert-rules", "createAlertRule", Permission::kAlertingWrite, &Self::PostRule),
      route(Method::kGet, "/api/v1/alert-rules", "listAlertRules", Permission::kDataRead, &Self::GetRules),
      route(Method::kGet, "/api/v1/alert-rules/{id}", "getAlertRule", Permission::kDataRead, &Self::GetRuleById),
      route(Method::kPatch, "/api/v1/alert-rules/{id}", "updateAlertRule", Permission::kAlertingWrite,
            &Self::PatchRule),
      route(Method::kDelete, "/api/v1/alert-rules/{id}", "deleteAlertRule", Permission::kAlertingWrite,
            &Self::DeleteRuleById),
      route(Method::kPost, "/api/v1/alert-rules/backtest", "backtestAlertRule", Permission::kDataRead,
            &Self::PostBacktest),
  };
  routes.front().replay = tenancy::Replay::kStored;
  return routes;
}

AlertingService::Answer AlertingService::PostRule(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_TRY(const RuleDefinition definition, ApplyFields({}, body, true, parse_match_));
  HELIOS_TRY(const AlertRule rule, CreateRule(environment_, context, definition));
  return http::Json(201, ToJson(rule));
}

AlertingService::Answer AlertingService::GetRules(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto rules, ListRules(environment_, context, page));
  return tenancy::PageAnswer(rules, page, request, context.tenant, cursors_);
}

AlertingService::Answer AlertingService::GetRuleById(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const AlertRule rule, GetRule(environment_, context, id));
  return http::Json(200, ToJson(rule));
}

AlertingService::Answer AlertingService::PatchRule(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_CHECK(CheckFields(body));
  HELIOS_TRY(const AlertRule before, GetRule(environment_, context, id));
  HELIOS_TRY(const RuleDefinition definition, ApplyFields(before.definition, body, false, parse_match_));
  HELIOS_TRY(const AlertRule rule, ReplaceRule(environment_, context, id, definition));
  return http::Json(200, ToJson(rule));
}

AlertingService::Answer AlertingService::DeleteRuleById(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_CHECK(DeleteRule(environment_, context, id));
  return http::NoContent();
}

AlertingService::Answer AlertingService::PostBacktest(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_TRY(const RuleDefinition definition, ApplyFields({}, body, true, parse_match_));
  HELIOS_TRY(const std::string zone, ReadTimezone(environment_.database, context.tenant, context.deadline));
  const ReplayNeeds needs{
      .store = store_, .parse_match = parse_match_, .is_counter = is_counter_, .clock = jobs::ZoneClock(zone)};
  HELIOS_TRY(const Backtest backtest, BacktestRule(needs, context.tenant, definition, context.now, context.deadline));
  boost::json::array incidents;
  // The newest ones, where there are too many to show.
  const std::size_t shown = std::min(backtest.incidents.size(), kMostIncidentsShown);
  for (auto it = backtest.incidents.end() - static_cast<std::ptrdiff_t>(shown); it != backtest.incidents.end(); ++it) {
    incidents.push_back(ToJson(*it));
  }
  return http::Json(200, boost::json::object{{"from", FormatRfc3339(backtest.from)},
                                             {"to", FormatRfc3339(backtest.to)},
                                             {"series", backtest.series},
                                             {"incident_count", backtest.incidents.size()},
                                             {"incidents", std::move(incidents)}});
}

}  // namespace helios::alerting
