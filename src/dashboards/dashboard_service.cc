// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "dashboards/dashboard_service.h"

#include <limits>

#include "http/json.h"
#include "tenancy/page_answer.h"

namespace helios::dashboards {
namespace {

using http::Method;
using tenancy::Permission;

constexpr std::size_t kMaxBodyBytes = 256U << 10U;
constexpr std::size_t kMaxName = 255;

/// An id of the path. One that is no uuid cannot be of anything: 404, as for an absent one.
Result<Uuid> PathId(const http::Request& request) {
  if (const auto id = Uuid::Parse(request.PathParameter("id"))) return *id;
  return Fail(ErrorCode::kNotFound, "http.no_such_resource", "cannot find '{}': it is not an id",
              request.PathParameter("id").substr(0, 64));
}

}  // namespace

tenancy::Routes DashboardService::MakeRoutes() const {
  using Handler = Answer (DashboardService::*)(const http::Request&, const Context&) const;
  const auto route = [this](Method method, std::string pattern, std::string operation, Permission permission,
                            Handler handler) {
    return tenancy::Route{
        .method = method,
        .pattern = std::move(pattern),
        .operation = std::move(operation),
        .permission = permission,
        .max_body_bytes = kMaxBodyBytes,
        .audited = method != Method::kGet,
        .replay = method == Method::kPost ? tenancy::Replay::kStored : tenancy::Replay::kNone,
        .handler = tenancy::BlockingHandler([this, handler](const http::Request& request, const Context& context) {
          return (this->*handler)(request, context);
        })};
  };
  using Self = DashboardService;
  return {
      route(Method::kGet, "/api/v1/dashboards", "listDashboards", Permission::kDataRead, &Self::List),
      route(Method::kPost, "/api/v1/dashboards", "createDashboard", Permission::kDashboardsWrite, &Self::Post),
      route(Method::kGet, "/api/v1/dashboards/{id}", "getDashboard", Permission::kDataRead, &Self::Get),
      route(Method::kPatch, "/api/v1/dashboards/{id}", "updateDashboard", Permission::kDashboardsWrite, &Self::Patch),
      route(Method::kDelete, "/api/v1/dashboards/{id}", "deleteDashboard", Permission::kDashboardsWrite, &Self::Delete),
  };
}

DashboardService::Answer DashboardService::Post(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  http::ObjectReader reader(body);
  const std::string name = reader.String("name", kMaxName);
  if (name.empty()) reader.Reject("name", "nothing", "1 to 255 bytes");
  const auto* const charts = reader.OptionalArray("charts");
  const bool shared = reader.OptionalBool("shared").value_or(true);
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const auto read, ReadCharts(charts == nullptr ? boost::json::array{} : *charts, check_match_));
  HELIOS_TRY(const Dashboard made, CreateDashboard(environment_, context, name, read, shared));
  return http::Json(201, ToJson(made));
}

DashboardService::Answer DashboardService::List(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto dashboards, ListDashboards(environment_, context, page));
  return tenancy::PageAnswer(dashboards, page, request, context.tenant, cursors_);
}

DashboardService::Answer DashboardService::Get(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const Dashboard dashboard, GetDashboard(environment_, context, id));
  return http::Json(200, ToJson(dashboard));
}

DashboardService::Answer DashboardService::Patch(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const auto body, http::JsonBody(request));
  http::ObjectReader reader(body);
  DashboardChange change;
  const auto version = reader.OptionalInteger("version", 1, std::numeric_limits<std::int64_t>::max());
  if (!version) reader.Reject("version", "nothing", "the version that was read");
  change.version = version.value_or(0);
  change.name = reader.OptionalString("name", kMaxName);
  if (change.name && change.name->empty()) reader.Reject("name", "nothing", "1 to 255 bytes");
  const auto* const charts = reader.OptionalArray("charts");
  change.shared = reader.OptionalBool("shared");
  HELIOS_CHECK(reader.Finish());
  if (charts != nullptr) {
    HELIOS_TRY(change.charts, ReadCharts(*charts, check_match_));
  }
  HELIOS_TRY(const Dashboard dashboard, ChangeDashboard(environment_, context, id, change));
  return http::Json(200, ToJson(dashboard));
}

DashboardService::Answer DashboardService::Delete(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_CHECK(DeleteDashboard(environment_, context, id));
  return http::NoContent();
}

}  // namespace helios::dashboards
