// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "tenancy/cursor.h"
#include "tenancy/route.h"
#include "training/model_registry.h"

namespace helios::training {

/// GET /api/v1/models and GET /api/v1/models/{id}. Thread-safe.
class TrainingService {
 public:
  /// Both must outlive the service.
  TrainingService(ModelRegistry& registry, const tenancy::CursorCodec& cursors)
      : registry_(registry), cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes();

 private:
  [[nodiscard]] Result<http::Response> List(const http::Request& request, const tenancy::RequestContext& context);
  [[nodiscard]] Result<http::Response> Find(const http::Request& request, const tenancy::RequestContext& context);

  ModelRegistry& registry_;
  const tenancy::CursorCodec& cursors_;
};

}  // namespace helios::training
