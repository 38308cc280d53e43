// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/audit.h"

#include "tenancy/sql.h"

namespace helios::tenancy {

Actor ActorOf(const Principal& principal) {
  if (principal.kind == Principal::Kind::kApiKey) return {.type = "api_key", .id = principal.credential_id};
  return {.type = "user", .id = principal.user.value};
}

Result<void> AuditTrail::Record(pg::TenantTransaction& tx, const RequestContext& context, std::string_view action,
                                const Uuid& target, std::string_view details) const {
  const Actor actor = ActorOf(*context.principal);
  const std::string_view target_type = action.substr(0, action.find('.'));
  HELIOS_CHECK(tx.Execute(sql::kInsertAuditRow, {tx.tenant(), Uuid::V7(context.now, random_), context.now, actor.type,
                                                 actor.id, action, target_type, target, details, context.request_id}));
  return {};
}

Result<void> AuditTrail::RecordSystem(pg::TenantTransaction& tx, TimestampMs now, std::string_view action,
                                      const Uuid& target, std::string_view details) const {
  const std::string_view target_type = action.substr(0, action.find('.'));
  HELIOS_CHECK(tx.Execute(sql::kInsertAuditRow, {tx.tenant(), Uuid::V7(now, random_), now, "system", std::nullopt,
                                                 action, target_type, target, details, std::nullopt}));
  return {};
}

}  // namespace helios::tenancy
