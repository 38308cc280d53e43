// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "tsdb/internal/bit_packing.h"
#include "tsdb/internal/decimal.h"
#include "tsdb/internal/sample_block.h"
#include "tsdb/internal/sample_page.h"
#include "tsdb/internal/times_column.h"
#include "tsdb/sample_store.h"
#include "tsdb/testing/model_series.h"

namespace helios::tsdb {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const double kStale = std::bit_cast<double>(kStaleMarkerBits);

std::string Bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += static_cast<char>(value);
  return out;
}

std::vector<std::uint64_t> BitsOf(std::span<const double> values) {
  std::vector<std::uint64_t> bits;
  for (const double value : values) bits.push_back(std::bit_cast<std::uint64_t>(value));
  return bits;
}

struct Samples {
  std::vector<std::int64_t> times_ms;
  std::vector<double> values;
};

template <class Draw>
Samples Every15s(std::size_t count, Draw&& draw) {
  Samples samples;
  for (std::size_t i = 0; i < count; ++i) {
    samples.times_ms.push_back(1'700'000'000'000 + static_cast<std::int64_t>(i) * 15'000);
    samples.values.push_back(draw(i));
  }
  return samples;
}

void ExpectSame(const SampleBuffer& buffer, const Samples& samples) {
  EXPECT_EQ(std::vector(buffer.times_ms.begin(), buffer.times_ms.end()), samples.times_ms);
  EXPECT_EQ(BitsOf(buffer.values), BitsOf(samples.values));
}

std::string Pages(const Samples& samples, std::size_t page = kPageSamples) {
  std::string pages;
  PageHint hint;
  for (std::size_t begin = 0; begin < samples.values.size(); begin += page) {
    const std::size_t size = std::min(page, samples.values.size() - begin);
    EncodePage(std::span(samples.times_ms).subspan(begin, size), std::span(samples.values).subspan(begin, size), hint,
               pages);
  }
  return pages;
}

void ExpectBackFromPages(const Samples& samples, std::size_t page) {
  const std::string pages = Pages(samples, page);
  SampleBuffer buffer;
  for (std::string_view rest = pages; !rest.empty();) {
    const auto span = PeekPage(rest);
    ASSERT_TRUE(span.has_value());
    const std::size_t before = rest.size();
    const std::size_t had = buffer.size();
    ASSERT_TRUE(DecodePage(rest, buffer).has_value());
    EXPECT_EQ(span->size_bytes, before - rest.size());
    EXPECT_EQ(span->n, buffer.size() - had);
    EXPECT_EQ(span->first_ms, buffer.times_ms[had]);
    EXPECT_EQ(span->last_ms, buffer.times_ms.back());
  }
  ExpectSame(buffer, samples);
}

void ExpectBackFromBlock(const Samples& samples) {
  std::string block;
  EncodeBlock(samples.times_ms, samples.values, block);
  const auto span = PeekBlock(block);
  ASSERT_TRUE(span.has_value());
  EXPECT_EQ(span->n, samples.values.size());
  EXPECT_EQ(span->first_ms, samples.times_ms.front());
  EXPECT_EQ(span->last_ms, samples.times_ms.back());
  EXPECT_EQ(span->times, std::nullopt);
  SampleBuffer buffer;
  ASSERT_TRUE(DecodeBlock(block, buffer).has_value());
  ExpectSame(buffer, samples);
}

void ExpectBack(const Samples& samples) {
  ExpectBackFromPages(samples, kPageSamples);
  ExpectBackFromPages(samples, 7);
  ExpectBackFromBlock(samples);
}

// Fails as damage does, and leaves the buffer as it was.
void ExpectBadPage(std::string_view bytes) {
  SampleBuffer buffer;
  buffer.times_ms = {5};
  buffer.values = {0.5};
  std::string_view rest = bytes;
  const auto outcome = DecodePage(rest, buffer);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::kDataCorruption);
  EXPECT_EQ(outcome.error().reason, "tsdb.bad_chunk");
  EXPECT_EQ(rest, bytes);
  ExpectSame(buffer, {{5}, {0.5}});
}

void ExpectBadBlock(std::string_view bytes) {
  SampleBuffer buffer;
  buffer.times_ms = {5};
  buffer.values = {0.5};
  const auto outcome = DecodeBlock(bytes, buffer);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().reason, "tsdb.bad_chunk");
  ExpectSame(buffer, {{5}, {0.5}});
}

