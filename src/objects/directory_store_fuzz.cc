// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// An object comes back as it was put, whole and in part; where its file was changed, cut or replaced by any bytes, it
// is damaged or says the same as before. Any text is a key or is refused, and becomes a part of one.
//
// The first byte chooses: 0 the rest is the object's file; else it is the object, behind filler of 0 to 2 pieces, and
// eight bytes in front of it say what becomes of the file and which range is read.
#include "objects/directory_store.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

namespace fs = std::filesystem;
using namespace helios::objects;  // NOLINT(google-build-using-namespace): one file, no header

constexpr std::size_t kPieceBytes = 64U << 10U;

void Require(bool holds) {
  if (!holds) std::abort();
}

/// A store in memory where the system has such a place, since each object is synced.
struct Store {
  Store() {
    std::string pattern = (fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()).string();
    path = ::mkdtemp((pattern += "/helios-objects-XXXXXX").data());
    store = std::move(OpenDirectoryStore(path, {1, 2, 3}, random).value());
  }
  ~Store() { fs::remove_all(path); }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const helios::TenantId tenant = helios::TenantId::Parse("01900000-0000-7000-8000-000000000001").value();
  const ObjectKey key = ObjectKey::Parse("cpu/v1").value();
  helios::SystemRandom random;
  fs::path path;
  std::unique_ptr<ObjectStore> store;

  [[nodiscard]] fs::path File() const { return path / ("tenant_" + tenant.ToString()) / "cpu/v1~sealed"; }
};

void CheckKey(std::string_view text) {
  const auto key = ObjectKey::Parse(text);
  if (key) Require(key->text() == text && !text.starts_with("../") && !text.starts_with('/'));
  const std::string part = EncodePart(text.substr(0, 400));
  Require(part.size() <= 200 && part.find('/') == std::string::npos && ObjectKey::Parse(part).has_value());
}

std::string ReadBytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteBytes(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void CheckRange(const Store& at, std::string_view object, std::uint64_t offset, std::uint64_t length) {
  const auto range = at.store->GetRange(at.tenant, at.key, offset, length);
  if (offset > object.size()) {
    Require(!range && range.error().reason == "objects.bad_range");
  } else {
    Require(range && *range == object.substr(offset, length));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Store at;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  CheckKey(input);
  if (data[0] == 0) {
    Require(at.store->Put(at.tenant, at.key, "").has_value());
    WriteBytes(at.File(), input);
    const auto read = at.store->Get(at.tenant, at.key);
    Require(!read && read.error().reason == "objects.damaged");
    Require(at.store->List(at.tenant, "", "", 10).has_value());
    return 0;
  }
  if (input.size() < 8) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(input[i]); };
  std::string object(byte(0) % 3U * kPieceBytes, 'x');
  object += input.substr(8);
  if ((byte(0) & 0x80U) != 0 && object.size() > kPieceBytes) object.resize(kPieceBytes);
  Require(at.store->Put(at.tenant, at.key, object).has_value());
  CheckRange(at, object, byte(1) * std::uint64_t{1031}, byte(2) * std::uint64_t{511});
  std::string sealed = ReadBytes(at.File());
  const std::size_t place = (byte(3) + 256U * byte(4) + 65536U * byte(5)) % sealed.size();
  const bool cut = (byte(6) & 1U) != 0;
  if (cut) {
    sealed.resize(place);
  } else {
    sealed[place] = static_cast<char>(sealed[place] ^ input[7]);
  }
  WriteBytes(at.File(), sealed);
  const auto read = at.store->Get(at.tenant, at.key);
  if (!cut && input[7] == 0) {
    Require(read && *read == object);
  } else {
    Require(!read && read.error().reason == "objects.damaged");
  }
  return 0;
}
