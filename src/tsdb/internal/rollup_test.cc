// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

#include "tsdb/internal/rollup_block.h"
#include "tsdb/sample_store.h"
#include "tsdb/testing/model_series.h"

namespace helios::tsdb {
namespace {

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::uint64_t> BitsOf(const Column<double>& values) {
  std::vector<std::uint64_t> bits;
  for (const double value : values) bits.push_back(std::bit_cast<std::uint64_t>(value));
  return bits;
}

void ExpectSame(const RollupBuffer& a, const RollupBuffer& b) {
  EXPECT_EQ(a.times_ms, b.times_ms);
  EXPECT_EQ(a.count, b.count);
  EXPECT_EQ(BitsOf(a.min), BitsOf(b.min));
  EXPECT_EQ(BitsOf(a.max), BitsOf(b.max));
  EXPECT_EQ(BitsOf(a.sum), BitsOf(b.sum));
  EXPECT_EQ(BitsOf(a.last), BitsOf(b.last));
}

void ExpectBack(std::chrono::milliseconds step, const RollupBuffer& rollups) {
  std::string block;
  EncodeRollups(step, rollups, block);
  const auto span = PeekRollups(block);
  ASSERT_TRUE(span.has_value());
  EXPECT_EQ(span->n, rollups.size());
  EXPECT_EQ(span->step, step);
  EXPECT_EQ(span->first_ms, rollups.times_ms.front());
  EXPECT_EQ(span->last_ms, rollups.times_ms.back());
  RollupBuffer back;
  ASSERT_TRUE(DecodeRollups(block, back).has_value());
  ExpectSame(back, rollups);
}

RollupBuffer TwoBuckets() {
  RollupBuffer rollups;
  rollups.times_ms = {0, 300'000};
  rollups.min = {1, 4};
  rollups.max = {3, 6};
  rollups.sum = {4, 15};
  rollups.last = {3, 5};
  rollups.count = {2, 3};
  return rollups;
}

TEST(Rollup, HoldsMinMaxSumLastAndCountOfEachBucketThatHasAValue) {
  RollupBuffer rollups;
  const std::vector<std::int64_t> times = {-1, 0, 299'999, 300'000, 900'000, 900'001};
  const std::vector<double> values = {7, 3, -2, 5, 1, 0.5};
  AddSamples(5min, times, values, rollups);
  RollupBuffer expected;
  expected.times_ms = {-300'000, 0, 300'000, 900'000};
  expected.min = {7, -2, 5, 0.5};
  expected.max = {7, 3, 5, 1};
  expected.sum = {7, 1, 5, 1.5};
  expected.last = {7, -2, 5, 0.5};
  expected.count = {1, 2, 1, 2};
  ExpectSame(rollups, expected);
}

TEST(Rollup, LeavesOutStaleMarkersNanAndInfinities) {
  RollupBuffer rollups;
  const std::vector<std::int64_t> times = {0, 1, 2, 3, 4, 300'000};
  const std::vector<double> values = {std::bit_cast<double>(kStaleMarkerBits),  2,        kInfinity, -kInfinity,
                                      std::numeric_limits<double>::quiet_NaN(), kInfinity};
  AddSamples(5min, times, values, rollups);
  ASSERT_EQ(rollups.size(), 1U);
  EXPECT_EQ(rollups.count[0], 1U);
  EXPECT_EQ(rollups.sum[0], 2);
  EXPECT_EQ(rollups.last[0], 2);
}

TEST(Rollup, GoesOnWithTheLastBucket) {
  const ModelSeries series = MakeModelSeries(ModelKind::kEvents, 1, 500);
  RollupBuffer whole;
  AddSamples(5min, series.times_ms, series.values, whole);
  RollupBuffer parts;
  for (std::size_t begin = 0; begin < 500; begin += 7) {
    const std::size_t size = std::min<std::size_t>(7, 500 - begin);
    AddSamples(5min, std::span(series.times_ms).subspan(begin, size), std::span(series.values).subspan(begin, size),
               parts);
  }
  ExpectSame(parts, whole);
}

TEST(Rollup, SumsOfDecimalsAreTheDecimals) {
  // Added one by one, ten times 0.1 is 0.9999999999999999.
  std::vector<std::int64_t> times;
  for (int i = 0; i < 10; ++i) times.push_back(i);
  RollupBuffer rollups;
  AddSamples(5min, times, std::vector<double>(10, 0.1), rollups);
  EXPECT_EQ(rollups.sum[0], 1.0);
}

TEST(Rollup, AnOverflowingSumIsInfinite) {
  RollupBuffer rollups;
  AddSamples(5min, std::vector<std::int64_t>{0, 1, 2}, std::vector<double>{1e308, 1e308, 1e308}, rollups);
  EXPECT_EQ(rollups.sum[0], kInfinity);
}

TEST(Rollup, MergesBucketByBucketWithTheLastOfTheNewer) {
  RollupBuffer newer;
  newer.times_ms = {-300'000, 300'000, 600'000};
  newer.min = newer.max = newer.sum = newer.last = {9, 2, 8};
  newer.count = {1, 1, 1};
  RollupBuffer merged;
  MergeRollups(TwoBuckets(), newer, merged);
  RollupBuffer expected;
  expected.times_ms = {-300'000, 0, 300'000, 600'000};
  expected.min = {9, 1, 2, 8};
  expected.max = {9, 3, 6, 8};
  expected.sum = {9, 4, 17, 8};
  expected.last = {9, 3, 2, 8};
  expected.count = {1, 2, 4, 1};
  ExpectSame(merged, expected);
}

TEST(Rollup, CoarserOnesAreThoseOfTheSamples) {
  for (const ModelKind kind : {ModelKind::kEvents, ModelKind::kMemory, ModelKind::kSmallGauge}) {
    const ModelSeries series = MakeModelSeries(kind, 1, 5760);
    RollupBuffer fine;
    RollupBuffer coarse;
    RollupBuffer direct;
    AddSamples(5min, series.times_ms, series.values, fine);
    CoarsenRollups(1h, fine, coarse);
    AddSamples(1h, series.times_ms, series.values, direct);
    EXPECT_EQ(coarse.size(), 24U);
    ExpectSame(coarse, direct);
  }
}

// docs/formats/rollup-block.md works these bytes out.
TEST(RollupBlock, HasTheDocumentedBytes) {
  std::string block;
  EncodeRollups(5min, TwoBuckets(), block);
  const unsigned char expected[] = {0x01, 0x02, 0xe0, 0xa7, 0x12, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00,  // head, times
                                    0x01, 0x04, 0x00, 0x02,                                            // count
                                    0x01, 0x06, 0x00, 0x04,                                            // last
                                    0x01, 0x04, 0x00, 0x01,                                            // last - min
                                    0x01, 0x00, 0x00, 0x02,                                            // max - last
                                    0x01, 0x03, 0x00, 0x04,                                            // sum
                                    0x20, 0x00};                                                       // rounding
  EXPECT_EQ(block, std::string(std::begin(expected), std::end(expected)));
}

TEST(RollupBlock, ModelSeriesComeBack) {
  for (std::uint64_t number = 0; number < 40; ++number) {
    const ModelSeries series = MakeModelSeries(number, 5760);
    for (const std::chrono::milliseconds step : {std::chrono::milliseconds(5min), std::chrono::milliseconds(1h)}) {
      RollupBuffer rollups;
      AddSamples(step, series.times_ms, series.values, rollups);
      ExpectBack(step, rollups);
    }
  }
}

TEST(RollupBlock, AnyNumbersComeBackBitForBit) {
  std::mt19937_64 random(9);
  for (int round = 0; round < 200; ++round) {
    RollupBuffer rollups;
    const std::size_t buckets = 1 + random() % 300;
    rollups.resize(buckets);
    std::int64_t time = -60'000;
    for (std::size_t i = 0; i < buckets; ++i) {
      rollups.times_ms[i] = time += 60'000 * static_cast<std::int64_t>(1 + (random() % 5 == 0 ? random() % 9 : 0));
      // All of them odd bits, or decimals with some.
      const auto draw = [&] {
        return round % 2 == 0 || random() % 40 == 0 ? std::bit_cast<double>(random())
                                                    : static_cast<double>(random() % 1000) / 100;
      };
      rollups.min[i] = draw();
      rollups.max[i] = draw();
      rollups.sum[i] = draw();
      rollups.last[i] = draw();
      rollups.count[i] = random() % 20 == 0 ? random() : 4;
    }
    ExpectBack(1min, rollups);
  }
}

TEST(RollupBlock, EveryCutAndAnythingAfterItsEndIsDamage) {
  const ModelSeries series = MakeModelSeries(ModelKind::kCpuSeconds, 1, 5760);
  RollupBuffer rollups;
  AddSamples(5min, series.times_ms, series.values, rollups);
  std::string block;
  EncodeRollups(5min, rollups, block);
  RollupBuffer out = TwoBuckets();
  for (std::size_t size = 0; size < block.size(); ++size) {
    const auto outcome = DecodeRollups(std::string_view(block).substr(0, size), out);
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().reason, "tsdb.bad_chunk");
  }
  EXPECT_FALSE(DecodeRollups(block + "x", out).has_value());
  ExpectSame(out, TwoBuckets());
  block[0] = 2;
  EXPECT_FALSE(DecodeRollups(block, out).has_value());
}

TEST(RollupBlock, RefusesTimesBeyond64Bits) {
  // A step of 2^62 and buckets 1 and 2 of it.
  std::string block = "\x01\x02";
  for (int i = 0; i < 8; ++i) block += '\x80';
  block += "\x40\x02\x01";
  EXPECT_FALSE(PeekRollups(block + std::string(20, '\0')).has_value());
}

}  // namespace
}  // namespace helios::tsdb
