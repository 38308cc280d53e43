// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Any bytes as a sealed file are refused, and leave no file behind. What was sealed opens as it was; with one byte
// changed, or cut, it does not open.
//
// The first byte chooses: 0 the rest is the file; else it is what gets sealed, behind filler of 0 to 2 pieces, and six
// bytes in front of it say what becomes of the sealed file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/random.h"
#include "crypto/sealed_file.h"

namespace {

namespace fs = std::filesystem;
using namespace helios::crypto;  // NOLINT(google-build-using-namespace): one file, no header

constexpr std::size_t kPieceBytes = 1U << 20U;
constexpr SealKey kKey{1, 2, 3};

/// In memory where the system has such a place, since each input is written and synced.
struct Directory {
  Directory() {
    std::string pattern = (fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()).string();
    path = ::mkdtemp((pattern += "/helios-crypto-XXXXXX").data());
  }
  ~Directory() { fs::remove_all(path); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  fs::path path;
};

void Require(bool holds) {
  if (!holds) std::abort();
}

void Write(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void RequireRefused(const fs::path& directory) {
  const auto opened = OpenSealedFile(directory / "sealed", directory / "opened", kKey);
  Require(!opened && opened.error().reason == "crypto.bad_seal" && !fs::exists(directory / "opened"));
}

/// Changes a byte, or cuts; false where everything stays as it was.
bool Damage(std::string_view how, std::string& sealed) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(how[i]); };
  const std::size_t place = byte(0) + 256U * byte(1) + 65536U * byte(2);
  if ((byte(3) & 1U) != 0) {
    sealed.resize(place % sealed.size());
    return true;
  }
  char& changed = sealed[place % sealed.size()];
  changed = static_cast<char>(changed ^ how[4]);
  return how[4] != 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Directory directory;
  static helios::SystemRandom random;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 0) {
    Write(directory.path / "sealed", input);
    RequireRefused(directory.path);
    return 0;
  }
  if (input.size() < 6) return 0;
  std::string plain(static_cast<std::size_t>(input[5] & 3) % 3 * kPieceBytes, 'x');
  plain += input.substr(6);
  if ((input[5] & 4) != 0 && plain.size() > kPieceBytes) plain.resize(kPieceBytes);
  Write(directory.path / "plain", plain);
  Require(SealFile(directory.path / "plain", directory.path / "sealed", kKey, random).has_value());
  std::string sealed = Read(directory.path / "sealed");
  if (Damage(input, sealed)) {
    Write(directory.path / "sealed", sealed);
    RequireRefused(directory.path);
  } else {
    Require(OpenSealedFile(directory.path / "sealed", directory.path / "opened", kKey).has_value());
    Require(Read(directory.path / "opened") == plain);
    fs::remove(directory.path / "opened");
  }
  return 0;
}
