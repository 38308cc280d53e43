// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>

#include "tests/support/api_client.h"
#include "tests/support/server_process.h"

namespace helios::testing {

/// A server process together with the clients that a test talks to it through.
class Server : public ServerProcess {
 public:
  using ServerProcess::ServerProcess;

  /// Without a credential.
  [[nodiscard]] ApiClient NewClient() const { return ApiClient(Origin()); }

  /// For the operator's listener: /metrics.
  [[nodiscard]] ApiClient NewOperatorClient() const { return ApiClient(OperatorOrigin()); }

  /// Signs an organization up. Aborts the test where the server refuses.
  [[nodiscard]] Tenant NewTenant(const std::string& slug, const std::string& plan = "enterprise") const;

  /// A second client of the same tenant, such as for another thread, or after a restart on another port.
  [[nodiscard]] Tenant Again(const Tenant& tenant) const;
};

}  // namespace helios::testing
