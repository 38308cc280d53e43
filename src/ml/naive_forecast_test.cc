// SPDX-License-Identifier: Apache-2.0
#include "ml/naive_forecast.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace helios::ml {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kStart = FromUnixMs(1'767'441'600'000);
constexpr NaiveMethod kHourly{.step = 5min, .season = 60min};

/// 0, 1, 2, … every five minutes.
std::vector<Sample> Ramp(int count) {
  std::vector<Sample> samples;
  for (int i = 0; i < count; ++i) samples.push_back({kStart + i * 5min, static_cast<double>(i)});
  return samples;
}

TEST(NaiveForecast, IsTheValueAWholeNumberOfSeasonsAgo) {
  const auto samples = Ramp(25);  // two hours
  const TimestampMs origin = samples.back().time;
  EXPECT_EQ(NaiveForecast(samples, origin, origin + 15min, kHourly), 24 + 3 - 12);
  EXPECT_EQ(NaiveForecast(samples, origin, origin + 60min, kHourly), 24);
  EXPECT_EQ(NaiveForecast(samples, origin, origin + 65min, kHourly), 24 + 13 - 24) << "two seasons back";
}

TEST(NaiveForecast, WithoutASeasonOrWithAGapThereIsTheValueNow) {
  auto samples = Ramp(25);
  const TimestampMs origin = samples.back().time;
  EXPECT_EQ(NaiveForecast(samples, origin, origin + 15min, {.step = 5min}), 24);
  samples[15].value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(NaiveForecast(samples, origin, origin + 15min, kHourly), 24);
  EXPECT_EQ(NaiveForecast({}, origin, origin + 15min, kHourly), std::nullopt);
}

TEST(MeanOfStep, TakesTheEndInAndTheBeginOut) {
  const std::vector<Sample> samples = {{kStart, 1}, {kStart + 1min, 2}, {kStart + 5min, 6}, {kStart + 6min, 100}};
  EXPECT_EQ(MeanOfStep(samples, kStart + 5min, 5min), 4);
  EXPECT_EQ(MeanOfStep(samples, kStart + 20min, 5min), std::nullopt);
}

TEST(NaiveHalfWidth, IsTheQuantileOfWhatValuesThatFarApartDiffer) {
  std::vector<Sample> samples = Ramp(20);  // each differs by 3 from the one three steps before
  EXPECT_EQ(NaiveHalfWidth(samples, 15min, 5min, 0.5), 3);
  samples[10].value += 50;  // two of the 17 pairs differ by 53 and by 47
  EXPECT_EQ(NaiveHalfWidth(samples, 15min, 5min, 0.5), 3);
  EXPECT_EQ(NaiveHalfWidth(samples, 15min, 5min, 0.99), 53);
  EXPECT_EQ(NaiveHalfWidth(Ramp(3), 60min, 5min, 0.5), std::nullopt);
}

}  // namespace
}  // namespace helios::ml
