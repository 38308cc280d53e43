// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace helios::http::internal {

/// Makes request ids: UUIDs of version 7, unique but not secret. One for each I/O thread.
class RequestIds {
 public:
  RequestIds();
  [[nodiscard]] std::string Next();

 private:
  std::uint64_t Random();
  std::array<std::uint64_t, 2> state_{};
};

/// 1 to 64 characters of [A-Za-z0-9._-]: an id that a client may choose.
[[nodiscard]] bool IsRequestId(std::string_view text);

}  // namespace helios::http::internal
