// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace helios::transfer {

/// Percent-encoded, as a value in a query string or a form.
[[nodiscard]] inline std::string FormEncoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace helios::transfer
