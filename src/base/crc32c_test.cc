// SPDX-License-Identifier: Apache-2.0
#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <string>

namespace helios {
namespace {

TEST(Crc32c, AgreesWithPublishedValues) {
  // RFC 3720, appendix B.4, and the usual check value.
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(Crc32c(""), 0U);
}

TEST(Crc32c, TheInstructionAgreesWithTheTableAtEveryLengthAndAlignment) {
  std::string bytes(10'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i % 251);
  for (std::size_t length = 0; length < bytes.size(); length += length < 100 ? 1 : 61) {
    const std::string_view piece = std::string_view(bytes).substr(length % 9, length);
    ASSERT_EQ(Crc32c(piece), Crc32cByTable(piece)) << length;
  }
}

TEST(Crc32c, OfPiecesIsThatOfTheWhole) {
  std::string bytes(8'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 % 253);
  const std::string_view whole(bytes);
  for (const std::size_t cut : {0, 1, 7, 3072, 4000, 8000}) {
    EXPECT_EQ(Crc32c(whole.substr(cut), Crc32c(whole.substr(0, cut))), Crc32cByTable(whole)) << cut;
  }
}

}  // namespace
}  // namespace helios
