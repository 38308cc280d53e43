// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace helios::http::internal {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

/// The addresses of `host`, a name or a literal, in the order to try them. Reads /etc/hosts and asks the
/// servers of /etc/resolv.conf through c-ares: glibc's resolver needs shared objects at run time.
/// Errors: kUnavailable http.cannot_resolve; kDeadlineExceeded http.timeout.
[[nodiscard]] Result<std::vector<Address>> Resolve(const std::string& host, std::uint16_t port,
                                                   std::chrono::steady_clock::time_point deadline);

}  // namespace helios::http::internal
