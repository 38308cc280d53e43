// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/delta_sums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace helios::ingest {
namespace {

using Verdict = DeltaSums::Verdict;
using std::chrono::hours;
using std::chrono::seconds;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);

class DeltaSumsTest : public testing::Test {
 protected:
  Verdict Add(std::string_view series, TimestampMs time, double value) {
    point_ = {.sum = value, .buckets = {}};
    return sums_.Add(tenant_, series, time, time, point_, steps_);
  }

  TenantId tenant_;
  DeltaSums sums_;
  ClassicHistogram point_;
  std::vector<DeltaSums::Step> steps_;
};

TEST_F(DeltaSumsTest, AddsUpEachSeriesByItself) {
  EXPECT_EQ(Add("a", kNow, 3), Verdict::kAdded);
  EXPECT_EQ(Add("b", kNow, 100), Verdict::kAdded);
  EXPECT_EQ(Add("a", kNow + seconds{10}, 4), Verdict::kAdded);
  EXPECT_EQ(point_.sum, 7);
}

TEST_F(DeltaSumsTest, AddsAPointOnce) {
  EXPECT_EQ(Add("a", kNow, 3), Verdict::kAdded);
  EXPECT_EQ(Add("a", kNow, 3), Verdict::kRepeated);
  EXPECT_EQ(Add("a", kNow - seconds{1}, 5), Verdict::kOlder);
  EXPECT_EQ(Add("a", kNow + seconds{1}, 1), Verdict::kAdded);
  EXPECT_EQ(point_.sum, 4);
}

TEST_F(DeltaSumsTest, TakesBackWhatWasNotStored) {
  EXPECT_EQ(Add("a", kNow, 3), Verdict::kAdded);
  steps_.clear();
  EXPECT_EQ(Add("a", kNow + seconds{1}, 4), Verdict::kAdded);
  sums_.Undo(tenant_, steps_);
  EXPECT_EQ(Add("a", kNow + seconds{1}, 4), Verdict::kAdded);  // the sender tries again
  EXPECT_EQ(point_.sum, 7);
}

TEST_F(DeltaSumsTest, LeavesAStepOnWhichAnotherStands) {
  EXPECT_EQ(Add("a", kNow, 3), Verdict::kAdded);
  const auto first = steps_;
  EXPECT_EQ(Add("a", kNow + seconds{1}, 4), Verdict::kAdded);
  sums_.Undo(tenant_, first);
  EXPECT_EQ(Add("a", kNow + seconds{2}, 1), Verdict::kAdded);
  EXPECT_EQ(point_.sum, 8);
}

TEST_F(DeltaSumsTest, KeepsEveryBoundOfAHistogramRising) {
  std::vector<DeltaSums::Step> steps;
  ClassicHistogram first{.count = 5, .sum = 20, .buckets = {{4, 0}, {8, 5}}};
  EXPECT_EQ(sums_.Add(tenant_, "h", kNow, kNow, first, steps), Verdict::kAdded);
  ClassicHistogram second{.count = 3, .sum = 5, .buckets = {{1, 0}, {2, 3}}};
  EXPECT_EQ(sums_.Add(tenant_, "h", kNow + seconds{1}, kNow, second, steps), Verdict::kAdded);
  EXPECT_EQ(second.count, 8);
  EXPECT_EQ(second.sum, 25);
  std::vector<std::pair<double, double>> buckets;
  for (const auto& bucket : second.buckets) buckets.emplace_back(bucket.le, bucket.count);
  EXPECT_THAT(buckets,
              testing::ElementsAre(testing::Pair(1, 0), testing::Pair(2, 3), testing::Pair(4, 3), testing::Pair(8, 8)));
}

TEST_F(DeltaSumsTest, ForgetsSilentSeriesWhenItIsFull) {
  for (std::size_t i = 0; i < DeltaSums::kMaxSeries; ++i) {
    ASSERT_EQ(Add(std::to_string(i), kNow, 1), Verdict::kAdded);
  }
  EXPECT_EQ(Add("more", kNow, 1), Verdict::kTooManySeries);
  EXPECT_EQ(Add("0", kNow + hours{1}, 1), Verdict::kAdded);
  EXPECT_EQ(Add("more", kNow + hours{1} + seconds{1}, 1), Verdict::kAdded);
  EXPECT_EQ(Add("0", kNow + hours{2}, 1), Verdict::kAdded);
  EXPECT_EQ(point_.sum, 3);  // it was not silent
  EXPECT_EQ(Add("1", kNow + hours{2}, 1), Verdict::kAdded);
  EXPECT_EQ(point_.sum, 1);
}

}  // namespace
}  // namespace helios::ingest
