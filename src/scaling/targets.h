// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <vector>

#include "base/random.h"
#include "pg/database.h"
#include "scaling/target.h"
#include "tenancy/audit.h"
#include "tenancy/page.h"

namespace helios::scaling {

inline constexpr std::size_t kMostTargets = 200;  ///< of one tenant

/// Newest first; one more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<Target>> ListTargets(pg::Database& database, const tenancy::RequestContext& context,
                                                      const tenancy::Page& page);

/// Errors: kNotFound scaling.no_such_target.
[[nodiscard]] Result<Target> FindTarget(pg::Database& database, const tenancy::RequestContext& context, const Uuid& id);

/// Errors: kPermissionDenied; kFailedPrecondition scaling.too_many_targets; kInvalidArgument scaling.no_such_channel.
[[nodiscard]] Result<Target> CreateTarget(pg::Database& database, Random& random, const tenancy::AuditTrail& audit,
                                          const tenancy::RequestContext& context, const TargetSettings& settings);

/// What was chosen and advised before is forgotten; the history of advice stays.
/// Errors: kPermissionDenied; kNotFound scaling.no_such_target; kInvalidArgument scaling.no_such_channel.
[[nodiscard]] Result<Target> ChangeTarget(pg::Database& database, const tenancy::AuditTrail& audit,
                                          const tenancy::RequestContext& context, const Uuid& id,
                                          const TargetSettings& settings);

/// With its history of advice. Errors: kPermissionDenied; kNotFound scaling.no_such_target.
[[nodiscard]] Result<void> DeleteTarget(pg::Database& database, const tenancy::AuditTrail& audit,
                                        const tenancy::RequestContext& context, const Uuid& id);

/// A change of what was advised, or would have been in shadow mode.
struct PastAdvice {
  TargetAdvice advice;
  std::string mode;
};

/// Newest first; one more than the page asks for, where there are more. Errors: kNotFound scaling.no_such_target.
[[nodiscard]] Result<std::vector<PastAdvice>> ListAdvice(pg::Database& database, const tenancy::RequestContext& context,
                                                         const Uuid& id, const tenancy::Page& page);

}  // namespace helios::scaling
