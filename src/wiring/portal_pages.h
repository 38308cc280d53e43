// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>

#include "base/result.h"
#include "portal/pages.h"

namespace helios::wiring {

/// The portal at `directory`; where that is empty, the one beside the program, or none, which is logged.
/// Errors: those of portal::Pages::Load, where the configuration names a folder or the one beside is broken.
[[nodiscard]] Result<portal::Pages> OpenPortal(const std::filesystem::path& directory);

}  // namespace helios::wiring
