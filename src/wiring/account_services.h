// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "audit_api/audit_service.h"
#include "billing/billing_service.h"
#include "dashboards/dashboard_service.h"
#include "identity/invitation_service.h"
#include "wiring/platform.h"

namespace helios::wiring {

/// What an organization sees of itself, and who joins it: usage, the audit log, its dashboards, invitations.
class AccountServices {
 public:
  /// All must outlive it.
  AccountServices(const Platform& platform, const billing::StoreUsage& usage, const identity::Environment& identity);

  void AddRoutesTo(tenancy::Routes& routes) const;

 private:
  billing::BillingService billing_;
  audit_api::AuditService audit_;
  dashboards::DashboardService dashboards_;
  identity::InvitationService invitations_;
};

}  // namespace helios::wiring
