// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <vector>

#include "alerting/alert_rule.h"
#include "alerting/notification_sink.h"
#include "base/random.h"
#include "pg/database.h"
#include "tenancy/audit.h"
#include "tenancy/page.h"
#include "tenancy/request_context.h"

namespace helios::alerting {

/// What the verbs work with. All of it outlives them.
struct Environment {
  pg::Database& database;
  Random& random;
  const tenancy::AuditTrail& audit;
  NotificationSink& sink;
};

/// Of an organization.
inline constexpr std::int64_t kMaxRules = 1000;

/// Each verb asks for its permission first, and a change and its audit row are one transaction. A change, like deleting
/// the rule, ends a stretch in progress: its incident is resolved, and the rule starts afresh.
/// Errors: kPermissionDenied; kNotFound alerting.no_such_rule; kInvalidArgument alerting.no_such_channel, where the
/// rule names one that does not exist; kQuotaExceeded alerting.rule_limit; those of pg::Database.
[[nodiscard]] Result<AlertRule> CreateRule(const Environment& environment, const tenancy::RequestContext& context,
                                           const RuleDefinition& definition);

/// One more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<AlertRule>> ListRules(const Environment& environment,
                                                       const tenancy::RequestContext& context,
                                                       const tenancy::Page& page);
[[nodiscard]] Result<AlertRule> GetRule(const Environment& environment, const tenancy::RequestContext& context,
                                        const Uuid& id);
[[nodiscard]] Result<AlertRule> ReplaceRule(const Environment& environment, const tenancy::RequestContext& context,
                                            const Uuid& id, const RuleDefinition& definition);
[[nodiscard]] Result<void> DeleteRule(const Environment& environment, const tenancy::RequestContext& context,
                                      const Uuid& id);

/// Within a transaction. Errors: kNotFound alerting.no_such_rule.
[[nodiscard]] Result<AlertRule> FindRule(pg::TenantTransaction& tx, const Uuid& id);

/// The tenant's enabled rules that were not evaluated since.
[[nodiscard]] Result<std::vector<AlertRule>> RulesToEvaluate(pg::Database& database, TenantId tenant,
                                                             TimestampMs since);

/// The organization's, "UTC" where it is gone.
[[nodiscard]] Result<std::string> ReadTimezone(pg::Database& database, TenantId tenant, pg::Deadline deadline);

/// Labels as a JSON object, and back.
[[nodiscard]] std::string LabelsToJson(const Labels& labels);
[[nodiscard]] Labels LabelsFromJson(const std::string& json);

}  // namespace helios::alerting