// docs/formats/sample-page.md works these bytes out.
TEST(SamplePage, HasTheDocumentedBytes) {
  const Samples samples{{1000, 2000, 3000}, {1, 2, 4}};
  EXPECT_EQ(Pages(samples), Bytes({0x0a, 0x02, 0xd0, 0x0f, 0xe8, 0x07, 0x00, 0x00, 0x02, 0x02, 0x34}));
}

TEST(SamplePage, OfEqualValuesHasTheDocumentedBytes) {
  EXPECT_EQ(Pages({{1000, 2000}, {0.5, 0.5}}),
            Bytes({0x0e, 0x01, 0xd0, 0x0f, 0xe8, 0x07, 0x03, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f}));
}

// docs/formats/sample-block.md works these bytes out.
TEST(SampleBlock, HasTheDocumentedBytes) {
  std::string block;
  EncodeBlock(std::vector<std::int64_t>{1000, 2000, 3000}, std::vector<double>{1, 2, 4}, block);
  EXPECT_EQ(block, Bytes({0x01, 0x03, 0xd0, 0x0f, 0xd0, 0x0f, 0x00, 0xe8, 0x07,  // times
                          0x00, 0x00, 0x01, 0x02, 0x01, 0x02, 0x02}));
}

TEST(TimesColumn, HasTheDocumentedBytes) {
  std::string even;
  EncodeTimes(std::vector<std::int64_t>{1000, 2000, 3000}, even);
  EXPECT_EQ(even, Bytes({0x03, 0xd0, 0x0f, 0x00, 0xe8, 0x07}));
  std::string jittered;
  EncodeTimes(std::vector<std::int64_t>{0, 1001, 2000, 3000}, jittered);
  EXPECT_EQ(jittered, Bytes({0x04, 0x00, 0x02, 0xe8, 0x07, 0x01, 0x00, 0x02}));
  // A pause of a minute at the third of five.
  std::string paused;
  EncodeTimes(std::vector<std::int64_t>{0, 1000, 62'000, 63'000, 64'000}, paused);
  EXPECT_EQ(paused, Bytes({0x05, 0x00, 0x01, 0xe8, 0x07, 0x01, 0x02, 0xc0, 0xa9, 0x07}));
}

TEST(SampleCodec, ModelSeriesComeBack) {
  for (std::uint64_t number = 0; number < 60; ++number) {
    const ModelSeries series = MakeModelSeries(number, 1500);
    ExpectBack({series.times_ms, series.values});
    ExpectBack({Jittered(series.times_ms, 5, number), series.values});
    if (HasFailure()) FAIL() << ModelKindName(series.kind) << " " << number;
  }
}

TEST(SampleCodec, EveryCountUpToTwoPagesComesBack) {
  for (std::size_t count = 1; count <= 2 * kPageSamples; ++count) {
    ExpectBack(Every15s(count, [](std::size_t i) { return 0.01 * static_cast<double>(i * i % 977); }));
  }
}

TEST(SampleCodec, SpecialValuesComeBackBitForBit) {
  const std::vector<double> special = {0.0,
                                       -0.0,
                                       kInfinity,
                                       -kInfinity,
                                       kNan,
                                       -kNan,
                                       kStale,
                                       std::numeric_limits<double>::denorm_min(),
                                       -std::numeric_limits<double>::min(),
                                       std::numeric_limits<double>::max(),
                                       std::numeric_limits<double>::lowest(),
                                       std::bit_cast<double>(~0ULL),
                                       std::bit_cast<double>(0x7ff8'0000'dead'beefULL),
                                       1e22,
                                       1e23,
                                       0x1p51,
                                       -0x1p51,
                                       0x1p51 - 1,
                                       0x1p52 + 1,
                                       0x1p53 + 2,
                                       0x1p63,
                                       0.1,
                                       0.1 + 0.2,
                                       1.0 / 3,
                                       123456789.123456789,
                                       5e-324,
                                       1e-22};
  ExpectBack(Every15s(special.size(), [&](std::size_t i) { return special[i]; }));
  for (const double one : special) {
    // Alone, at every place among decimals, and once in a while.
    ExpectBack(Every15s(100, [&](std::size_t) { return one; }));
    for (std::size_t at = 0; at < 64; at += 9) {
      ExpectBack(Every15s(64, [&](std::size_t i) { return i == at ? one : 0.25 * static_cast<double>(i); }));
    }
    ExpectBack(Every15s(2000, [&](std::size_t i) { return i % 100 == 3 ? one : 1e6 + static_cast<double>(i % 7); }));
  }
}

TEST(SampleCodec, ManyShapesOfValuesComeBack) {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t limit) { return static_cast<double>(random() % limit); };
  double sum = 0;
  const std::vector<std::function<double(std::size_t)>> shapes = {
      [&](std::size_t) { return std::bit_cast<double>(random()); },
      [&](std::size_t) { return below(2); },
      [&](std::size_t) { return below(1ULL << 50) - 0x1p49; },
      [&](std::size_t) { return below(1ULL << 63); },
      [&](std::size_t) { return below(1000) / 1e9; },
      [&](std::size_t) { return static_cast<double>(static_cast<float>(below(1000)) / 7.0F); },
      [&](std::size_t) { return sum += below(100) / 3; },
      [&](std::size_t i) { return static_cast<double>(i) * 30; },
      [&](std::size_t i) { return static_cast<double>(i / 100) * 1e6; },
      [&](std::size_t i) { return i % 50 == 7 ? 1e9 + below(1000) : below(8); },
      [&](std::size_t i) { return i % 300 == 299 ? (sum = 0) : (sum += below(50)); },
      [&](std::size_t i) { return std::sin(static_cast<double>(i)); },
      [&](std::size_t i) { return -std::floor(static_cast<double>(i * i)) / 100; },
      [&](std::size_t i) { return i < 1000 ? below(100) / 100 : below(100) / 1e5; },
  };
  for (std::size_t shape = 0; shape < shapes.size(); ++shape) {
    for (const std::size_t count : {2U, 3U, 63U, 64U, 65U, 480U, 481U, 2000U}) {
      ExpectBack(Every15s(count, shapes[shape]));
      if (HasFailure()) FAIL() << "shape " << shape << ", " << count << " samples";
    }
  }
}

TEST(SampleCodec, AnyRisingTimesComeBack) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::mt19937_64 random(11);
  std::vector<std::vector<std::int64_t>> columns = {
      {0}, {kMin}, {kMax}, {kMin, kMax}, {kMin, 0, kMax}, {kMin, kMin + 1, kMax - 1, kMax}, {-3, -2, 0, 4, 5}};
  for (const std::uint64_t most : {1ULL, 2ULL, 100ULL, 1ULL << 20, 1ULL << 40}) {
    std::vector<std::int64_t> times{-50'000};
    while (times.size() < 1000) times.push_back(times.back() + 1 + static_cast<std::int64_t>(random() % most));
    columns.push_back(times);
  }
  // Scrapes with pauses, of whole steps and others.
  for (const std::int64_t pause : {15'000, 600'000, 7'001, 12, 86'400'000}) {
    std::vector<std::int64_t> times{1'700'000'000'000};
    while (times.size() < 1000) times.push_back(times.back() + 15'000 + (random() % 100 == 0 ? pause : 0));
    columns.push_back(times);
    columns.push_back(Jittered(times, 3, 5));
  }
  // Any 64 bits, in order.
  std::vector<std::int64_t> any;
  for (int i = 0; i < 500; ++i) any.push_back(static_cast<std::int64_t>(random()));
  std::sort(any.begin(), any.end());
  columns.push_back(any);
  for (const std::vector<std::int64_t>& times : columns) {
    ExpectBack({times, std::vector<double>(times.size(), 1.5)});
    std::string column;
    EncodeTimes(times, column);
    Column<std::int64_t> back;
    ASSERT_TRUE(DecodeTimes(column, back).has_value());
    EXPECT_EQ(std::vector(back.begin(), back.end()), times);
  }
}

TEST(SamplePage, AnyHintGivesTheSameSamples) {
  const ModelSeries series = MakeModelSeries(ModelKind::kMemory, 3, kPageSamples);
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    PageHint hint{static_cast<std::uint32_t>(random())};
    std::string page;
    EncodePage(series.times_ms, series.values, hint, page);
    SampleBuffer buffer;
    std::string_view rest = page;
    ASSERT_TRUE(DecodePage(rest, buffer).has_value());
    ExpectSame(buffer, {series.times_ms, series.values});
  }
}

TEST(SamplePage, EveryCutIsDamage) {
  for (const ModelKind kind : {ModelKind::kCpuSeconds, ModelKind::kSmallGauge, ModelKind::kConstant}) {
    ModelSeries series = MakeModelSeries(kind, 1, kPageSamples);
    series.values[5] = kStale;
    const std::string page = Pages({Jittered(series.times_ms, 5, 1), series.values});
    for (std::size_t size = 0; size < page.size(); ++size) ExpectBadPage(std::string_view(page).substr(0, size));
  }
}

TEST(SampleBlock, EveryCutAndAnythingAfterItsEndIsDamage) {
  for (const ModelKind kind : {ModelKind::kCpuSeconds, ModelKind::kSmallGauge, ModelKind::kConstant}) {
    ModelSeries series = MakeModelSeries(kind, 1, 1000);
    series.values[5] = kStale;
    std::string block;
    EncodeBlock(series.times_ms, series.values, block);
    for (std::size_t size = 0; size < block.size(); ++size) ExpectBadBlock(std::string_view(block).substr(0, size));
    ExpectBadBlock(block + "x");
    block[0] = 2;  // a version to come
    ExpectBadBlock(block);
  }
}

TEST(SamplePage, KnowsTheFormsThatItDoesNotWrite) {
  // {length, count and shape, first, step, flags, exponent, width, base, packed}, as in HasTheDocumentedBytes.
  const std::string good = Bytes({0x0a, 0x02, 0xd0, 0x0f, 0xe8, 0x07, 0x00, 0x00, 0x02, 0x02, 0x34});
  const auto with = [&](std::size_t at, int byte) {
    std::string bad = good;
    bad[at] = static_cast<char>(byte);
    return bad;
  };
  SampleBuffer buffer;
  std::string_view rest = good;
  ASSERT_TRUE(DecodePage(rest, buffer).has_value());
  ExpectBadPage(with(0, 0x09));  // shorter than its parts
  ExpectBadPage(with(0, 0x0b));  // longer than what is there
  ExpectBadPage(with(1, 0x04));  // two more samples
  ExpectBadPage(with(6, 0x80));  // an unknown flag
  ExpectBadPage(with(6, 0x02));  // an unknown transform
  ExpectBadPage(with(7, 23));    // an exponent too large
  ExpectBadPage(with(8, 65));    // a width too large
  ExpectBadPage(Bytes({0x0a, 0x02, 0xd0, 0x0f, 0x80, 0x00, 0x00, 0x00, 0x02, 0x02, 0x34}));  // times that stand still
  ExpectBadPage(std::string(12, '\xff'));                                                    // a length without end
  EXPECT_FALSE(PeekPage(with(0, 0x0b)).has_value());
  EXPECT_FALSE(PeekPage("").has_value());
}

TEST(SampleCodec, ChangedBitsAreDamageOrOtherSamplesButNeverMore) {
  std::mt19937 random(5);
  for (std::uint64_t number = 0; number < 20; ++number) {
    const ModelSeries series = MakeModelSeries(number, 600);
    const Samples samples{Jittered(series.times_ms, 4, number), series.values};
    const std::string page = Pages({{samples.times_ms.begin(), samples.times_ms.begin() + 64},
                                    {samples.values.begin(), samples.values.begin() + 64}});
    std::string block;
    EncodeBlock(samples.times_ms, samples.values, block);
    for (int i = 0; i < 300; ++i) {
      SampleBuffer buffer;
      std::string changed = page;
      changed[random() % changed.size()] ^= static_cast<char>(1U << random() % 8);
      std::string_view rest = changed;
      if (DecodePage(rest, buffer)) EXPECT_LE(buffer.size(), kPageSamples);
      changed = block;
      changed[random() % changed.size()] ^= static_cast<char>(1U << random() % 8);
      buffer.clear();
      if (DecodeBlock(changed, buffer)) EXPECT_LE(buffer.size(), kMaxBlockSamples);
    }
  }
}

TEST(SampleBlock, FindsItsTimesInAColumnOfTheirOwn) {
  const ModelSeries series = MakeModelSeries(1, 5760);
  const Samples samples{Jittered(series.times_ms, 5, 1), series.values};
  std::map<std::array<std::uint8_t, 16>, std::string> columns;
  const TimesRef name{{1, 2, 3}};
  EncodeTimes(samples.times_ms, columns[name.bytes]);
  std::string block;
  EncodeBlock(samples.times_ms, samples.values, name, block);
  EXPECT_EQ(PeekBlock(block)->times, name);

  const TimesResolver resolve = [&](const TimesRef& wanted) -> Result<SharedTimes> {
    const auto found = columns.find(wanted.bytes);
    if (found == columns.end()) return Fail(ErrorCode::kNotFound, "test.absent", "no such column");
    Column<std::int64_t> times;
    HELIOS_CHECK(DecodeTimes(found->second, times));
    return std::make_shared<const Column<std::int64_t>>(std::move(times));
  };
  SampleBuffer buffer;
  ASSERT_TRUE(DecodeBlock(block, resolve, buffer).has_value());
  ExpectSame(buffer, samples);

  ExpectBadBlock(block);  // nobody to ask
  buffer.clear();
  columns[name.bytes].clear();
  EncodeTimes(std::span(samples.times_ms).first(5759), columns[name.bytes]);  // other times
  EXPECT_EQ(DecodeBlock(block, resolve, buffer).error().reason, "tsdb.bad_chunk");
  columns.clear();
  EXPECT_EQ(DecodeBlock(block, resolve, buffer).error().reason, "test.absent");
  EXPECT_EQ(buffer.size(), 0U);
}

TEST(SampleBlock, TakesTheMostSamplesThereCanBe) {
  ExpectBackFromBlock(Every15s(kMaxBlockSamples, [](std::size_t i) { return i < 10 ? 1.0 : 2.0; }));
}

TEST(BitPacking, GivesBackEveryWidthAndCount) {
  std::mt19937_64 random(1);
  for (unsigned width = 0; width <= kMaxPackedWidth; ++width) {
    for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 64U, 100U}) {
      std::vector<std::uint64_t> values(count);
      for (auto& value : values) value = width == 0 ? 0 : random() >> (64 - width);
      // Exactly as much memory as is needed, so that a sanitizer sees a step beyond.
      std::vector<char> packed(PackedBytes(count, width) + kPackSlack);
      PackBits(values.data(), count, width, packed.data());
      packed.resize(PackedBytes(count, width));
      packed.shrink_to_fit();
      std::vector<std::uint64_t> back(count);
      UnpackBits(packed.data(), packed.data() + packed.size(), count, width, back.data());
      EXPECT_EQ(back, values) << width;
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(UnpackOne(packed.data(), packed.data() + packed.size(), i, width), values[i]);
      }
    }
  }
}

