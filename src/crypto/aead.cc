// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "crypto/aead.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>
#include <span>

namespace helios::crypto {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct ContextDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextDeleter>;

Context NewContext() {
  Context context(EVP_CIPHER_CTX_new());
  if (!context) std::abort();
  return context;
}

unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string Seal(const AeadKey& key, std::string_view bound_to, std::string_view plain, Random& random) {
  std::string sealed(kNonceBytes + plain.size() + kTagBytes, '\0');
  random.Fill(std::span(reinterpret_cast<std::uint8_t*>(sealed.data()), kNonceBytes));
  const Context context = NewContext();
  unsigned char* out = Bytes(sealed) + kNonceBytes;
  int length = 0;
  if (EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), Bytes(sealed)) != 1 ||
      EVP_EncryptUpdate(context.get(), nullptr, &length, Bytes(bound_to), static_cast<int>(bound_to.size())) != 1 ||
      EVP_EncryptUpdate(context.get(), out, &length, Bytes(plain), static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), out + plain.size(), &length) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, out + plain.size()) != 1) {
    std::abort();
  }
  return sealed;
}

std::optional<std::string> Open(const AeadKey& key, std::string_view bound_to, std::string_view sealed) {
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const std::string_view body = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string plain(body.size(), '\0');
  const Context context = NewContext();
  int length = 0;
  const bool opened =
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), Bytes(sealed)) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &length, Bytes(bound_to), static_cast<int>(bound_to.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), Bytes(plain), &length, Bytes(body), static_cast<int>(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), Bytes(plain) + plain.size(), &length) == 1;
  if (!opened) return std::nullopt;
  return plain;
}

}  // namespace helios::crypto
