// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "base/time.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"
#include "tsdb/sample_store.h"

namespace helios::query {

/// Reads samples and series back: POST /query, GET /series, GET /metrics; and deletes series: DELETE /series.
/// Thread-safe.
class QueryService {
 public:
  /// All of them must outlive the service.
  QueryService(tsdb::SampleStore& store, const tenancy::CursorCodec& cursors) : store_(store), cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  [[nodiscard]] Result<http::Response> Query(const http::Request& request,
                                             const tenancy::RequestContext& context) const;
  [[nodiscard]] Result<http::Response> Series(const http::Request& request,
                                              const tenancy::RequestContext& context) const;
  [[nodiscard]] Result<http::Response> DeleteSeries(const http::Request& request,
                                                    const tenancy::RequestContext& context) const;
  [[nodiscard]] Result<http::Response> Metrics(const http::Request& request,
                                               const tenancy::RequestContext& context) const;

  tsdb::SampleStore& store_;
  const tenancy::CursorCodec& cursors_;
};

}  // namespace helios::query
