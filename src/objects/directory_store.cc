// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "objects/directory_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>

#include "base/file.h"
#include "crypto/piece_cipher.h"
#include "obs/log.h"

namespace helios::objects {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "HELIOSO1";
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kHeaderBytes = kMagic.size() + kSaltBytes;
constexpr std::size_t kPieceBytes = 64U << 10U;
constexpr std::size_t kSealedPieceBytes = kPieceBytes + crypto::kPieceTagBytes;
// No part of a key has a '~': a directory "a" and an object "a" do not meet.
constexpr std::string_view kSuffix = "~sealed";
constexpr std::string_view kTemporary = ".tmp";
constexpr std::chrono::hours kTemporaryFor{24};

/// The caller learns what; the log, where and why.
std::unexpected<Error> Unavailable(std::string_view verb, std::string_view key, const Error& cause) {
  obs::LogFailure("objects.failed", cause);
  return Fail(ErrorCode::kUnavailable, "objects.unavailable", "cannot {} the object {}: the object store is away", verb,
              key);
}

Error ErrnoError(const fs::path& path) {
  return {ErrorCode::kUnavailable, "objects.unavailable", fmt::format("{}: {}", path.string(), ErrnoMessage(errno))};
}

std::unexpected<Error> Damaged(const ObjectKey& key) {
  return Fail(ErrorCode::kDataCorruption, "objects.damaged",
              "cannot read the object {}: it is damaged, cut short, moved, or sealed with another key", key.text());
}

Result<void> Sync(const fs::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return std::unexpected(ErrnoError(directory));
  const bool synced = ::fsync(fd) == 0;
  const Error error = ErrnoError(directory);
  ::close(fd);
  if (!synced) return std::unexpected(error);
  return {};
}

/// With what stands above it, each synced into its parent.
Result<void> MakeDirectory(const fs::path& directory) {
  std::error_code error;
  if (fs::is_directory(directory, error)) return {};
  if (directory.has_parent_path() && directory.parent_path() != directory) {
    HELIOS_CHECK(MakeDirectory(directory.parent_path()));
  }
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return std::unexpected(ErrnoError(directory));
  return Sync(directory.has_parent_path() ? directory.parent_path() : fs::path("."));
}

std::uint64_t Pieces(std::uint64_t body) {
  return (body + kSealedPieceBytes - 1) / kSealedPieceBytes;
}

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

class DirectoryStore final : public ObjectStore {
 public:
  DirectoryStore(fs::path directory, const crypto::SealKey& key, Random& random)
      : directory_(std::move(directory)), key_(key), random_(random) {}

  [[nodiscard]] Result<void> Put(TenantId tenant, const ObjectKey& key, std::string_view bytes) override {
    if (bytes.size() > kMaxObjectBytes) {
      return Fail(ErrorCode::kTooLarge, "objects.too_large", "cannot keep the object {}: got {} bytes; want at most {}",
                  key.text(), bytes.size(), kMaxObjectBytes);
    }
    const std::string sealed = Seal(tenant, key, bytes);
    const fs::path path = PathOf(tenant, key);
    // Writers of one key in one process would share its temporary file.
    const std::scoped_lock one(writers_.at(std::hash<std::string>{}(path.string()) % writers_.size()));
    if (auto made = MakeDirectory(path.parent_path()); !made) return Unavailable("write", key.text(), made.error());
    if (auto written = WriteFileAtomically(path, sealed); !written) {
      return Unavailable("write", key.text(), written.error());
    }
    return {};
  }

  [[nodiscard]] Result<std::string> Get(TenantId tenant, const ObjectKey& key) override {
    return Read(tenant, key, 0, std::nullopt);
  }

  [[nodiscard]] Result<std::string> GetRange(TenantId tenant, const ObjectKey& key, std::uint64_t offset,
                                             std::uint64_t length) override {
    return Read(tenant, key, offset, length);
  }

  [[nodiscard]] Result<std::vector<ObjectInfo>> List(TenantId tenant, std::string_view prefix, std::string_view after,
                                                     std::size_t limit) override;

  [[nodiscard]] Result<void> Delete(TenantId tenant, const ObjectKey& key) override {
    const fs::path path = PathOf(tenant, key);
    if (::unlink(path.c_str()) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return {};
      return Unavailable("delete", key.text(), ErrnoError(path));
    }
    if (auto synced = Sync(path.parent_path()); !synced) return Unavailable("delete", key.text(), synced.error());
    return {};
  }

 private:
  [[nodiscard]] fs::path TenantPath(TenantId tenant) const { return directory_ / ("tenant_" + tenant.ToString()); }
  [[nodiscard]] fs::path PathOf(TenantId tenant, const ObjectKey& key) const {
    return TenantPath(tenant) / (key.text() + std::string(kSuffix));
  }
  /// What the file's key is derived from.
  [[nodiscard]] static std::string Context(std::string_view header, TenantId tenant, const ObjectKey& key) {
    return fmt::format("{}tenant_{}/{}", header, tenant.ToString(), key.text());
  }
  [[nodiscard]] std::string Seal(TenantId tenant, const ObjectKey& key, std::string_view bytes) const;
  [[nodiscard]] Result<std::string> Read(TenantId tenant, const ObjectKey& key, std::uint64_t offset,
                                         std::optional<std::uint64_t> length) const;

