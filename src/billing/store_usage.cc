// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "billing/store_usage.h"

namespace helios::billing {
namespace {

std::string_view MetricType(tsdb::UsageKind kind) {
  switch (kind) {
    case tsdb::UsageKind::kSamples: return "samples";
    case tsdb::UsageKind::kPredictions: return "predictions";
  }
  return "unknown";  // of a later version's store: kept, for whoever knows it
}

std::vector<UsageCount> CountsOf(const std::vector<tsdb::UsageRow>& rows) {
  std::vector<UsageCount> counts;
  counts.reserve(rows.size());
  for (const tsdb::UsageRow& row : rows) {
    counts.push_back({.segment = row.segment,
                      .tenant = row.tenant,
                      .metric_type = MetricType(row.kind),
                      .hour = row.hour,
                      .quantity = row.count});
  }
  return counts;
}

}  // namespace

Result<void> StoreUsage::Close() {
  if (!store_.Writable()) {
    return Fail(
        ErrorCode::kUnavailable, "tsdb.read_only",
        "cannot close the usage of the journal's open segment: the store is not writable; the journal keeps it");
  }
  return store_.Flush();
}

Result<std::vector<UsageCount>> StoreUsage::Pending() const {
  HELIOS_TRY(const std::vector<tsdb::UsageRow> rows, store_.PendingUsage());
  return CountsOf(rows);
}

Result<std::vector<UsageCount>> StoreUsage::Unrecorded(TenantId tenant) const {
  HELIOS_TRY(const std::vector<tsdb::UsageRow> rows, store_.UsageOf(tenant));
  return CountsOf(rows);
}

}  // namespace helios::billing
