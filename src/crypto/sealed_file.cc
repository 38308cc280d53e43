// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "crypto/sealed_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "crypto/digest.h"

namespace helios::crypto {
namespace {

constexpr std::string_view kMagic = "HELIOSF1";
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kPieceBytes = 1U << 20U;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kNonceBytes = 12;

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

unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

/// The cipher of one file.
class PieceCipher {
 public:
  PieceCipher(const SealKey& key, std::string_view salt) : context_(EVP_CIPHER_CTX_new()) {
    if (!context_) std::abort();
    key_ = HmacSha256(key, std::string(kMagic) + std::string(salt));
  }
  ~PieceCipher() { OPENSSL_cleanse(key_.data(), key_.size()); }
  PieceCipher(const PieceCipher&) = delete;
  PieceCipher& operator=(const PieceCipher&) = delete;

  /// The next piece, with its tag behind it.
  std::string Seal(std::string plain, bool last) {
    const auto nonce = NextNonce(last);
    std::string sealed(plain.size() + kTagBytes, '\0');
    int length = 0;
    if (EVP_EncryptInit_ex(context_.get(), EVP_aes_256_gcm(), nullptr, key_.data(), nonce.data()) != 1 ||
        EVP_EncryptUpdate(context_.get(), Bytes(sealed), &length, Bytes(plain), static_cast<int>(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(context_.get(), Bytes(sealed) + length, &length) != 1 ||
        EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, Bytes(sealed) + plain.size()) != 1) {
      std::abort();
    }
    return sealed;
  }

  /// False where it is not that piece.
  [[nodiscard]] bool Open(std::string sealed, bool last, std::string& plain) {
    if (sealed.size() < kTagBytes) return false;
    const auto nonce = NextNonce(last);
    plain.assign(sealed.size() - kTagBytes, '\0');
    int length = 0;
    return EVP_DecryptInit_ex(context_.get(), EVP_aes_256_gcm(), nullptr, key_.data(), nonce.data()) == 1 &&
           EVP_DecryptUpdate(context_.get(), Bytes(plain), &length, Bytes(sealed), static_cast<int>(plain.size())) ==
               1 &&
           EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, Bytes(sealed) + plain.size()) == 1 &&
           EVP_DecryptFinal_ex(context_.get(), Bytes(plain) + length, &length) == 1;
  }

 private:
  struct ContextDeleter {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };

  std::array<std::uint8_t, kNonceBytes> NextNonce(bool last) {
    std::array<std::uint8_t, kNonceBytes> nonce{};
    for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<std::uint8_t>(number_ >> (56 - 8 * i));
    nonce.back() = last ? 1 : 0;
    ++number_;
    return nonce;
  }

  std::unique_ptr<EVP_CIPHER_CTX, ContextDeleter> context_;
  Digest256 key_{};
  std::uint64_t number_ = 0;
};

Result<void> OpenPieces(const std::filesystem::path& sealed, const std::filesystem::path& plain, const SealKey& key) {
  const auto damaged = [&] {
    return Fail(ErrorCode::kDataCorruption, "crypto.bad_seal",
                "cannot open {}: it is damaged, cut short, or sealed with another key", sealed.string());
  };
  HELIOS_TRY(const File in, OpenToRead(sealed));
  HELIOS_TRY(const std::string header, ReadSome(*in, kMagic.size() + kSaltBytes, sealed));
  if (header.size() != kMagic.size() + kSaltBytes || !header.starts_with(kMagic)) return damaged();
  PieceCipher cipher(key, std::string_view(header).substr(kMagic.size()));
  HELIOS_TRY(const File out, OpenToWrite(plain));
  std::string piece;
  for (bool last = false; !last;) {
    HELIOS_TRY(std::string bytes, ReadSome(*in, kPieceBytes + kTagBytes, sealed));
    last = AtEnd(*in);
    if (!cipher.Open(std::move(bytes), last, piece)) return damaged();
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
  const std::string salt_text(salt.begin(), salt.end());
  PieceCipher cipher(key, salt_text);
  std::string bytes = std::string(kMagic) + salt_text;
  for (bool last = false;;) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), out.get()) != bytes.size()) return CannotWrite(sealed);
    if (last) break;
    HELIOS_TRY(std::string piece, ReadSome(*in, kPieceBytes, plain));
    last = AtEnd(*in);
    bytes = cipher.Seal(std::move(piece), last);
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
