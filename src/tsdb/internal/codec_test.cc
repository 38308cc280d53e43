// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/codec.h"

#include <gtest/gtest.h>

#include <limits>

namespace helios::tsdb {
namespace {

const TenantId kTenant = TenantId::Parse("00112233-4455-6677-8899-aabbccddeeff").value();

std::string Bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += static_cast<char>(value);
  return out;
}

// docs/formats/samples-rocksdb.md shows these bytes.
TEST(SampleDiskKey, HasTheDocumentedBytes) {
  const std::string expected =
      Bytes({0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,  //
             0,    0,    0,    0,    0,    0,    0x01, 0x02,                                                  //
             0x80, 0,    0,    0,    0,    0,    0x03, 0xe8});
  EXPECT_EQ(SampleDiskKey(kTenant, SeriesId{0x0102}, 1000).bytes(), expected);
  EXPECT_EQ(SeriesDiskKey(kTenant, SeriesId{0x0102}), expected.substr(0, 24));
}

TEST(SampleDiskKey, SortsByTenantThenSeriesThenTime) {
  const TenantId later = TenantId::Parse("00112233-4455-6677-8899-aabbccddef00").value();
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::string before;
  for (const TenantId tenant : {kTenant, later}) {
    for (const std::uint64_t series : {1ULL, 255ULL, 256ULL}) {
      for (const std::int64_t time : {kMin, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, kMax}) {
        const SampleDiskKey key(tenant, SeriesId{series}, time);
        EXPECT_LT(before, key.bytes());
        EXPECT_EQ(TenantOfKey(key.bytes()), tenant);
        EXPECT_EQ(SeriesOfKey(key.bytes()).value, series);
        EXPECT_EQ(TimeOfSampleKey(key.bytes()), time);
        before = key.bytes();
      }
    }
  }
}

TEST(SeriesEntry, HasTheDocumentedBytes) {
  EXPECT_EQ(EncodeSeriesEntry({"cpu", {{"host", "a"}}}, 1000),
            Bytes({1, 0, 0, 0, 0, 0, 0, 0x03, 0xe8, 3, 'c', 'p', 'u', 1, 4, 'h', 'o', 's', 't', 1, 'a'}));
}

TEST(SeriesEntry, ComesBackWhole) {
  const SeriesKey key{std::string(255, 'm'), {{"long", std::string(2048, 'v')}, {"z", std::string("\0x", 2)}}};
  const auto entry = DecodeSeriesEntry(EncodeSeriesEntry(key, -5));
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->key, key);
  EXPECT_EQ(ToUnixMs(entry->first_seen), -5);
}

TEST(SeriesEntry, EveryCutAndAnythingAfterItsEndIsCorruption) {
  const std::string bytes = EncodeSeriesEntry({"cpu", {{"host", "a"}, {"mode", "idle"}}}, 1);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeSeriesEntry(std::string_view(bytes).substr(0, size)).error().reason, "tsdb.corrupt") << size;
  }
  EXPECT_FALSE(DecodeSeriesEntry(bytes + "x").has_value());
  std::string newer = bytes;
  newer[0] = 2;
  EXPECT_FALSE(DecodeSeriesEntry(newer).has_value());
  // A length of 2^35 - 1 in a varint of five bytes, and one that never ends.
  EXPECT_FALSE(DecodeSeriesEntry(bytes.substr(0, 9) + "\xff\xff\xff\xff\x7f").has_value());
  EXPECT_FALSE(DecodeSeriesEntry(bytes.substr(0, 9) + std::string(20, '\xff')).has_value());
}

}  // namespace
}  // namespace helios::tsdb
