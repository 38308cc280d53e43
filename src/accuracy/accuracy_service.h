// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "accuracy/ledger.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"
#include "tsdb/sample_store.h"

namespace helios::accuracy {

/// What an answer needs to know of a registered model.
struct JudgedModel {
  std::string metric;
  bool active = false;  ///< the one whose forecasts are served, and so measured
};

/// Who knows models; training does. Thread-safe.
class ModelDirectory {
 public:
  virtual ~ModelDirectory() = default;
  /// Errors: kNotFound training.no_such_model.
  [[nodiscard]] virtual Result<JudgedModel> Find(const tenancy::RequestContext& context, const Uuid& id) = 0;
};

/// GET /api/v1/models/{id}/accuracy and GET /api/v1/accuracy. Thread-safe.
class AccuracyService {
 public:
  /// All must outlive the service.
  AccuracyService(const tsdb::SampleStore& store, const Ledger& ledger, ModelDirectory& models,
                  const tenancy::CursorCodec& cursors)
      : store_(store), ledger_(ledger), models_(models), cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes();

 private:
  [[nodiscard]] Result<http::Response> OfModel(const http::Request& request, const tenancy::RequestContext& context);
  [[nodiscard]] Result<http::Response> OfTenant(const http::Request& request, const tenancy::RequestContext& context);

  const tsdb::SampleStore& store_;
  const Ledger& ledger_;
  ModelDirectory& models_;
  const tenancy::CursorCodec& cursors_;
};

}  // namespace helios::accuracy
