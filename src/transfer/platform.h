// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/client.h"

namespace helios::transfer {

/// Where a running server is, and with what one may speak to it.
struct ServerOptions {
  std::string url;             ///< http://HOST:PORT or https://HOST, with a path where it lies below one
  std::string ca_file = {};    ///< certificates to trust, PEM; empty: the system's
  bool insecure_http = false;  ///< credentials may go over plain http to another machine
  /// At most one of these.
  std::string api_key = {};  ///< of Helios
  std::string bearer = {};
  std::string user = {};  ///< with `password`
  std::string password = {};
  std::string scope_org = {};  ///< X-Scope-OrgID, of Mimir, Cortex or Loki; empty for none
};

/// The headers that carry the credential. Errors: kInvalidArgument transfer.bad_option, for a credential that holds a
/// line break or would be sent over plain http to another machine.
[[nodiscard]] Result<http::Headers> CredentialHeaders(const ServerOptions& options);

/// Whether an origin of plain http names this machine.
[[nodiscard]] bool IsLoopbackOrigin(std::string_view url);

}  // namespace helios::transfer
