// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "detection/incident_listener.h"
#include "pg/database.h"
#include "tenancy/audit.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"
#include "tsdb/sample_store.h"

namespace helios::detection {

/// /api/v1/anomalies, /api/v1/incidents, POST /api/v1/detect and /api/v1/detect/backtest. Thread-safe.
class DetectionService {
 public:
  /// All must outlive the service.
  DetectionService(const tsdb::SampleStore& store, pg::Database& database, const tenancy::AuditTrail& audit,
                   const tenancy::CursorCodec& cursors, IncidentListener& listener)
      : store_(store), database_(database), audit_(audit), cursors_(cursors), listener_(listener) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  using Answer = Result<http::Response>;
  using Context = tenancy::RequestContext;

  [[nodiscard]] Answer GetAnomalies(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetCounts(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetAnomaly(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PatchAnomaly(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetIncidents(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetIncident(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PatchIncident(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Detect(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Backtest(const http::Request& request, const Context& context) const;

  const tsdb::SampleStore& store_;
  pg::Database& database_;
  const tenancy::AuditTrail& audit_;
  const tenancy::CursorCodec& cursors_;
  IncidentListener& listener_;
};

}  // namespace helios::detection
