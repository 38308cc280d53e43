// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>

#include "identity/api_keys.h"
#include "identity/environment.h"
#include "identity/users.h"

namespace helios::identity {

struct Organization {
  TenantId id;
  std::string name;
  std::string slug;
  std::string plan;
  std::string status;
  std::string timezone;  ///< IANA name
  std::string settings;  ///< a JSON object
  TimestampMs created_at;
  TimestampMs updated_at;
};

struct SignUpRequest {
  std::string name;
  std::optional<std::string> slug;  ///< made of the name where absent
  tenancy::Plan plan = tenancy::Plan::kStarter;
  std::string owner_email;
  std::string owner_name;
  std::string owner_password;
};

struct SignedUp {
  Organization organization;
  User owner;
  NewApiKey api_key;  ///< with the scopes read and write
};

/// Makes an organization, its owner and a first API key, in one transaction. Needs no credential.
/// Errors: kInvalidArgument identity.bad_…; kConflict identity.slug_taken.
[[nodiscard]] Result<SignedUp> SignUp(const Environment& environment, const SignUpRequest& request,
                                      const std::string& request_id, pg::Deadline deadline);

/// The caller's own organization; any other id is kNotFound identity.no_such_organization.
[[nodiscard]] Result<Organization> GetOrganization(const Environment& environment,
                                                   const tenancy::RequestContext& context, const Uuid& id);

struct OrganizationChange {
  std::optional<std::string> name;
  std::optional<std::string> timezone;
  std::optional<std::string> settings;  ///< a JSON object
};

/// Errors: as GetOrganization; kPermissionDenied; kInvalidArgument identity.bad_name, identity.bad_timezone.
[[nodiscard]] Result<Organization> ChangeOrganization(const Environment& environment,
                                                      const tenancy::RequestContext& context, const Uuid& id,
                                                      const OrganizationChange& change);

/// For owners alone. Every key and session of the organization ends.
[[nodiscard]] Result<void> DeleteOrganization(const Environment& environment, const tenancy::RequestContext& context,
                                              const Uuid& id);

}  // namespace helios::identity
