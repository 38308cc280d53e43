// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gtest/gtest.h>

#include <array>

#include "base/hex.h"
#include "crypto/certificate.h"
#include "crypto/digest.h"
#include "crypto/password.h"
#include "crypto/token.h"

namespace helios::crypto {
namespace {

TEST(Digest, MatchesPublishedVectors) {
  // FIPS 180-2, appendix B.1; RFC 4231, test case 2.
  EXPECT_EQ(ToHex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::array<std::uint8_t, 4> key = {'J', 'e', 'f', 'e'};
  EXPECT_EQ(ToHex(HmacSha256(key, "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Password, AcceptsTheRightOneAlone) {
  SystemRandom random;
  const std::string hash = HashPassword("correct horse", random);
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_TRUE(VerifyPassword("correct horse", hash));
  EXPECT_FALSE(VerifyPassword("correct horsf", hash));
  EXPECT_FALSE(VerifyPassword("", ""));
}

TEST(ToBase62, IsPaddedAndOrdered) {
  const std::array<std::uint8_t, 1> zero = {0};
  const std::array<std::uint8_t, 1> most = {255};  // 255 = 4 * 62 + 7
  EXPECT_EQ(ToBase62(zero), "00");
  EXPECT_EQ(ToBase62(most), "47");
}

TEST(ApiKey, IsRefusedWithAnyCharacterChanged) {
  SystemRandom random;
  const std::string key = MakeApiKey(random);
  ASSERT_EQ(key.size(), 53U);
  EXPECT_TRUE(LooksLikeApiKey(key));
  for (std::size_t i = 0; i < key.size(); ++i) {
    std::string wrong = key;
    wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(LooksLikeApiKey(wrong)) << i;
  }
  EXPECT_FALSE(LooksLikeApiKey(""));
  EXPECT_NE(MakeApiKey(random), key);
}

TEST(SelfSigned, MakesPemForNamesAndAddresses) {
  const auto made = MakeSelfSigned({"localhost", "127.0.0.1", "::1"}, SystemClock().Now());
  ASSERT_TRUE(made.has_value());
  EXPECT_TRUE(made->certificate_pem.starts_with("-----BEGIN CERTIFICATE-----"));
  EXPECT_TRUE(made->key_pem.starts_with("-----BEGIN PRIVATE KEY-----"));
}

}  // namespace
}  // namespace helios::crypto
