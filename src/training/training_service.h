// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "jobs/job_queue.h"
#include "tenancy/audit.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"
#include "training/model_registry.h"
#include "tsdb/sample_store.h"

namespace helios::training {

/// GET /api/v1/models, GET /api/v1/models/{id}, POST /api/v1/models/train, POST /api/v1/models/{id}/activate.
/// Thread-safe.
class TrainingService {
 public:
  struct Needs {
    pg::Database& database;
    ModelRegistry& registry;
    const tsdb::SampleStore& samples;
    const jobs::JobQueue& queue;
    const tenancy::AuditTrail& audit;
    const tenancy::CursorCodec& cursors;
  };

  /// All of it must outlive the service.
  explicit TrainingService(const Needs& needs) : needs_(needs) {}

  [[nodiscard]] tenancy::Routes MakeRoutes();

 private:
  using Answer = Result<http::Response>;
  [[nodiscard]] Answer List(const http::Request& request, const tenancy::RequestContext& context);
  [[nodiscard]] Answer Find(const http::Request& request, const tenancy::RequestContext& context);
  [[nodiscard]] Answer Train(const http::Request& request, const tenancy::RequestContext& context);
  [[nodiscard]] Answer Activate(const http::Request& request, const tenancy::RequestContext& context);

  Needs needs_;
};

}  // namespace helios::training
