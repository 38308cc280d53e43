// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "crypto/piece_cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdlib>

#include "crypto/digest.h"

namespace helios::crypto {
namespace {

constexpr std::size_t kNonceBytes = 12;

std::array<std::uint8_t, kNonceBytes> NonceOf(std::uint64_t number, bool last) {
  std::array<std::uint8_t, kNonceBytes> nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  nonce.back() = last ? 1 : 0;
  return nonce;
}

unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

void PieceCipher::ContextDeleter::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

PieceCipher::PieceCipher(const std::array<std::uint8_t, 32>& key, std::string_view context)
    : context_(EVP_CIPHER_CTX_new()), key_(HmacSha256(key, context)) {
  if (!context_) std::abort();
}

PieceCipher::~PieceCipher() {
  OPENSSL_cleanse(key_.data(), key_.size());
}

std::string PieceCipher::Seal(std::string_view plain, std::uint64_t number, bool last) {
  const auto nonce = NonceOf(number, last);
  std::string sealed(plain.size() + kPieceTagBytes, '\0');
  int length = 0;
  if (EVP_EncryptInit_ex(context_.get(), EVP_aes_256_gcm(), nullptr, key_.data(), nonce.data()) != 1 ||
      EVP_EncryptUpdate(context_.get(), Bytes(sealed), &length, Bytes(plain), static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context_.get(), Bytes(sealed) + length, &length) != 1 ||
      EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_GCM_GET_TAG, kPieceTagBytes, Bytes(sealed) + plain.size()) != 1) {
    std::abort();
  }
  return sealed;
}

bool PieceCipher::Open(std::string_view sealed, std::uint64_t number, bool last, std::string& plain) {
  if (sealed.size() < kPieceTagBytes) return false;
  const auto nonce = NonceOf(number, last);
  const std::size_t size = sealed.size() - kPieceTagBytes;
  std::string tag(sealed.substr(size));
  std::string opened(size, '\0');
  int length = 0;
  if (EVP_DecryptInit_ex(context_.get(), EVP_aes_256_gcm(), nullptr, key_.data(), nonce.data()) != 1 ||
      EVP_DecryptUpdate(context_.get(), Bytes(opened), &length, Bytes(sealed), static_cast<int>(size)) != 1 ||
      EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_GCM_SET_TAG, kPieceTagBytes, Bytes(tag)) != 1 ||
      EVP_DecryptFinal_ex(context_.get(), Bytes(opened) + length, &length) != 1) {
    return false;
  }
  plain += opened;
  return true;
}

}  // namespace helios::crypto
