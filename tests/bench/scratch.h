// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <iostream>
#include <string>

namespace helios::bench {

/// A directory for one run, which everyone may search: started as root, helios becomes another user. Removed with all
/// that is in it. Ends the program where it cannot be made.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& parent) {
    std::string name = parent / "helios-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
      std::cerr << "bench: cannot make a directory in " << parent << "\n";
      std::exit(1);
    }
    ::chmod(name.c_str(), 0755);
    path_ = name;
  }
  ~Scratch() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace helios::bench
