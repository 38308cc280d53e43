// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/anomaly_counts.h"

#include "detection/sql.h"

namespace helios::detection {

Result<std::vector<StepCount>> CountAnomalies(pg::Database& database, const tenancy::RequestContext& context,
                                              const AnomalyFilter& filter, TimestampMs first, TimestampMs last,
                                              std::chrono::seconds step) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows,
             tx.Execute(sql::kCountAnomalies, {tx.tenant(), filter.status, filter.severity, filter.metric, first, last,
                                               std::int64_t{step.count()}}));
  std::vector<StepCount> counts;
  counts.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    counts.push_back({.start = first + step * row.Get<std::int64_t>("step"),
                      .low = row.Get<std::int64_t>("low"),
                      .medium = row.Get<std::int64_t>("medium"),
                      .high = row.Get<std::int64_t>("high"),
                      .critical = row.Get<std::int64_t>("critical")});
  }
  return counts;
}

}  // namespace helios::detection
