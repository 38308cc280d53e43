// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace helios::crypto {
namespace {

AeadKey KeyOf(std::uint8_t byte) {
  AeadKey key{};
  key.fill(byte);
  return key;
}

TEST(Aead, OpensWhatAnotherProgramSealed) {
  // Test case 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega), appendix B.
  AeadKey key{};
  ASSERT_TRUE(FromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", key));
  const auto bytes = [](std::string_view hex) {
    std::string out(hex.size() / 2, '\0');
    EXPECT_TRUE(FromHex(hex, std::span(reinterpret_cast<std::uint8_t*>(out.data()), out.size())));
    return out;
  };
  const std::string sealed = bytes(
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
      "bcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto plain = Open(key, bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"), sealed);
  ASSERT_TRUE(plain);
  EXPECT_EQ(*plain,
            bytes("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                  "b16aedf5aa0de657ba637b39"));
}

TEST(Aead, OpensForTheSameKeyAndTheSamePlaceAlone) {
  SystemRandom random;
  const std::string sealed = Seal(KeyOf(1), "row 7", "whsec_abc", random);
  EXPECT_EQ(Open(KeyOf(1), "row 7", sealed), "whsec_abc");
  EXPECT_EQ(Open(KeyOf(2), "row 7", sealed), std::nullopt);
  EXPECT_EQ(Open(KeyOf(1), "row 8", sealed), std::nullopt);
  EXPECT_NE(Seal(KeyOf(1), "row 7", "whsec_abc", random), sealed) << "a nonce came twice";
  EXPECT_EQ(Open(KeyOf(1), "", Seal(KeyOf(1), "", "", random)), "");
}

TEST(Aead, NoticesEachChangedByteAndEachCut) {
  SystemRandom random;
  const std::string sealed = Seal(KeyOf(1), "row", "secret", random);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(Open(KeyOf(1), "row", changed), std::nullopt) << i;
    EXPECT_EQ(Open(KeyOf(1), "row", sealed.substr(0, i)), std::nullopt) << i;
  }
}

}  // namespace
}  // namespace helios::crypto
