// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "base/random.h"
#include "detection/detection_metrics.h"
#include "detection/report_outbox.h"
#include "detection/tenant_settings.h"
#include "pg/database.h"

namespace helios::detection {

/// Anomalies of different series that begin this near to the first one are one incident.
inline constexpr std::chrono::minutes kTogether{5};

/// Carries reports into the table of anomalies, and those that begin together into incidents. A report that was written
/// already changes nothing, so a crash between the database's commit and the outbox's Done() doubles nothing.
///
/// Not reported, but counted: anomalies like one that was marked as a false positive (alike.h), and those below the
/// score that the tenant's budget asks for. What is in the database is updated whatever was decided since.
///
/// While the database is away reports stay in the outbox. One that the database refuses for itself is dropped, logged
/// and counted. One thread at a time.
class AnomalyWriter {
 public:
  /// What decides about a tenant's reports.
  struct Terms {
    double floor = ml::kAnomalyScore;          ///< no anomaly with a lower score is reported
    std::shared_ptr<const ZoneOfTenant> zone;  ///< whose clock says the time of day; null: UTC
  };
  using TermsOf = std::function<Terms(TenantId)>;

  /// All must outlive it.
  AnomalyWriter(pg::Database& database, const Clock& clock, Random& random, TermsOf terms_of, ReportOutbox& outbox,
                DetectionMetrics& metrics);

  /// Has the tenant's anomalies that are under way in the database ended with the next WriteAll(): their detector's
  /// memory is lost. One that it finds again goes on.
  void EndOrphans(TenantId tenant) { orphans_.push_back(tenant); }

  /// Writes what waits, until `deadline`. Errors: kUnavailable where the database is away.
  Result<void> WriteAll(pg::Deadline deadline);

 private:
  struct Mark;
  using Marks = std::multimap<std::string, Mark>;

  Result<void> Write(TenantId tenant, const std::vector<ReportOutbox::Pending>& reports, pg::Deadline deadline);
  Result<void> WriteBatch(TenantId tenant, std::span<const ReportOutbox::Pending> reports, pg::Deadline deadline);
  [[nodiscard]] Result<Marks> FindMarks(pg::TenantTransaction& tx, std::span<const ReportOutbox::Pending> reports,
                                        const Terms& terms);
  /// True where it was in the database before, or is now; false where it is suppressed.
  Result<bool> WriteOne(pg::TenantTransaction& tx, const AnomalyReport& report, const Marks& marks, const Terms& terms);
  Result<void> JoinIncident(pg::TenantTransaction& tx, const AnomalyReport& report, const Uuid& id);
  Result<void> EndOrphansOf(TenantId tenant, pg::Deadline deadline);
  void Remember(const AnomalyReport& report);

  pg::Database& database_;
  const Clock& clock_;
  Random& random_;
  const TermsOf terms_of_;
  ReportOutbox& outbox_;
  DetectionMetrics& metrics_;
  /// Anomalies under way that this process wrote: what is told is told to its end.
  std::set<std::tuple<TenantId, std::string, TimestampMs>> written_;
  std::vector<TenantId> orphans_;
};

}  // namespace helios::detection