  const fs::path directory_;
  const crypto::SealKey key_;
  Random& random_;
  std::array<std::mutex, 16> writers_;
};

std::string DirectoryStore::Seal(TenantId tenant, const ObjectKey& key, std::string_view bytes) const {
  std::array<std::uint8_t, kSaltBytes> salt{};
  random_.Fill(salt);
  std::string sealed(kMagic);
  sealed.append(salt.begin(), salt.end());
  crypto::PieceCipher cipher(key_, Context(sealed, tenant, key));
  sealed.reserve(sealed.size() + bytes.size() + (bytes.size() / kPieceBytes + 1) * crypto::kPieceTagBytes);
  std::uint64_t number = 0;
  do {
    const std::string_view piece = bytes.substr(0, kPieceBytes);
    bytes.remove_prefix(piece.size());
    sealed += cipher.Seal(piece, number++, bytes.empty());
  } while (!bytes.empty());
  return sealed;
}

Result<std::string> DirectoryStore::Read(TenantId tenant, const ObjectKey& key, std::uint64_t offset,
                                         std::optional<std::uint64_t> length) const {
  const fs::path path = PathOf(tenant, key);
  const File file(std::fopen(path.c_str(), "rbe"));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return Fail(ErrorCode::kNotFound, "objects.no_such_object", "cannot find the object {}", key.text());
    }
    return Unavailable("read", key.text(), ErrnoError(path));
  }
  std::string header(kHeaderBytes, '\0');
  if (std::fread(header.data(), 1, header.size(), file.get()) != header.size() || !header.starts_with(kMagic)) {
    return Damaged(key);
  }
  // Of the open file: the path's may be another one's by now.
  if (::fseeko(file.get(), 0, SEEK_END) != 0) return Unavailable("read", key.text(), ErrnoError(path));
  const auto body = static_cast<std::uint64_t>(::ftello(file.get())) - kHeaderBytes;
  const std::uint64_t pieces = Pieces(body);
  if (pieces == 0) return Damaged(key);
  // A last piece without bytes is an empty object's alone. Of a file that was cut within the tag of a later one, the
  // size would say that the piece need not be read, and nothing would show that it is not the last.
  const std::uint64_t last_sealed = body - (pieces - 1) * kSealedPieceBytes;
  if (last_sealed < crypto::kPieceTagBytes + (pieces > 1 ? 1 : 0)) return Damaged(key);
  const std::uint64_t size = body - pieces * crypto::kPieceTagBytes;
  if (offset > size) {
    return Fail(ErrorCode::kInvalidArgument, "objects.bad_range",
                "cannot read the object {}: got an offset of {}; want at most {}", key.text(), offset, size);
  }
  const std::uint64_t wanted = std::min(length.value_or(size), size - offset);
  const std::uint64_t first = std::min(offset / kPieceBytes, pieces - 1);
  const std::uint64_t last = wanted == 0 ? first : (offset + wanted - 1) / kPieceBytes;

  crypto::PieceCipher cipher(key_, Context(header, tenant, key));
  if (::fseeko(file.get(), static_cast<off_t>(kHeaderBytes + first * kSealedPieceBytes), SEEK_SET) != 0) {
    return Unavailable("read", key.text(), ErrnoError(path));
  }
  std::string plain;
  plain.reserve((last - first + 1) * kPieceBytes);
  std::string piece(kSealedPieceBytes, '\0');
  for (std::uint64_t number = first; number <= last; ++number) {
    const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get());
    if (std::ferror(file.get()) != 0) return Unavailable("read", key.text(), ErrnoError(path));
    if (!cipher.Open(std::string_view(piece).substr(0, got), number, number + 1 == pieces, plain)) return Damaged(key);
  }
  plain.erase(0, offset - first * kPieceBytes);
  plain.resize(wanted);
  return plain;
}

Result<std::vector<ObjectInfo>> DirectoryStore::List(TenantId tenant, std::string_view prefix, std::string_view after,
                                                     std::size_t limit) {
  const fs::path root = TenantPath(tenant);
  std::vector<ObjectInfo> found;
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(root, error);
  if (error == std::errc::no_such_file_or_directory) return found;
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().lexically_relative(root).string();
    if (!name.ends_with(kSuffix) || !entry->is_regular_file(error)) continue;
    auto key = ObjectKey::Parse(std::string_view(name).substr(0, name.size() - kSuffix.size()));
    if (!key || !key->text().starts_with(prefix) || key->text() <= after) continue;
    std::error_code gone;
    const std::uint64_t bytes = entry->file_size(gone);
    if (gone || bytes < kHeaderBytes + crypto::kPieceTagBytes) continue;  // deleted meanwhile, or no object
    const std::uint64_t body = bytes - kHeaderBytes;
    found.push_back({.key = *std::move(key), .bytes = body - Pieces(body) * crypto::kPieceTagBytes});
  }
  if (error) return Unavailable("list", "tenant's", {ErrorCode::kUnavailable, "objects.unavailable", error.message()});
  std::ranges::sort(found, {}, &ObjectInfo::key);
  if (found.size() > limit) found.erase(found.begin() + static_cast<std::ptrdiff_t>(limit), found.end());
  return found;
}

/// What a crash left of objects that were being written.
void RemoveTemporaries(const fs::path& directory) {
  std::error_code error;
  std::vector<fs::path> old;
  const auto limit = fs::file_time_type::clock::now() - kTemporaryFor;
  for (auto entry = fs::recursive_directory_iterator(directory, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    if (entry->path().native().ends_with(kTemporary) && entry->last_write_time(gone) < limit && !gone) {
      old.push_back(entry->path());
    }
  }
  for (const fs::path& path : old) fs::remove(path, error);
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> OpenDirectoryStore(const fs::path& directory, const crypto::SealKey& key,
                                                        Random& random) {
  if (auto made = MakeDirectory(fs::absolute(directory)); !made) {
    obs::LogFailure("objects.failed", made.error());
    return Fail(ErrorCode::kUnavailable, "objects.unavailable", "cannot open the object store: {}",
                made.error().message);
  }
  RemoveTemporaries(directory);
  return std::make_unique<DirectoryStore>(directory, key, random);
}

}  // namespace helios::objects
