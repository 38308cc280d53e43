// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

namespace helios::tsdb {

/// Whether `text` is well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
[[nodiscard]] bool IsValidUtf8(std::string_view text);

/// The longest prefix of `text` of at most `max_bytes` that does not cut a UTF-8 character in two.
[[nodiscard]] std::string_view Utf8Prefix(std::string_view text, std::size_t max_bytes);

}  // namespace helios::tsdb
