// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace helios {

/// The whole file. Errors: kNotFound file.not_found; kTooLarge file.too_large above `max_bytes`;
/// kUnavailable file.unreadable, with the system's words.
[[nodiscard]] Result<std::string> ReadFile(const std::filesystem::path& path, std::size_t max_bytes = 64U << 20U);

/// Replaces the file in one step: readers see the old bytes or the new ones, also after a crash.
/// The file and its directory are synced. Errors: kUnavailable file.unwritable.
[[nodiscard]] Result<void> WriteFileAtomically(const std::filesystem::path& path, std::string_view bytes,
                                               mode_t mode = 0600);

/// The message of an errno value, such as "No space left on device".
[[nodiscard]] std::string ErrnoMessage(int error);

}  // namespace helios
