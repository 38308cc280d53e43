// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace helios::tsdb {

/// A fresh directory that goes with it; below `preferred` where that is there.
class ScratchDirectory {
 public:
  explicit ScratchDirectory(const std::filesystem::path& preferred = {}) {
    const auto parent = std::filesystem::is_directory(preferred) ? preferred : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "helios-tsdb-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace helios::tsdb
