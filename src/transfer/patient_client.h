// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "base/random.h"
#include "http/client.h"

namespace helios::transfer {

/// Sends requests, and again while what keeps them is passing: the network, 408, 429, 502 to 504 and 500. It waits what
/// Retry-After says, else up to a second, doubling to 30 s. Not thread-safe.
class PatientClient {
 public:
  using Sleep = std::function<void(std::chrono::milliseconds)>;

  /// `client` and `random` must outlive it. A request is given up once it has waited for `patience`. The headers go
  /// with each request.
  PatientClient(http::Client& client, http::Headers headers, Random& random, Sleep sleep,
                std::chrono::milliseconds patience);

  /// The answer, which may be one of those that are passing. Errors: those of http::Client::Send().
  [[nodiscard]] Result<http::ClientResponse> Send(http::Method method, std::string_view target,
                                                  std::string_view content_type, std::string_view body);

  /// Told each time before it waits.
  std::function<void(std::string_view why, std::chrono::milliseconds wait)> on_wait;

 private:
  http::Client& client_;
  const http::Headers headers_;
  Random& random_;
  const Sleep sleep_;
  const std::chrono::milliseconds patience_;
};

/// "503 ingest.rate_limited: cannot take the samples: …", of an answer that is no success.
[[nodiscard]] std::string Says(const http::ClientResponse& response);

}  // namespace helios::transfer
