// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/database.h"
#include "tenancy/audit.h"
#include "tenancy/page.h"
#include "tenancy/request_context.h"
#include "tsdb/sample_store.h"

namespace helios::detection {

/// A row of the table of anomalies.
struct Anomaly {
  Uuid id;
  std::string metric;
  std::string labels;  ///< a JSON object
  TimestampMs started_at;
  std::optional<TimestampMs> ended_at;  ///< none while it is under way
  TimestampMs detected_at;
  double value = 0;  ///< of its worst sample, as the next four
  std::optional<double> expected;
  std::optional<double> lower;
  std::optional<double> upper;
  double score = 0;
  std::string severity;
  std::string status;  ///< open, acknowledged, resolved or false_positive
  std::optional<Uuid> incident;
  std::optional<Uuid> acknowledged_by;
  std::optional<TimestampMs> resolved_at;
  std::uint8_t kinds = 0;  ///< ml::AnomalyKind bits
  std::int64_t samples = 0;
  std::optional<TimestampMs> worst_at;
  std::int64_t repeats = 0;  ///< of a false positive: its like that was not reported since
};

/// Of one row that has every column of the table's.
[[nodiscard]] Anomaly AnomalyOf(const pg::Rows::Row& row);

struct AnomalyFilter {
  std::optional<std::string> status;
  std::optional<std::string> severity;
  std::optional<std::string> metric;
  std::optional<TimestampMs> first;  ///< of starts
  std::optional<TimestampMs> last;
  std::optional<Uuid> incident;
};

/// Newest start first; one more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<Anomaly>> ListAnomalies(pg::Database& database, const tenancy::RequestContext& context,
                                                         const AnomalyFilter& filter, const tenancy::Page& page);

/// Errors: kNotFound detection.no_such_anomaly.
[[nodiscard]] Result<Anomaly> FindAnomaly(pg::Database& database, const tenancy::RequestContext& context,
                                          const Uuid& id);

/// Sets the status, whatever it was; "open" takes an acknowledgement back. The audit row is of the same transaction.
/// Errors: kPermissionDenied; kNotFound detection.no_such_anomaly.
[[nodiscard]] Result<Anomaly> ChangeAnomaly(pg::Database& database, const tenancy::AuditTrail& audit,
                                            const tenancy::RequestContext& context, const Uuid& id,
                                            const std::string& status);

/// A stretch of one series that training leaves out.
struct ExcludedSpan {
  std::string series_key;  ///< SeriesDigest() of the series
  tsdb::TimeRange range{};
};

/// Stretches of the metric's series within `range` that were marked as false positives: by series, then by time. What
/// training asks before it fits.
[[nodiscard]] Result<std::vector<ExcludedSpan>> FindExcludedSpans(pg::Database& database, TenantId tenant,
                                                                  const std::string& metric, tsdb::TimeRange range,
                                                                  pg::Deadline deadline);

}  // namespace helios::detection
