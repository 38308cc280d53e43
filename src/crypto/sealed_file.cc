// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "crypto/sealed_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "crypto/piece_cipher.h"

namespace helios::crypto {
namespace {

constexpr std::string_view kMagic = "HELIOSF1";
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kPieceBytes = 1U << 20U;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

Result<File> OpenToRead(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "rbe"));
  if (file) return file;
  return Fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
              errno == ENOENT ? "file.not_found" : "file.unreadable", "cannot read {}: {}", path.string(),
              ErrnoMessage(errno));
}

std::unexpected<Error> CannotWrite(const std::filesystem::path& path) {
  return Fail(ErrorCode::kUnavailable, "file.unwritable", "cannot write {}: {}", path.string(), ErrnoMessage(errno));
}

Result<File> OpenToWrite(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return CannotWrite(path);
  return File(::fdopen(fd, "wb"));
}

/// Up to `most` bytes: fewer at the end alone.
Result<std::string> ReadSome(std::FILE& file, std::size_t most, const std::filesystem::path& path) {
  std::string bytes(most, '\0');
  bytes.resize(std::fread(bytes.data(), 1, most, &file));
  if (std::ferror(&file) == 0) return bytes;
  return Fail(ErrorCode::kUnavailable, "file.unreadable", "cannot read {}: {}", path.string(), ErrnoMessage(errno));
}

bool AtEnd(std::FILE& file) {
  const int next = std::fgetc(&file);
  if (next == EOF) return true;
  std::ungetc(next, &file);
  return false;
}

Result<void> OpenPieces(const std::filesystem::path& sealed, const std::filesystem::path& plain, const SealKey& key) {
  const auto damaged = [&] {
    return Fail(ErrorCode::kDataCorruption, "crypto.bad_seal",
                "cannot open {}: it is damaged, cut short, or sealed with another key", sealed.string());
  };
  HELIOS_TRY(const File in, OpenToRead(sealed));
  HELIOS_TRY(const std::string header, ReadSome(*in, kMagic.size() + kSaltBytes, sealed));
  if (header.size() != kMagic.size() + kSaltBytes || !header.starts_with(kMagic)) return damaged();
  PieceCipher cipher(key, header);
  HELIOS_TRY(const File out, OpenToWrite(plain));
  bool last = false;
  for (std::uint64_t number = 0; !last; ++number) {
    HELIOS_TRY(const std::string bytes, ReadSome(*in, kPieceBytes + kPieceTagBytes, sealed));
    last = AtEnd(*in);
    std::string piece;
    if (!cipher.Open(bytes, number, last, piece)) return damaged();
    if (std::fwrite(piece.data(), 1, piece.size(), out.get()) != piece.size()) return CannotWrite(plain);
  }
  if (std::fflush(out.get()) != 0) return CannotWrite(plain);
  return {};
}

}  // namespace

Result<void> SealFile(const std::filesystem::path& plain, const std::filesystem::path& sealed, const SealKey& key,
                      Random& random) {
  HELIOS_TRY(const File in, OpenToRead(plain));
  HELIOS_TRY(const File out, OpenToWrite(sealed));
  std::array<std::uint8_t, kSaltBytes> salt{};
  random.Fill(salt);
  std::string bytes = std::string(kMagic) + std::string(salt.begin(), salt.end());
  PieceCipher cipher(key, bytes);
  bool last = false;
  for (std::uint64_t number = 0;; ++number) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), out.get()) != bytes.size()) return CannotWrite(sealed);
    if (last) break;
    HELIOS_TRY(const std::string piece, ReadSome(*in, kPieceBytes, plain));
    last = AtEnd(*in);
    bytes = cipher.Seal(piece, number, last);
  }
  if (std::fflush(out.get()) != 0 || ::fsync(::fileno(out.get())) != 0) return CannotWrite(sealed);
  return {};
}

Result<void> OpenSealedFile(const std::filesystem::path& sealed, const std::filesystem::path& plain,
                            const SealKey& key) {
  auto opened = OpenPieces(sealed, plain, key);
  if (!opened) ::unlink(plain.c_str());
  return opened;
}

}  // namespace helios::crypto
