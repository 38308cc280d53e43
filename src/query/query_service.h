// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <string_view>

#include "base/time.h"
#include "pg/database.h"
#include "tenancy/audit.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"
#include "tsdb/sample_store.h"

namespace helios::query {

/// Reads samples and series back: POST /query, GET /series, GET /metrics; and deletes series: DELETE /series.
/// Thread-safe.
class QueryService {
 public:
  /// All of them must outlive the service.
  QueryService(tsdb::SampleStore& store, const tenancy::CursorCodec& cursors, pg::Database& database,
               const tenancy::AuditTrail& audit)
      : store_(store), cursors_(cursors), database_(database), audit_(audit) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  [[nodiscard]] Result<http::Response> Query(const http::Request& request,
                                             const tenancy::RequestContext& context) const;
  [[nodiscard]] Result<http::Response> Series(const http::Request& request,
                                              const tenancy::RequestContext& context) const;
  /// Series lie outside the control database, so that change and audit row cannot be one transaction: a row says what
  /// is about to be deleted, and nothing is where it could not be written; a second one says what came of it. A request
  /// whose first row has no second one was cut off in between, and may have deleted.
  [[nodiscard]] Result<http::Response> DeleteSeries(const http::Request& request,
                                                    const tenancy::RequestContext& context) const;
  [[nodiscard]] Result<http::Response> Metrics(const http::Request& request,
                                               const tenancy::RequestContext& context) const;
  [[nodiscard]] Result<void> Audit(const tenancy::RequestContext& context, std::string_view action,
                                   const boost::json::object& details) const;

  tsdb::SampleStore& store_;
  const tenancy::CursorCodec& cursors_;
  pg::Database& database_;
  const tenancy::AuditTrail& audit_;
};

}  // namespace helios::query
