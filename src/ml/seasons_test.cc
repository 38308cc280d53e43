// SPDX-License-Identifier: Apache-2.0
#include "ml/seasons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t kDay = 288;

std::vector<double> Noise(std::size_t size, double noise, double walk, std::uint64_t seed) {
  std::vector<double> values;
  for (const auto& sample : SyntheticSeries{.samples = size, .noise = noise, .walk = walk, .seed = seed}.Make()) {
    values.push_back(sample.value);
  }
  return values;
}

std::vector<std::size_t> LengthsOf(std::span<const double> values, std::size_t day) {
  std::vector<std::size_t> lengths;
  for (const auto& season : FindSeasons(values, day)) lengths.push_back(season.steps);
  return lengths;
}

double Wave(std::size_t t, std::size_t period) {
  return std::sin(2.0 * std::numbers::pi * static_cast<double>(t) / static_cast<double>(period));
}

TEST(FindSeasons, FindsTheDayUnderAsMuchNoise) {
  auto values = Noise(14 * kDay, 10.0, 0.0, 1);
  for (std::size_t t = 0; t < values.size(); ++t) values[t] += 14.0 * Wave(t, kDay);
  EXPECT_THAT(LengthsOf(values, kDay), ElementsAre(kDay));
  // Half of the variance is the season's: 14^2 / 2 against 10^2.
  EXPECT_NEAR(FindSeasons(values, kDay).front().strength, 0.45, 0.1);
}

TEST(FindSeasons, FindsABatchJobEvery65MinutesAmongNoise) {
  auto values = Noise(14 * kDay, 2.0, 0.0, 2);
  for (std::size_t t = 0; t < values.size(); ++t) values[t] += t % 13 < 2 ? 40.0 : 0.0;
  EXPECT_THAT(LengthsOf(values, kDay), ElementsAre(13));
}

TEST(FindSeasons, FindsSamplesThatAlternate) {
  auto values = Noise(14 * kDay, 1.0, 0.0, 3);
  for (std::size_t t = 0; t < values.size(); ++t) values[t] += t % 2 == 0 ? 8.0 : 0.0;
  EXPECT_THAT(LengthsOf(values, kDay), ElementsAre(2));
}

TEST(FindSeasons, FindsTheHourlyJobAndTheDayUnderIt) {
  auto values = Noise(14 * kDay, 1.0, 0.0, 4);
  for (std::size_t t = 0; t < values.size(); ++t) values[t] += 10.0 * Wave(t, kDay) + (t % 13 == 0 ? 12.0 : 0.0);
  EXPECT_THAT(LengthsOf(values, kDay), ElementsAre(13, kDay));
}

TEST(FindSeasons, FindsTheWeekOfHourlyValues) {
  auto values = Noise(42 * 24, 1.0, 0.0, 5);
  for (std::size_t t = 0; t < values.size(); ++t) {
    values[t] += (10.0 + 5.0 * Wave(t, 24)) * (t / 24 % 7 < 5 ? 1.0 : 0.2);
  }
  const auto lengths = LengthsOf(values, 24);
  EXPECT_THAT(lengths, ::testing::Contains(168U));
}

TEST(FindSeasons, FindsNoneInNoiseInARandomWalkOrInALine) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_THAT(LengthsOf(Noise(14 * kDay, 1.0, 0.0, seed), kDay), IsEmpty()) << seed;
    EXPECT_THAT(LengthsOf(Noise(14 * kDay, 0.0, 1.0, seed), kDay), IsEmpty()) << seed;
  }
  std::vector<double> line(1'000);
  for (std::size_t t = 0; t < line.size(); ++t) line[t] = static_cast<double>(t);
  EXPECT_THAT(LengthsOf(line, kDay), IsEmpty());
}

TEST(FindSeasons, OutliersAndGapsDoNotHideASeason) {
  auto values = Noise(14 * kDay, 1.0, 0.0, 6);
  for (std::size_t t = 0; t < values.size(); ++t) {
    values[t] += 10.0 * Wave(t, kDay);
    if (t % 517 == 0) values[t] = 1e12;
    if (t / 100 % 9 == 0) values[t] = std::numeric_limits<double>::quiet_NaN();
  }
  EXPECT_THAT(LengthsOf(values, kDay), ElementsAre(kDay));
}

TEST(FindSeasons, BearsAnything) {
  EXPECT_THAT(FindSeasons({}, 288), IsEmpty());
  EXPECT_THAT(FindSeasons(std::vector<double>(1'000, 7.0), 0), IsEmpty());
  EXPECT_THAT(FindSeasons(std::vector<double>(1'000, std::nan("")), 288), IsEmpty());
  std::vector<double> extremes;
  for (int t = 0; t < 1'000; ++t) extremes.push_back(t % 2 == 0 ? 1.7e308 : -1.7e308);
  EXPECT_THAT(LengthsOf(extremes, 288), ElementsAre(2));
}

}  // namespace
}  // namespace helios::ml
