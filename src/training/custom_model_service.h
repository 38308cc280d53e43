// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "base/random.h"
#include "jobs/job_queue.h"
#include "tenancy/audit.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"
#include "training/custom_models.h"
#include "tsdb/sample_store.h"

namespace helios::training {

/// GET and POST /api/v1/custom-models, GET and DELETE /api/v1/custom-models/{id}. A change queues a training of its
/// metric, where that has series. Thread-safe.
class CustomModelService {
 public:
  struct Needs {
    pg::Database& database;
    Random& random;
    const tsdb::SampleStore& samples;
    const jobs::JobQueue& queue;
    const tenancy::AuditTrail& audit;
    const tenancy::CursorCodec& cursors;
  };

  /// All of it must outlive the service.
  explicit CustomModelService(const Needs& needs) : needs_(needs) {}

  [[nodiscard]] tenancy::Routes MakeRoutes();

 private:
  using Answer = Result<http::Response>;
  [[nodiscard]] Answer List(const http::Request& request, const tenancy::RequestContext& context);
  [[nodiscard]] Answer Find(const http::Request& request, const tenancy::RequestContext& context);
  [[nodiscard]] Answer Put(const http::Request& request, const tenancy::RequestContext& context);
  [[nodiscard]] Answer Delete(const http::Request& request, const tenancy::RequestContext& context);
  /// The training that a change asks for; none where the metric has no series.
  [[nodiscard]] Result<std::optional<Uuid>> QueueTraining(pg::TenantTransaction& tx,
                                                          const tenancy::RequestContext& context,
                                                          const std::string& metric);

  Needs needs_;
};

}  // namespace helios::training
