// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "detection/anomalies.h"
#include "detection/incident_listener.h"

namespace helios::detection {

/// Anomalies of several series that began together, or a stretch of an alert rule being true.
struct Incident {
  Uuid id;
  std::string title;
  std::string severity;
  std::string status;  ///< open, acknowledged or resolved
  TimestampMs started_at;
  std::optional<TimestampMs> ended_at;  ///< of the anomaly or series that ended last, once all have
  std::optional<TimestampMs> resolved_at;
  std::optional<Uuid> acknowledged_by;
  std::optional<Uuid> alert_rule;
  TimestampMs created_at;
  std::int64_t anomalies = 0;  ///< none of an alert rule's
  std::int64_t series = 0;
};

/// A series that an alert rule fired for.
struct RuleSeries {
  std::string metric;
  std::string labels;  ///< a JSON object of strings
  TimestampMs started_at;
  std::optional<TimestampMs> ended_at;
  std::optional<double> value;  ///< when it began to fire
  double excess = 0;            ///< how far beyond the condition
};

struct IncidentFilter {
  std::optional<std::string> status;
  std::optional<std::string> severity;
  std::optional<TimestampMs> first;  ///< of starts
  std::optional<TimestampMs> last;
};

/// An incident and what it is made of, the most telling first, at most 1000: anomalies by score, or the series of an
/// alert rule by how far they are beyond its condition; then by who began first.
struct RankedIncident {
  Incident incident;
  std::vector<Anomaly> anomalies;
  std::vector<RuleSeries> rule_series;
};

/// Newest start first; one more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<Incident>> ListIncidents(pg::Database& database,
                                                          const tenancy::RequestContext& context,
                                                          const IncidentFilter& filter, const tenancy::Page& page);

/// Errors: kNotFound detection.no_such_incident.
[[nodiscard]] Result<RankedIncident> FindIncident(pg::Database& database, const tenancy::RequestContext& context,
                                                  const Uuid& id);

/// Sets the status. With an incident its open anomalies are acknowledged, or its open and acknowledged ones resolved;
/// `listener` hears of an alert rule's that was not. The audit row is of the same transaction.
/// Errors: kPermissionDenied; kNotFound detection.no_such_incident.
[[nodiscard]] Result<RankedIncident> ChangeIncident(pg::Database& database, const tenancy::AuditTrail& audit,
                                                    IncidentListener& listener, const tenancy::RequestContext& context,
                                                    const Uuid& id, const std::string& status);

}  // namespace helios::detection
