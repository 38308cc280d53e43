// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/api_client.h"

namespace helios::testing {

/// Sends `bytes` as they are, for what no good client says, and reads to the server's end of the connection: the bytes
/// want "Connection: close", or have to be refused. Status 0 where the server closed without a word.
[[nodiscard]] Answer RawRequest(std::uint16_t port, std::string_view bytes);

}  // namespace helios::testing
