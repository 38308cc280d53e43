// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "billing/store_usage.h"
#include "billing/usage_report.h"
#include "pg/database.h"
#include "tenancy/route.h"

namespace helios::billing {

/// GET /api/v1/billing/usage: what the plan allows, and what was used of it. Counts are of this moment: what is not
/// recorded yet is asked of its source. Thread-safe.
class BillingService {
 public:
  /// All must outlive the service.
  BillingService(const tsdb::EmbeddedStore& store, const StoreUsage& usage, pg::Database& database)
      : store_(store), usage_(usage), database_(database) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  [[nodiscard]] Result<http::Response> GetUsage(const http::Request& request,
                                                const tenancy::RequestContext& context) const;
  [[nodiscard]] Result<std::vector<HourlyUsage>> ReadHours(const tenancy::RequestContext& context) const;

  const tsdb::EmbeddedStore& store_;
  const StoreUsage& usage_;
  pg::Database& database_;
};

}  // namespace helios::billing
