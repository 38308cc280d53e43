// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <vector>

#include "identity/environment.h"
#include "identity/sessions.h"
#include "tenancy/page.h"

namespace helios::identity {

/// A link joins somebody for so long.
inline constexpr std::chrono::hours kInvitationLife{7 * 24};
/// Open ones that an organization may have: neither used, revoked nor expired.
inline constexpr int kMostInvitations = 100;

struct Invitation {
  Uuid id;
  std::string email;
  tenancy::Role role = tenancy::Role::kMember;
  Uuid created_by;  ///< the user or the API key
  TimestampMs created_at;
  TimestampMs expires_at;
};

/// An invitation together with its token, which is shown this once.
struct NewInvitation {
  Invitation invitation;
  std::string token;
};

/// What the holder of a token may know before joining.
struct InvitationOffer {
  TenantId tenant;
  Uuid id;
  std::string email;
  tenancy::Role role = tenancy::Role::kViewer;
  std::string organization_name;
  std::string organization_slug;
  TimestampMs expires_at;
};

/// Invites an address. An invitation of it that is open ends with this. Errors: kPermissionDenied, also for an owner
/// made by an admin; kInvalidArgument identity.bad_email; kConflict identity.email_taken; kQuotaExceeded
/// identity.invitation_limit.
[[nodiscard]] Result<NewInvitation> CreateInvitation(const Environment& environment,
                                                     const tenancy::RequestContext& context, const std::string& email,
                                                     tenancy::Role role);

/// Those that are neither used nor revoked, also expired ones; one more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<Invitation>> ListInvitations(const Environment& environment,
                                                              const tenancy::RequestContext& context,
                                                              const tenancy::Page& page);

/// The link is refused from here on. Errors: kPermissionDenied; kNotFound identity.no_such_invitation.
[[nodiscard]] Result<void> RevokeInvitation(const Environment& environment, const tenancy::RequestContext& context,
                                            const Uuid& id);

/// Errors: kNotFound identity.no_such_invitation: unknown, used or revoked; kFailedPrecondition
/// identity.invitation_expired; kPermissionDenied identity.organization_suspended.
[[nodiscard]] Result<InvitationOffer> FindInvitation(const Environment& environment, const std::string& token,
                                                     pg::Deadline deadline);

struct Acceptance {
  std::string token;
  std::string name;
  std::string password;
};

/// Makes the member and signs them in. A token works once. Errors: those of FindInvitation(); kInvalidArgument
/// identity.bad_name, identity.bad_password; kConflict identity.email_taken.
[[nodiscard]] Result<SignedIn> AcceptInvitation(const Environment& environment, const Acceptance& acceptance,
                                                const std::string& request_id, pg::Deadline deadline);

}  // namespace helios::identity
