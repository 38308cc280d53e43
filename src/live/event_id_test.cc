// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/event_id.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/crc32c.h"

namespace helios::live {
namespace {

const EventId kId{.subscription = 0x0123456789abcdef,
                  .began = FromUnixMs(1'767'441'600'000),
                  .sent = {{{3}, FromUnixMs(1'767'441'599'000)},
                           {{300}, FromUnixMs(1'767'441'605'000)},
                           {{std::uint64_t{1} << 40U}, FromUnixMs(0)}}};

TEST(EventId, ComesBackAsItWent) {
  const auto back = DecodeId(EncodeId(kId));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->subscription, kId.subscription);
  EXPECT_EQ(back->began, kId.began);
  EXPECT_EQ(back->sent, kId.sent);
}

TEST(EventId, OfAStreamWithoutSeriesIsAsGood) {
  const auto back = DecodeId(EncodeId({.subscription = 1, .began = FromUnixMs(0), .sent = {}}));
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->sent.empty());
}

TEST(EventId, IsSmall) {
  EventId id{.subscription = 1, .began = FromUnixMs(1'767'441'600'000), .sent = {}};
  for (std::uint64_t i = 0; i < kMaxIdSeries; ++i) id.sent[{1'000'000 + i}] = id.began + std::chrono::hours{1};
  EXPECT_LE(EncodeId(id).size(), kMaxIdBytes);
  EXPECT_TRUE(DecodeId(EncodeId(id)));
}

TEST(EventId, IsNoOtherText) {
  for (const char* text : {"", "-", "AQ==", "////", "not base64", "AAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_FALSE(DecodeId(text)) << text;
  }
  EXPECT_FALSE(DecodeId(std::string(kMaxIdBytes + 4, 'A')));
}

TEST(EventId, CutShortOrChangedIsNone) {
  const std::string bytes = *FromBase64(EncodeId(kId));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(DecodeId(ToBase64(bytes.substr(0, i)))) << i;
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_FALSE(DecodeId(ToBase64(changed))) << i;
  }
}

/// With a checksum that fits: whoever wants to can make one.
std::string Forged(std::string body) {
  const std::uint32_t crc = Crc32c(body);
  for (unsigned shift = 0; shift < 32; shift += 8) body += static_cast<char>((crc >> shift) & 0xFFU);
  return ToBase64(body);
}

TEST(EventId, ForgedWithTimesOrCountsBeyondSenseIsNone) {
  const std::string head = std::string(1, 1) + std::string(8, 'x');
  const std::string most = std::string(9, '\xff') + '\x01';
  EXPECT_TRUE(DecodeId(Forged(head + '\x01' + std::string(1, '\0'))));
  EXPECT_FALSE(DecodeId(Forged(head + std::string(8, '\x80') + '\x40' + std::string(1, '\0')))) << "a time";
  EXPECT_FALSE(DecodeId(Forged(head + '\x01' + most))) << "a count";
  EXPECT_FALSE(DecodeId(Forged(head + '\x01' + '\x01' + '\x01' + most))) << "a time since";
  EXPECT_FALSE(DecodeId(Forged(head + '\x01' + '\x02' + '\x01' + '\x01'))) << "a series missing";
  EXPECT_FALSE(DecodeId(Forged(head + '\x01' + std::string(1, '\0') + '\x01'))) << "more behind";
  EXPECT_FALSE(DecodeId(Forged(head + std::string(11, '\xff')))) << "a number without an end";
}

}  // namespace
}  // namespace helios::live
