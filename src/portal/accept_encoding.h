// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace helios::portal {

/// The first of `offered` (best first, such as {"br", "gzip"}) that an Accept-Encoding header takes, or nullopt for the
/// bytes as they are. A coding with q=0 is refused; "*" takes whatever the header does not name. A header that cannot
/// be read takes nothing.
///
/// Source: RFC 9110, §12.5.3; the order of preference is the server's, not that of the q values.
[[nodiscard]] std::optional<std::string_view> ChooseCoding(std::string_view header,
                                                           std::span<const std::string_view> offered);

}  // namespace helios::portal
