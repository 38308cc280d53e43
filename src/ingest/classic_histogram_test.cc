// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/classic_histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace helios::ingest {
namespace {

using ::testing::ElementsAre;

/// "bound:count" of each bucket.
std::vector<std::string> Classic(const ExponentialHistogram& histogram) {
  std::vector<ClassicHistogram::Bucket> buckets;
  ToClassic(histogram, buckets);
  std::vector<std::string> texts;
  for (const auto& bucket : buckets) texts.push_back(fmt::format("{}:{}", BoundText(bucket.le), bucket.count));
  return texts;
}

TEST(ToClassic, MergesFineBucketsIntoPowersOfTwo) {
  // Scale 2: four buckets an octave; 0..3 are (1, 2], 4..7 are (2, 4], -4..-1 are (0.5, 1].
  EXPECT_THAT(Classic({.scale = 2, .positive = {{-1, 5}, {0, 1}, {3, 2}, {4, 4}}}),
              ElementsAre("0.5:0", "1:5", "2:8", "4:12"));
}

TEST(ToClassic, ShowsTheLowerBoundOfEachRunOfFilledBuckets) {
  EXPECT_THAT(Classic({.scale = 0, .positive = {{0, 1}, {1, 0}, {5, 2}}}), ElementsAre("1:0", "2:1", "32:1", "64:3"));
}

TEST(ToClassic, KeepsCoarseBuckets) {
  // Scale -1: bucket i is (4^i, 4^(i+1)].
  EXPECT_THAT(Classic({.scale = -1, .positive = {{0, 1}, {1, 2}}}), ElementsAre("1:0", "4:1", "16:3"));
}

TEST(ToClassic, PutsNegativeValuesAndZerosBelow) {
  EXPECT_THAT(Classic({.scale = 0, .zero_count = 4, .positive = {{0, 1}}, .negative = {{0, 2}, {1, 3}}}),
              ElementsAre("-4:0", "-2:3", "-1:5", "0:9", "1:9", "2:10"));
  EXPECT_THAT(Classic({.scale = 0, .zero_threshold = 0.25, .zero_count = 4, .positive = {{0, 1}}}),
              ElementsAre("-0.25:0", "0.25:4", "1:4", "2:5"));
}

TEST(ToClassic, SurvivesAnyIndexAndScale) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  EXPECT_THAT(Classic({.scale = 0, .positive = {{kMin, 1}, {kMax - 1, 2}}}), ElementsAre("0:1"));
  EXPECT_THAT(Classic({.scale = std::numeric_limits<std::int32_t>::max(), .positive = {{5, 1}}}),
              ElementsAre("1:0", "2:1"));
  EXPECT_THAT(Classic({.scale = -12, .positive = {{0, 1}}}), ElementsAre("1:0"));  // up to 2^4096, which is +Inf
  EXPECT_TRUE(Classic({}).empty());
}

}  // namespace
}  // namespace helios::ingest
