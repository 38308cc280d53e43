// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace helios::agent {

/// Room on a file system, in bytes, as df counts it.
struct FilesystemUsage {
  std::uint64_t used = 0;
  std::uint64_t available = 0;  ///< to an unprivileged user
};

/// The machine as the collector sees it; tests pass one made of texts.
class Host {
 public:
  virtual ~Host() = default;

  /// A file of at most 1 MiB. Errors: those of helios::ReadFile.
  [[nodiscard]] virtual Result<std::string> Read(const std::string& path) const = 0;

  /// Names in a directory, sorted; empty where it cannot be read.
  [[nodiscard]] virtual std::vector<std::string> List(const std::string& directory) const = 0;

  /// Errors: kUnavailable agent.no_filesystem_usage.
  [[nodiscard]] virtual Result<FilesystemUsage> Usage(const std::string& mountpoint) const = 0;
};

class SystemHost final : public Host {
 public:
  [[nodiscard]] Result<std::string> Read(const std::string& path) const override;
  [[nodiscard]] std::vector<std::string> List(const std::string& directory) const override;
  [[nodiscard]] Result<FilesystemUsage> Usage(const std::string& mountpoint) const override;
};

/// The machine's name, "unknown" where it has none.
[[nodiscard]] std::string HostName();

}  // namespace helios::agent
