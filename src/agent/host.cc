// SPDX-License-Identifier: Apache-2.0
#include "agent/host.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "base/file.h"

namespace helios::agent {

Result<std::string> SystemHost::Read(const std::string& path) const {
  return ReadFile(path, 1U << 20U);
}

std::vector<std::string> SystemHost::List(const std::string& directory) const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

Result<FilesystemUsage> SystemHost::Usage(const std::string& mountpoint) const {
  struct statvfs room{};
  if (::statvfs(mountpoint.c_str(), &room) != 0) {
    return Fail(ErrorCode::kUnavailable, "agent.no_filesystem_usage", "cannot read the usage of {}: {}", mountpoint,
                ErrnoMessage(errno));
  }
  return FilesystemUsage{.used = (room.f_blocks - std::min(room.f_blocks, room.f_bfree)) * room.f_frsize,
                         .available = room.f_bavail * room.f_frsize};
}

std::string HostName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "unknown";
  return name.data();
}

}  // namespace helios::agent
