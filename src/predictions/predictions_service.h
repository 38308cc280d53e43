// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "pg/database.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"

namespace helios::predictions {

/// GET /api/v1/predictions. Thread-safe.
class PredictionsService {
 public:
  /// Both must outlive the service.
  PredictionsService(pg::Database& database, const tenancy::CursorCodec& cursors)
      : database_(database), cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  [[nodiscard]] Result<http::Response> List(const http::Request& request, const tenancy::RequestContext& context) const;

  pg::Database& database_;
  const tenancy::CursorCodec& cursors_;
};

}  // namespace helios::predictions
