// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "base/file.h"

namespace helios::crypto {

Digest256 Sha256(std::string_view bytes) {
  Digest256 digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) std::abort();
  return digest;
}

Result<Digest256> Sha256OfFile(const std::filesystem::path& path) {
  constexpr auto kCloseFile = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(kCloseFile)> file(std::fopen(path.c_str(), "rbe"));
  const auto fail = [&](int error) {
    return Fail(error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                error == ENOENT ? "file.not_found" : "file.unreadable", "cannot read {}: {}", path.string(),
                ErrnoMessage(error));
  };
  if (!file) return fail(errno);
  constexpr auto kFreeContext = [](EVP_MD_CTX* context) { EVP_MD_CTX_free(context); };
  const std::unique_ptr<EVP_MD_CTX, decltype(kFreeContext)> context(EVP_MD_CTX_new());
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) std::abort();
  std::vector<unsigned char> buffer(256U << 10U);
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
    if (EVP_DigestUpdate(context.get(), buffer.data(), got) != 1) std::abort();
  }
  if (std::ferror(file.get()) != 0) return fail(errno);
  Digest256 digest{};
  if (EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) std::abort();
  return digest;
}

Digest256 HmacSha256(std::span<const std::uint8_t> key, std::string_view bytes) {
  Digest256 digest{};
  unsigned length = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, bytes.size(), digest.data(), &length) ==
      nullptr) {
    std::abort();
  }
  return digest;
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace helios::crypto
