// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "pg/database.h"
#include "tenancy/audit.h"
#include "tenancy/page.h"
#include "tenancy/request_context.h"
#include "training/custom_model.h"

namespace helios::training {

inline constexpr std::size_t kMostCustomModels = 200;  ///< of an organization

/// The definition of a metric as rows hold it, or none: that the organization's own plan has custom models is the
/// caller's to see to. One that this version does not understand is none, and logged.
[[nodiscard]] Result<std::optional<CustomModelDefinition>> ReadCustomModel(pg::TenantTransaction& tx,
                                                                           const std::string& metric);

/// One more than the page asks for, where there are more. Newest first.
[[nodiscard]] Result<std::vector<CustomModel>> ListCustomModels(pg::TenantTransaction& tx, const tenancy::Page& page);

/// Errors: kNotFound training.no_such_custom_model.
[[nodiscard]] Result<CustomModel> FindCustomModel(pg::TenantTransaction& tx, const Uuid& id);

struct PutCustomModelOutcome {
  CustomModel model;
  bool created = true;  ///< false: another definition of the metric was replaced
};

/// Sets the metric's definition, with its audit row, within the transaction.
/// Errors: kPermissionDenied, and with training.plan_without_custom_models where the plan has none;
/// kFailedPrecondition training.too_many_custom_models.
[[nodiscard]] Result<PutCustomModelOutcome> PutCustomModel(pg::TenantTransaction& tx,
                                                           const tenancy::RequestContext& context, Random& random,
                                                           const tenancy::AuditTrail& audit, const std::string& metric,
                                                           const CustomModelDefinition& definition);

/// Gives the model that was deleted. Errors: kPermissionDenied; kNotFound training.no_such_custom_model.
[[nodiscard]] Result<CustomModel> DeleteCustomModel(pg::TenantTransaction& tx, const tenancy::RequestContext& context,
                                                    const tenancy::AuditTrail& audit, const Uuid& id);

}  // namespace helios::training
