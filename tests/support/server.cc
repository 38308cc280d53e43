// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/support/server.h"

#include <cstdlib>
#include <iostream>

namespace helios::testing {

Tenant Server::NewTenant(const std::string& slug, const std::string& plan) const {
  ApiClient client = NewClient();
  const Answer answer = SignUp(client, slug, plan);
  if (answer.status == 201) return Tenant(Origin(), answer.Json());
  std::cerr << "cannot sign " << slug << " up: " << answer << "\n" << Words();
  std::abort();
}

Tenant Server::Again(const Tenant& tenant) const {
  return Tenant(Origin(), {{"organization", {{"id", tenant.id()}, {"slug", tenant.slug()}}},
                           {"api_key", {{"key", tenant.key()}}}});
}

}  // namespace helios::testing
