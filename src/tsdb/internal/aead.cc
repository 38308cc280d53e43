// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/aead.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <mutex>
#include <vector>

namespace helios::tsdb {
namespace {

constexpr std::size_t kNonce = Aes256GcmAead::kNonceBytes;
constexpr std::size_t kTag = Aes256GcmAead::kTagBytes;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(char* at) {
  return reinterpret_cast<unsigned char*>(at);
}

std::unexpected<Error> BadSeal() {
  return Fail(ErrorCode::kDataCorruption, "tsdb.bad_seal",
              "cannot open sealed bytes: they were damaged, moved, or sealed with another key");
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

}  // namespace

Result<void> Aead::Seal(std::string_view associated, std::string_view plain, std::string& out) const {
  const std::size_t before = out.size();
  out.resize(before + plain.size() + overhead());
  auto outcome = SealInto(associated, plain, std::span(out).subspan(before));
  if (!outcome) out.resize(before);
  return outcome;
}

Result<void> Aead::Open(std::string_view associated, std::string_view sealed, std::string& out) const {
  if (sealed.size() < overhead()) return BadSeal();
  const std::size_t before = out.size();
  out.resize(before + sealed.size() - overhead());
  auto outcome = OpenInto(associated, sealed, std::span(out).subspan(before));
  if (!outcome) out.resize(before);
  return outcome;
}

// Expanding a key costs as much as sealing a kilobyte, so contexts with the key in them are kept, as many as threads
// ever sealed at once. They lie here and not in thread-local storage: a key must go when its object goes.
class Aes256GcmAead::Contexts {
 public:
  Contexts(const AeadKey& key, Random& random)
      : key_(key), random_(random), cipher_(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)) {
    DrawPrefix();
  }
  ~Contexts() {
    OPENSSL_cleanse(key_.data(), key_.size());
    EVP_CIPHER_free(cipher_);
  }
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;

  /// A context for `encrypt` or for opening, and for the former also a nonce that nobody had. Null without memory.
  Context Take(bool encrypt, std::array<char, kNonce>* nonce) {
    const std::lock_guard lock(mutex_);
    if (nonce != nullptr) {
      if (exhausted_) DrawPrefix();
      std::memcpy(nonce->data(), prefix_.data(), prefix_.size());
      std::memcpy(nonce->data() + prefix_.size(), &counter_, sizeof counter_);
      exhausted_ = ++counter_ == 0;
    }
    auto& kept = encrypt ? sealing_ : opening_;
    if (!kept.empty()) {
      Context context = std::move(kept.back());
      kept.pop_back();
      return context;
    }
    Context context(EVP_CIPHER_CTX_new());
    if (!context || EVP_CipherInit_ex2(context.get(), cipher_, key_.data(), nullptr, encrypt ? 1 : 0, nullptr) != 1) {
      return nullptr;
    }
    return context;
  }

  void GiveBack(bool encrypt, Context context) {
    const std::lock_guard lock(mutex_);
    (encrypt ? sealing_ : opening_).push_back(std::move(context));
  }

  void SkipTo(std::uint32_t seals) {
    const std::lock_guard lock(mutex_);
    counter_ = seals;
  }

 private:
  void DrawPrefix() {
    random_.Fill(prefix_);
    exhausted_ = false;
  }

  AeadKey key_;
  Random& random_;
  EVP_CIPHER* const cipher_;
  std::mutex mutex_;
  std::array<std::uint8_t, 8> prefix_{};
  std::uint32_t counter_ = 0;
  bool exhausted_ = false;
  std::vector<Context> sealing_;
  std::vector<Context> opening_;
};

Aes256GcmAead::Aes256GcmAead(const AeadKey& key, Random& random) : contexts_(std::make_unique<Contexts>(key, random)) {}

Aes256GcmAead::~Aes256GcmAead() = default;

void Aes256GcmAead::SkipToSealForTesting(std::uint32_t seals) {
  contexts_->SkipTo(seals);
}

Result<void> Aes256GcmAead::SealInto(std::string_view associated, std::string_view plain, std::span<char> out) const {
  std::array<char, kNonce> nonce{};
  Context context = contexts_->Take(true, &nonce);
  int written = 0;
  char* const text = out.data() + kNonce;
  const bool sealed =
      context != nullptr && plain.size() <= INT_MAX && associated.size() <= INT_MAX &&
      EVP_EncryptInit_ex2(context.get(), nullptr, nullptr, Bytes({nonce.data(), nonce.size()}), nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &written, Bytes(associated), static_cast<int>(associated.size())) ==
          1 &&
      EVP_EncryptUpdate(context.get(), Bytes(text), &written, Bytes(plain), static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), Bytes(text + plain.size()), &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTag, text + plain.size()) == 1;
  if (!sealed) {
    std::ranges::fill(out, '\0');
    return Fail(ErrorCode::kInternal, "tsdb.seal_failed", "cannot seal {} bytes: the cipher failed", plain.size());
  }
  std::memcpy(out.data(), nonce.data(), nonce.size());
  contexts_->GiveBack(true, std::move(context));
  return {};
}

Result<void> Aes256GcmAead::OpenInto(std::string_view associated, std::string_view sealed, std::span<char> out) const {
  if (sealed.size() < overhead() || sealed.size() > INT_MAX || associated.size() > INT_MAX) {
    std::ranges::fill(out, '\0');
    return BadSeal();
  }
  const std::string_view text = sealed.substr(kNonce, sealed.size() - overhead());
  std::array<char, kTag> tag{};
  std::memcpy(tag.data(), sealed.data() + sealed.size() - kTag, kTag);
  Context context = contexts_->Take(false, nullptr);
  int written = 0;
  unsigned char none = 0;
  const bool opened =
      context != nullptr && EVP_DecryptInit_ex2(context.get(), nullptr, nullptr, Bytes(sealed), nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &written, Bytes(associated), static_cast<int>(associated.size())) ==
          1 &&
      EVP_DecryptUpdate(context.get(), Bytes(out.data()), &written, Bytes(text), static_cast<int>(text.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), &none, &written) == 1;
  if (context != nullptr) contexts_->GiveBack(false, std::move(context));
  if (!opened) {
    std::ranges::fill(out, '\0');
    return BadSeal();
  }
  return {};
}

}  // namespace helios::tsdb
