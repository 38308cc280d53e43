// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "audit_api/audit_service.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "audit_api/sql.h"
#include "tenancy/page.h"
#include "tenancy/page_answer.h"

namespace helios::audit_api {
namespace {

using http::Method;

constexpr std::size_t kMaxActionBytes = 200;

struct Filter {
  std::optional<std::string> kind;
  std::optional<Uuid> actor;
  std::optional<std::string> action;
  std::optional<TimestampMs> from, to;
};

std::unexpected<Error> BadParameter(std::string_view name, std::string_view got, std::string_view want) {
  return Fail(ErrorCode::kInvalidArgument, "http.bad_parameter", "cannot list the audit log: {} is '{}'; want {}", name,
              got.substr(0, 64), want);
}

Result<std::optional<TimestampMs>> ParseTime(const http::Request& request, std::string_view name) {
  const auto text = request.Query(name);
  if (!text) return std::nullopt;
  const auto time = ParseRfc3339(*text);
  if (!time) return BadParameter(name, *text, "a time such as 2026-01-03T12:00:00Z");
  return std::optional(*time);
}

Result<Filter> ParseFilter(const http::Request& request) {
  Filter filter;
  if (const auto kind = request.Query("kind")) {
    if (*kind != "change" && *kind != "access") return BadParameter("kind", *kind, "change or access");
    filter.kind = std::string(*kind);
  }
  if (const auto actor = request.Query("actor")) {
    filter.actor = Uuid::Parse(*actor);
    if (!filter.actor) return BadParameter("actor", *actor, "the id of a user or an API key");
  }
  if (const auto action = request.Query("action")) {
    if (action->empty() || action->size() > kMaxActionBytes) {
      return BadParameter("action", *action, "1 to 200 bytes, such as alert_rule or alert_rule.create");
    }
    filter.action = std::string(*action);
  }
  HELIOS_TRY(filter.from, ParseTime(request, "from"));
  HELIOS_TRY(filter.to, ParseTime(request, "to"));
  return filter;
}

template <class T>
boost::json::value OrNull(const std::optional<T>& value) {
  if (!value) return nullptr;
  return boost::json::value(*value);
}

boost::json::value OrNull(const std::optional<Uuid>& id) {
  if (!id) return nullptr;
  return boost::json::value(id->ToString());
}

using Names = std::map<Uuid, std::string>;

Result<Names> ReadNames(pg::Database& database, const tenancy::RequestContext& context, const pg::Rows& rows) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (const auto actor = rows[i].Get<std::optional<Uuid>>("actor_id")) ids.insert(actor->ToString());
  }
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto found,
             tx.Execute(sql::kListActorNames, {tx.tenant(), std::vector<std::string>(ids.begin(), ids.end())}));
  Names names;
  for (std::size_t i = 0; i < found.size(); ++i) names[found[i].Get<Uuid>("id")] = found[i].Get<std::string>("name");
  return names;
}

boost::json::object ToJson(const pg::Rows::Row& row, const Names& names) {
  const auto actor = row.Get<std::optional<Uuid>>("actor_id");
  std::optional<std::string> name;
  if (actor && names.contains(*actor)) name = names.at(*actor);
  return {{"id", row.Get<Uuid>("id").ToString()},
          {"time", FormatRfc3339(row.Get<TimestampMs>("time"))},
          {"kind", row.Get<std::string>("kind")},
          {"actor", {{"type", row.Get<std::string>("actor_type")}, {"id", OrNull(actor)}, {"name", OrNull(name)}}},
          {"action", row.Get<std::string>("action")},
          {"target_type", OrNull(row.Get<std::optional<std::string>>("target_type"))},
          {"target_id", OrNull(row.Get<std::optional<Uuid>>("target_id"))},
          {"status", OrNull(row.Get<std::optional<std::int64_t>>("status"))},
          {"count", row.Get<std::int64_t>("count")},
          {"request_id", OrNull(row.Get<std::optional<std::string>>("request_id"))},
          {"details", boost::json::parse(row.Get<std::string>("details"))}};
}

}  // namespace

tenancy::Routes AuditService::MakeRoutes() const {
  return {{.method = Method::kGet,
           .pattern = "/api/v1/audit-logs",
           .operation = "listAuditLogs",
           .permission = tenancy::Permission::kAuditRead,
           .handler =
               tenancy::BlockingHandler([this](const http::Request& request, const tenancy::RequestContext& context) {
                 return List(request, context);
               })}};
}

Result<http::Response> AuditService::List(const http::Request& request, const tenancy::RequestContext& context) const {
  HELIOS_CHECK(context.Require(tenancy::Permission::kAuditRead));
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor", "kind", "actor", "action", "from", "to"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const Filter filter, ParseFilter(request));
  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListAuditRows, {tx.tenant(), filter.kind, filter.actor, filter.action,
                                                               filter.from, filter.to, page.limit + 1, page.offset}));
  HELIOS_CHECK(tx.Commit());
  HELIOS_TRY(const Names names, ReadNames(database_, context, rows));
  boost::json::array items;
  for (std::size_t i = 0; i < std::min(rows.size(), page.limit); ++i) items.push_back(ToJson(rows[i], names));
  return tenancy::PageAnswer(std::move(items), rows.size() > page.limit, page, request, context.tenant, cursors_);
}

}  // namespace helios::audit_api
