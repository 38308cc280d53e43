// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "tsdb/internal/sample_block.h"
#include "tsdb/internal/sample_page.h"
#include "tsdb/internal/times_column.h"
#include "tsdb/sample_store.h"
#include "tsdb/testing/model_series.h"

namespace helios::tsdb {
namespace {

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
Samples Make(std::size_t count, Draw&& draw) {
  Samples samples;
  for (std::size_t i = 0; i < count; ++i) {
    samples.times_ms.push_back(1'700'000'000'000 + static_cast<std::int64_t>(i) * 15'000);
    samples.values.push_back(draw(i));
  }
  return samples;
}

// As pages that share a hint, and as one block.
void ExpectBack(const Samples& samples) {
  std::string pages;
  PageHint hint;
  const std::size_t count = samples.values.size();
  for (std::size_t begin = 0; begin < count; begin += kPageSamples) {
    const std::size_t size = std::min(kPageSamples, count - begin);
    EncodePage(std::span(samples.times_ms).subspan(begin, size), std::span(samples.values).subspan(begin, size), hint,
               pages);
  }
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
  EXPECT_EQ(std::vector(buffer.times_ms.begin(), buffer.times_ms.end()), samples.times_ms);
  EXPECT_EQ(BitsOf(buffer.values), BitsOf(samples.values));

  std::string block;
  EncodeBlock(samples.times_ms, samples.values, block);
  buffer.clear();
  ASSERT_TRUE(DecodeBlock(block, buffer).has_value());
  EXPECT_EQ(std::vector(buffer.times_ms.begin(), buffer.times_ms.end()), samples.times_ms);
  EXPECT_EQ(BitsOf(buffer.values), BitsOf(samples.values));
}

TEST(SampleCodec, ModelSeriesComeBack) {
  for (std::uint64_t number = 0; number < 60; ++number) {
    const ModelSeries series = MakeModelSeries(number, 1500);
    ExpectBack({series.times_ms, series.values});
    ExpectBack({Jittered(series.times_ms, 5, number), series.values});
    if (HasFailure()) FAIL() << ModelKindName(series.kind) << " " << number;
  }
}

}  // namespace
}  // namespace helios::tsdb