TEST(Decimal, TakesWhatDivisionGivesBackAndNothingElse) {
  std::int64_t x = 0;
  EXPECT_TRUE(ToDecimal(0.1, 1, x));
  EXPECT_EQ(x, 1);
  EXPECT_TRUE(ToDecimal(-123.45, 2, x));
  EXPECT_EQ(x, -12345);
  EXPECT_TRUE(ToDecimal(0x1p51 - 1, 0, x));
  EXPECT_EQ(x, (1LL << 51) - 1);
  for (const double no : {0.1 + 0.2, -0.0, kInfinity, -kInfinity, kNan, kStale, 0x1p51, 0x1p60, 1.0 / 3}) {
    EXPECT_FALSE(ToDecimal(no, 0, x));
    EXPECT_FALSE(ToDecimal(no, 2, x));
  }
  EXPECT_EQ(SmallestExponent(1234.5678, 0), 4U);
  EXPECT_EQ(SmallestExponent(1.0 / 3, 0), kMaxExponent + 1);
}

TEST(Decimal, OrderedBitsGrowWithTheValue) {
  const std::vector<double> rising = {-kInfinity, -1e300, -1, -5e-324, -0.0, 0.0, 5e-324, 1, 1e300, kInfinity};
  for (std::size_t i = 1; i < rising.size(); ++i) EXPECT_LT(ToOrdered(rising[i - 1]), ToOrdered(rising[i]));
}

}  // namespace
}  // namespace helios::tsdb
