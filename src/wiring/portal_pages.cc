// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/portal_pages.h"

#include <system_error>

#include "obs/log.h"

namespace helios::wiring {

Result<portal::Pages> OpenPortal(const std::filesystem::path& directory) {
  std::filesystem::path from = directory;
  if (from.empty()) {
    std::error_code error;
    from = std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / "portal";
  }
  auto pages = portal::Pages::Load(from);
  if (!pages && directory.empty() && pages.error().code == ErrorCode::kNotFound) {
    obs::LogInfo("portal.absent", {{"looked_in", from.string()}});
    return portal::Pages::Absent();
  }
  if (pages) obs::LogInfo("portal.ready", {{"files", pages->size()}});
  return pages;
}

}  // namespace helios::wiring
