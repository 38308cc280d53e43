// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <optional>

namespace helios::notify {

/// Attempts at a message before it is given up: three days and a bit.
inline constexpr int kMaxTries = 10;

/// The wait after the `tries`-th try failed (1 for the first), or nullopt where that was the last. The waits are those
/// that Standard Webhooks recommends: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, each longer by up to a
/// tenth, as `uniform` in [0, 1) says, so that messages that failed together do not come back together.
[[nodiscard]] std::optional<std::chrono::milliseconds> RetryWait(int tries, double uniform);

}  // namespace helios::notify
