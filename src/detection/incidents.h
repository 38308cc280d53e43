// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "detection/anomalies.h"

namespace helios::detection {

/// Anomalies of several series that began together, or a stretch of an alert rule being true.
struct Incident {
  Uuid id;
  std::string title;
  std::string severity;
  std::string status;  ///< open, acknowledged or resolved
  TimestampMs started_at;
  std::optional<TimestampMs> ended_at;  ///< of the anomaly that ended last, once all have
  std::optional<TimestampMs> resolved_at;
  std::optional<Uuid> acknowledged_by;
  std::optional<Uuid> alert_rule;
  TimestampMs created_at;
  std::int64_t anomalies = 0;
};

struct IncidentFilter {
  std::optional<std::string> status;
  std::optional<std::string> severity;
  std::optional<TimestampMs> first;  ///< of starts
  std::optional<TimestampMs> last;
};

/// An incident and its anomalies, the most telling first: by score, then by who began first. At most 1000.
struct RankedIncident {
  Incident incident;
  std::vector<Anomaly> anomalies;
};

/// Newest start first; one more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<Incident>> ListIncidents(pg::Database& database,
                                                          const tenancy::RequestContext& context,
                                                          const IncidentFilter& filter, const tenancy::Page& page);

/// Errors: kNotFound detection.no_such_incident.
[[nodiscard]] Result<RankedIncident> FindIncident(pg::Database& database, const tenancy::RequestContext& context,
                                                  const Uuid& id);

/// Sets the status. With an incident its open and acknowledged anomalies are resolved. The audit row is of the same
/// transaction. Errors: kPermissionDenied; kNotFound detection.no_such_incident.
[[nodiscard]] Result<RankedIncident> ChangeIncident(pg::Database& database, const tenancy::AuditTrail& audit,
                                                    const tenancy::RequestContext& context, const Uuid& id,
                                                    const std::string& status);

}  // namespace helios::detection
