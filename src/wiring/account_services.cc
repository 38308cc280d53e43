// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/account_services.h"

#include <algorithm>
#include <iterator>

#include "query/selector.h"

namespace helios::wiring {
namespace {

Result<void> CheckMatch(std::string_view match) {
  HELIOS_TRY(const auto matchers, query::ParseMatchers(match));
  static_cast<void>(matchers);
  return {};
}

}  // namespace

AccountServices::AccountServices(const Platform& platform, const billing::StoreUsage& usage,
                                 const identity::Environment& identity)
    : billing_(platform.store, usage, platform.database),
      audit_(platform.database, platform.cursors),
      dashboards_(
          dashboards::Environment{.database = platform.database, .random = platform.random, .audit = platform.audit},
          CheckMatch, platform.cursors),
      invitations_(identity, platform.cursors) {}

void AccountServices::AddRoutesTo(tenancy::Routes& routes) const {
  std::ranges::move(billing_.MakeRoutes(), std::back_inserter(routes));
  std::ranges::move(audit_.MakeRoutes(), std::back_inserter(routes));
  std::ranges::move(dashboards_.MakeRoutes(), std::back_inserter(routes));
  std::ranges::move(invitations_.MakeRoutes(), std::back_inserter(routes));
}

}  // namespace helios::wiring
