// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_cipher_ctx_st;

namespace helios::crypto {

inline constexpr std::size_t kPieceTagBytes = 16;

/// AES-256-GCM over the numbered pieces of one file, each sealed by itself and readable by itself. A piece's nonce is
/// its number and whether it is the last, so none can be moved, and none cut off unnoticed. Not thread-safe.
class PieceCipher {
 public:
  /// The file's own key is HMAC-SHA256(`key`, `context`): `context` must hold enough random bytes that it never comes
  /// twice, and may hold what the file is to be bound to.
  PieceCipher(const std::array<std::uint8_t, 32>& key, std::string_view context);
  ~PieceCipher();
  PieceCipher(const PieceCipher&) = delete;
  PieceCipher& operator=(const PieceCipher&) = delete;

  /// `plain` with its tag behind it.
  [[nodiscard]] std::string Seal(std::string_view plain, std::uint64_t number, bool last);

  /// Appends what was sealed to `plain`. False, and nothing appended, where it is not that piece.
  [[nodiscard]] bool Open(std::string_view sealed, std::uint64_t number, bool last, std::string& plain);

 private:
  struct ContextDeleter {
    void operator()(evp_cipher_ctx_st* context) const;
  };

  std::unique_ptr<evp_cipher_ctx_st, ContextDeleter> context_;
  std::array<std::uint8_t, 32> key_{};
};

}  // namespace helios::crypto
