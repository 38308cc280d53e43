// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/aead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/hex.h"
#include "tsdb/testing/counting_random.h"

namespace helios::tsdb {
namespace {

std::string Sealed(const Aead& aead, std::string_view plain) {
  std::string out;
  EXPECT_TRUE(aead.Seal("about it", plain, out));
  return out;
}

std::string FromHexText(std::string_view text) {
  std::vector<std::uint8_t> bytes(text.size() / 2);
  EXPECT_TRUE(FromHex(text, bytes));
  return {bytes.begin(), bytes.end()};
}

std::string NonceOf(const std::string& sealed) {
  return sealed.substr(0, Aes256GcmAead::kNonceBytes);
}

TEST(Aead, OpensWhatItSealed) {
  CountingRandom random;
  const Aes256GcmAead aead(AeadKey{9}, random);
  for (const std::size_t size : {0, 1, 15, 16, 17, 600, 100'000}) {
    const std::string plain(size, 'p');
    std::string sealed = "kept:";
    ASSERT_TRUE(aead.Seal("about it", plain, sealed));
    EXPECT_EQ(sealed.size(), 5 + size + aead.overhead());
    std::string opened = "kept:";
    ASSERT_TRUE(aead.Open("about it", std::string_view(sealed).substr(5), opened));
    EXPECT_EQ(opened, "kept:" + plain);
  }
}

TEST(Aead, OpensThePublishedTestCases) {
  // McGrew & Viega, "The Galois/Counter Mode of Operation", test cases 13 and 14: a key and a nonce of zeros.
  CountingRandom random;
  const Aes256GcmAead aead(AeadKey{}, random);
  const std::string nonce(24, '0');
  std::string opened;
  ASSERT_TRUE(aead.Open("", FromHexText(nonce + "530f8afbc74536b9a963b4f1c4cb738b"), opened));
  EXPECT_EQ(opened, "");
  ASSERT_TRUE(aead.Open(
      "", FromHexText(nonce + "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919"), opened));
  EXPECT_EQ(opened, std::string(16, '\0'));
}

TEST(Aead, RefusesWhatWasAlteredMovedOrSealedWithAnotherKey) {
  CountingRandom random;
  const Aes256GcmAead aead(AeadKey{9}, random);
  const std::string sealed = Sealed(aead, "some plain text");
  std::string opened = "before";
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string altered = sealed;
    altered[at] = static_cast<char>(altered[at] ^ 1 << at % 8);
    const auto outcome = aead.Open("about it", altered, opened);
    ASSERT_FALSE(outcome) << at;
    EXPECT_EQ(outcome.error().code, ErrorCode::kDataCorruption);
    EXPECT_EQ(outcome.error().reason, "tsdb.bad_seal");
  }
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(aead.Open("about it", std::string_view(sealed).substr(0, length), opened)) << length;
  }
  EXPECT_FALSE(aead.Open("about another", sealed, opened));
  EXPECT_FALSE(Aes256GcmAead(AeadKey{8}, random).Open("about it", sealed, opened));
  EXPECT_EQ(opened, "before") << "nothing that failed its check may be handed out";
  EXPECT_TRUE(aead.Open("about it", sealed, opened)) << "and a failure leaves no trace";
}

TEST(Aead, BytesThatFailTheirCheckAreNotHandedOut) {
  CountingRandom random;
  const Aes256GcmAead aead(AeadKey{9}, random);
  std::string sealed = Sealed(aead, "some plain text");
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  std::string out(15, 'x');
  EXPECT_FALSE(aead.OpenInto("about it", sealed, out));
  EXPECT_EQ(out, std::string(15, '\0'));
}

TEST(Aead, NoNonceComesTwiceOnAnyThread) {
  CountingRandom random;
  const Aes256GcmAead aead(AeadKey{9}, random);
  std::vector<std::vector<std::string>> nonces(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : nonces) {
      threads.emplace_back([&aead, &mine] {
        for (int i = 0; i < 5'000; ++i) mine.push_back(NonceOf(Sealed(aead, "the same text")));
      });
    }
  }
  std::set<std::string> all;
  for (const auto& mine : nonces) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 20'000U);
}

TEST(Aead, EachObjectHasNoncesOfItsOwn) {
  CountingRandom random;
  std::set<std::string> prefixes;
  for (int restart = 0; restart < 100; ++restart) {
    prefixes.insert(NonceOf(Sealed(Aes256GcmAead(AeadKey{9}, random), "x")).substr(0, 8));
  }
  EXPECT_EQ(prefixes.size(), 100U);
}

TEST(Aead, ASpentCounterBringsANewPrefix) {
  CountingRandom random;
  Aes256GcmAead aead(AeadKey{9}, random);
  const std::string first = NonceOf(Sealed(aead, "x"));
  aead.SkipToSealForTesting(0xffffffff);
  const std::string last = NonceOf(Sealed(aead, "x"));
  const std::string next = NonceOf(Sealed(aead, "x"));
  EXPECT_EQ(last.substr(0, 8), first.substr(0, 8));
  EXPECT_NE(next.substr(0, 8), first.substr(0, 8));
}

}  // namespace
}  // namespace helios::tsdb
