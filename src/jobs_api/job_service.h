// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "jobs/job_queue.h"
#include "pg/database.h"
#include "tenancy/audit.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"

namespace helios::jobs_api {

/// GET /api/v1/jobs and /api/v1/jobs/{id}, POST /api/v1/jobs/{id}/requeue and /cancel. Thread-safe.
class JobService {
 public:
  /// All must outlive the service.
  JobService(pg::Database& database, const jobs::JobQueue& queue, const tenancy::AuditTrail& audit,
             const tenancy::CursorCodec& cursors)
      : database_(database), queue_(queue), audit_(audit), cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes();

 private:
  using Verb = Result<jobs::Job> (jobs::JobQueue::*)(pg::TenantTransaction&, const Uuid&, TimestampMs) const;

  [[nodiscard]] Result<http::Response> List(const http::Request& request, const tenancy::RequestContext& context);
  [[nodiscard]] Result<http::Response> Find(const http::Request& request, const tenancy::RequestContext& context);
  /// `verb` and its audit row, in one transaction.
  [[nodiscard]] Result<http::Response> Change(const http::Request& request, const tenancy::RequestContext& context,
                                              Verb verb, std::string_view action);

  pg::Database& database_;
  const jobs::JobQueue& queue_;
  const tenancy::AuditTrail& audit_;
  const tenancy::CursorCodec& cursors_;
};

}  // namespace helios::jobs_api
