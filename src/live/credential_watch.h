// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "base/uuid.h"
#include "http/request.h"

namespace helios::live {

/// Whether the credential that opened a stream would still open it. Thread-safe.
class CredentialWatch {
 public:
  virtual ~CredentialWatch() = default;

  /// What the request's credential is known by from now on; no secret. Errors: those of a request without one.
  [[nodiscard]] virtual Result<std::string> KeyOf(const http::Request& request) const = 0;

  /// Success while it may read `tenant`'s data. May block until `deadline`.
  /// Errors: those that a request would get; kUnavailable and kDeadlineExceeded say that nobody knows at the moment.
  [[nodiscard]] virtual Result<void> Check(const std::string& key, TenantId tenant,
                                           std::chrono::steady_clock::time_point deadline) = 0;
};

}  // namespace helios::live
