// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "crypto/sealed_file.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file.h"
#include "base/hex.h"
#include "crypto/digest.h"

namespace helios::crypto {
namespace {

constexpr std::size_t kHeader = 40;
constexpr std::size_t kSealedPiece = (1U << 20U) + 16;

class SealedFile : public ::testing::Test {
 protected:
  SealedFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "helios-crypto-XXXXXX").string();
    directory = ::mkdtemp(pattern.data());
  }
  ~SealedFile() override { std::filesystem::remove_all(directory); }

  std::string Seal(const std::string& plain) {
    EXPECT_TRUE(WriteFileAtomically(directory / "plain", plain));
    EXPECT_TRUE(SealFile(directory / "plain", directory / "sealed", key, random));
    return ReadFile(directory / "sealed").value();
  }
  /// What opening these bytes gives, or the reason why not.
  std::string Open(const std::string& sealed, const SealKey& with) {
    EXPECT_TRUE(WriteFileAtomically(directory / "sealed", sealed));
    const auto opened = OpenSealedFile(directory / "sealed", directory / "opened", with);
    if (opened) return ReadFile(directory / "opened").value();
    EXPECT_FALSE(std::filesystem::exists(directory / "opened"));
    return std::string(opened.error().reason);
  }
  static std::string Text(std::size_t bytes) {
    std::string text(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>((i * 2'654'435'761U) >> 13U);
    return text;
  }

  std::filesystem::path directory;
  SystemRandom random;
  SealKey key{1, 2, 3};
};

TEST_F(SealedFile, GivesBackEveryLength) {
  for (const std::size_t bytes : {0UL, 1UL, 1'048'575UL, 1'048'576UL, 1'048'577UL, 2'097'152UL, 3'000'000UL}) {
    const std::string plain = Text(bytes);
    EXPECT_TRUE(Open(Seal(plain), key) == plain) << bytes;
  }
}

TEST_F(SealedFile, HoldsNothingReadableAndNeverTheSameBytes) {
  const std::string plain = "the same words, the same words";
  const std::string sealed = Seal(plain);
  EXPECT_EQ(sealed.find("words"), std::string::npos);
  EXPECT_NE(Seal(plain), sealed);
}

TEST_F(SealedFile, NoChangedByteOpens) {
  const std::string sealed = Seal("a short text");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    EXPECT_EQ(Open(damaged, key), "crypto.bad_seal") << i;
  }
}

TEST_F(SealedFile, NoPieceMayBeCutOffMovedOrAdded) {
  const std::string sealed = Seal(Text(3U << 20U));  // exactly three pieces
  const std::string header = sealed.substr(0, kHeader);
  const std::string first = sealed.substr(kHeader, kSealedPiece);
  const std::string second = sealed.substr(kHeader + kSealedPiece, kSealedPiece);
  const std::string third = sealed.substr(kHeader + 2 * kSealedPiece);
  EXPECT_EQ(Open(header + first + second, key), "crypto.bad_seal");
  EXPECT_EQ(Open(header + second + first + third, key), "crypto.bad_seal");
  EXPECT_EQ(Open(sealed + third, key), "crypto.bad_seal");
  EXPECT_EQ(Open(sealed + "x", key), "crypto.bad_seal");
  EXPECT_EQ(Open(header, key), "crypto.bad_seal");
  EXPECT_EQ(Open("", key), "crypto.bad_seal");
}

TEST_F(SealedFile, AnotherKeyOpensNothing) {
  EXPECT_EQ(Open(Seal("text"), SealKey{9}), "crypto.bad_seal");
}

TEST_F(SealedFile, AFilesDigestIsThatOfItsBytes) {
  ASSERT_TRUE(WriteFileAtomically(directory / "file", "abc"));
  EXPECT_EQ(Sha256OfFile(directory / "file").value(), Sha256("abc"));
  const std::string large = Text(300'000);
  ASSERT_TRUE(WriteFileAtomically(directory / "file", large));
  EXPECT_EQ(Sha256OfFile(directory / "file").value(), Sha256(large));
  EXPECT_EQ(Sha256OfFile(directory / "none").error().reason, "file.not_found");
}

}  // namespace
}  // namespace helios::crypto
