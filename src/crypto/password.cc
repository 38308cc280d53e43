// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "crypto/password.h"

#include <argon2.h>

#include <array>
#include <cstdlib>

namespace helios::crypto {
namespace {

constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKib = 19 * 1024;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kHashBytes = 32;

}  // namespace

std::string HashPassword(std::string_view password, Random& random) {
  std::array<std::uint8_t, 16> salt{};
  random.Fill(salt);
  std::string encoded(argon2_encodedlen(kPasses, kMemoryKib, kLanes, salt.size(), kHashBytes, Argon2_id), '\0');
  if (argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(), salt.data(), salt.size(),
                            kHashBytes, encoded.data(), encoded.size()) != ARGON2_OK) {
    std::abort();  // out of memory: nothing else can fail with these constants
  }
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool VerifyPassword(std::string_view password, const std::string& hash) {
  // Of a password nobody has: an unknown user must cost what a known one does.
  static const std::string nobody = [] {
    SystemRandom random;
    return HashPassword("", random);
  }();
  const bool matches =
      argon2id_verify((hash.empty() ? nobody : hash).c_str(), password.data(), password.size()) == ARGON2_OK;
  return matches && !hash.empty();
}

}  // namespace helios::crypto
