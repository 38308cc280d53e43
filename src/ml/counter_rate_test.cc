// SPDX-License-Identifier: Apache-2.0
#include "ml/counter_rate.h"

#include <gtest/gtest.h>

#include <limits>

namespace helios::ml {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<Sample> Every15Seconds(std::initializer_list<double> values) {
  std::vector<Sample> samples;
  for (const double value : values) {
    samples.push_back({FromUnixMs(1'000'000 + 15'000 * static_cast<std::int64_t>(samples.size())), value});
  }
  return samples;
}

std::vector<double> ValuesOf(const std::vector<Sample>& samples) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(sample.value);
  return values;
}

TEST(CounterRate, IsTheIncreaseASecondAtTheLaterTime) {
  const auto rates = ToRates(Every15Seconds({100, 130, 130, 190}));
  EXPECT_EQ(ValuesOf(rates), (std::vector<double>{2, 0, 4}));
  EXPECT_EQ(rates.front().time, FromUnixMs(1'015'000));
}

TEST(CounterRate, CountsFromZeroAfterAReset) {
  EXPECT_EQ(ValuesOf(ToRates(Every15Seconds({1000, 1015, 30, 45}))), (std::vector<double>{1, 2, 1}));
}

TEST(CounterRate, IsTheMeanOverAGap) {
  const auto rates = ToRates(Every15Seconds({0, kNan, 60, -5, std::numeric_limits<double>::infinity(), 105}));
  EXPECT_EQ(ValuesOf(rates), (std::vector<double>{2, 1}));
}

TEST(CounterRate, TakesAnyOrderAndTheFirstOfSeveral) {
  auto samples = Every15Seconds({0, 15, 45});
  std::swap(samples[0], samples[2]);
  samples.push_back({samples[1].time, 1000});
  EXPECT_EQ(ValuesOf(ToRates(samples)), (std::vector<double>{1, 2}));
}

TEST(CounterRate, IsNothingOfLessThanTwoSamples) {
  EXPECT_TRUE(ToRates({}).empty());
  EXPECT_TRUE(ToRates(Every15Seconds({5})).empty());
  EXPECT_TRUE(ToRates(Every15Seconds({kNan, 5})).empty());
}

TEST(CounterRate, StaysFiniteAtTheLargestValues) {
  const double most = std::numeric_limits<double>::max();
  EXPECT_EQ(ValuesOf(ToRates(Every15Seconds({0, most}))), (std::vector<double>{most / 15}));
}

TEST(LooksLikeCounter, TakesWhatGrowsAndRestarts) {
  EXPECT_TRUE(LooksLikeCounter(Every15Seconds({0, 1, 5, 5, 9, 12, 15, 18, 22, 25, 30, 2, 4})));
}

TEST(LooksLikeCounter, RefusesGauges) {
  EXPECT_FALSE(LooksLikeCounter(Every15Seconds({50, 52, 49, 51, 53})));
  EXPECT_FALSE(LooksLikeCounter(Every15Seconds({1, 2, 3, -1, 5})));
  EXPECT_FALSE(LooksLikeCounter(Every15Seconds({5, 5, 5, 5})));
  EXPECT_FALSE(LooksLikeCounter(Every15Seconds({0, 9, 0, 9, 0, 9, 0, 9})));
  EXPECT_FALSE(LooksLikeCounter({}));
}

TEST(CounterFollower, GivesTheRateSinceTheSampleBefore) {
  CounterFollower follower;
  std::vector<double> rates;
  for (const Sample& sample : Every15Seconds({100, 130, kNan, 190, -1, 190})) {
    if (const auto rate = follower.Take(sample)) rates.push_back(rate->value);
  }
  EXPECT_EQ(rates, (std::vector<double>{2, 2, 0})) << "the second over the gap of 30 s, and none of the first";
}

TEST(CounterFollower, KnowsNothingOfTheStepOfAReset) {
  CounterFollower follower;
  std::vector<double> rates;
  for (const Sample& sample : Every15Seconds({1000, 1015, 30, 45})) {
    if (const auto rate = follower.Take(sample)) rates.push_back(rate->value);
  }
  EXPECT_EQ(rates, (std::vector<double>{1, 1}));
}

TEST(CounterFollower, LeavesOutWhatIsNotNewer) {
  CounterFollower follower;
  const auto samples = Every15Seconds({10, 40});
  EXPECT_FALSE(follower.Take(samples[0]));
  EXPECT_FALSE(follower.Take(samples[0]));
  ASSERT_TRUE(follower.Take(samples[1]));
  EXPECT_FALSE(follower.Take(samples[0])) << "a clock that went back";
}

TEST(NamesCounter, GoesByTheEndOfTheName) {
  EXPECT_TRUE(NamesCounter("http_requests_total"));
  EXPECT_TRUE(NamesCounter("latency_seconds_bucket"));
  EXPECT_FALSE(NamesCounter("total_memory"));
  EXPECT_FALSE(NamesCounter("thread_count"));
}

}  // namespace
}  // namespace helios::ml
