// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace helios::tsdb {

/// Encryption that also authenticates: what was sealed opens with the same key and the same associated data only, and
/// no byte of it can be changed unnoticed. The associated data is not part of the sealed bytes; it says what they are
/// (a chunk's key, a group's header), so that sealed bytes cannot be moved to another place.
///
/// Thread-safe.
class Aead {
 public:
  virtual ~Aead() = default;

  /// How many bytes sealing adds, the same for every length.
  [[nodiscard]] virtual std::size_t overhead() const = 0;

  /// Seals `plain` into `out`, which has plain.size() + overhead() bytes and does not overlap it.
  /// Errors: kInternal tsdb.seal_failed; `out` then holds nothing secret that may be used.
  [[nodiscard]] virtual Result<void> SealInto(std::string_view associated, std::string_view plain,
                                              std::span<char> out) const = 0;

  /// Opens `sealed` into `out`, which has sealed.size() - overhead() bytes and does not overlap it.
  /// Errors: kDataCorruption tsdb.bad_seal (another key, other associated data, damaged or too short); `out` is then
  /// all zeros.
  [[nodiscard]] virtual Result<void> OpenInto(std::string_view associated, std::string_view sealed,
                                              std::span<char> out) const = 0;

  /// The same, appended to `out`; after an error `out` is as it was.
  [[nodiscard]] Result<void> Seal(std::string_view associated, std::string_view plain, std::string& out) const;
  [[nodiscard]] Result<void> Open(std::string_view associated, std::string_view sealed, std::string& out) const;
};

using AeadKey = std::array<std::uint8_t, 32>;

/// AES-256-GCM. Sealed bytes are nonce (12) | ciphertext | tag (16): 28 bytes of overhead.
///
/// **Why no nonce comes twice under one key.** GCM loses everything when one does. A nonce is a prefix of 64 random
/// bits, drawn from `random` when this object is made, and a counter of 32 bits, which every Seal() raises by one; when
/// the counter is spent, a new prefix is drawn before the next seal. So within one object nonces differ by
/// construction, on all threads, and nothing depends on what is sealed: a recycled segment, a chunk written again under
/// its old key, a sequence number that starts anew after a crash each get a nonce of their own, because positions on
/// disk do not enter it. Between objects with the same key (restarts, two parts of one process) a nonce repeats only if
/// two prefixes are equal: with n prefixes drawn over the key's life, n^2 / 2^65. A restart a minute for a year is
/// n = 2^19, hence 2^-27; a restart a day for a century 2^-34. Wholly random nonces of 96 bits would reach 2^-33 at
/// 2^32 seals, some weeks of a busy journal; here 2^32 seals use up one prefix.
/// What it does not cover: a virtual machine resumed twice from one memory image continues twice with one counter.
/// Make a new object, hence a new prefix, after such a resume, or give each copy its own key.
///
/// Source: NIST SP 800-38D, sections 5.2.1.1 (lengths) and 8 (uniqueness of nonces).
///
/// Cost: about 0.2 us a call and 0.16 ns a byte with AES instructions; BM_AeadSeal measures it.
class Aes256GcmAead final : public Aead {
 public:
  /// `random` must be fit for keys, and outlive this object.
  Aes256GcmAead(const AeadKey& key, Random& random);
  ~Aes256GcmAead() override;
  Aes256GcmAead(const Aes256GcmAead&) = delete;
  Aes256GcmAead& operator=(const Aes256GcmAead&) = delete;

  static constexpr std::size_t kNonceBytes = 12;
  static constexpr std::size_t kTagBytes = 16;

  [[nodiscard]] std::size_t overhead() const override { return kNonceBytes + kTagBytes; }
  [[nodiscard]] Result<void> SealInto(std::string_view associated, std::string_view plain,
                                      std::span<char> out) const override;
  [[nodiscard]] Result<void> OpenInto(std::string_view associated, std::string_view sealed,
                                      std::span<char> out) const override;

  /// Sets the counter of seals, so that a test reaches the end of a prefix.
  void SkipToSealForTesting(std::uint32_t seals);

 private:
  class Contexts;
  const std::unique_ptr<Contexts> contexts_;
};

}  // namespace helios::tsdb
