// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "dashboards/dashboard_json.h"
#include "dashboards/dashboards.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"

namespace helios::dashboards {

/// /api/v1/dashboards. Thread-safe.
class DashboardService {
 public:
  /// What they refer to must outlive the service.
  DashboardService(const Environment& environment, MatchCheck check_match, const tenancy::CursorCodec& cursors)
      : environment_(environment), check_match_(std::move(check_match)), cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  using Context = tenancy::RequestContext;
  using Answer = Result<http::Response>;

  [[nodiscard]] Answer Post(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer List(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Get(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Patch(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Delete(const http::Request& request, const Context& context) const;

  const Environment environment_;
  const MatchCheck check_match_;
  const tenancy::CursorCodec& cursors_;
};

}  // namespace helios::dashboards
