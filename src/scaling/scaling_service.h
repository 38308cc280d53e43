// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "base/random.h"
#include "pg/database.h"
#include "tenancy/audit.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"
#include "tsdb/sample_store.h"

namespace helios::scaling {

/// POST /api/v1/recommend, /api/v1/scaling-targets, and what autoscalers ask. Thread-safe.
class ScalingService {
 public:
  struct Environment {
    const tsdb::SampleStore& store;
    pg::Database& database;
    Random& random;
    const tenancy::AuditTrail& audit;
    const tenancy::CursorCodec& cursors;
  };

  /// All of it must outlive the service.
  explicit ScalingService(const Environment& environment) : environment_(environment) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  using Answer = Result<http::Response>;
  using Context = tenancy::RequestContext;

  [[nodiscard]] Answer Recommend(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer List(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Create(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Get(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Patch(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Delete(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Advice(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Keda(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer ExternalMetrics(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer ExternalMetric(const http::Request& request, const Context& context) const;

  Environment environment_;
};

}  // namespace helios::scaling
