// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/series_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace helios::bench {
namespace {

constexpr TimestampMs kFirst = FromUnixMs(1'767'441'600'000);

TEST(SeriesModel, GivesEachSeriesLabelsOfItsOwnInOrder) {
  std::set<SeriesModel::Labels> seen;
  for (std::size_t series = 0; series < 2'000; ++series) {
    const SeriesModel::Labels labels = SeriesModel::LabelsOf(series);
    EXPECT_GE(labels.size(), 6U);
    EXPECT_LE(labels.size(), 10U);
    EXPECT_EQ(labels.front().first, "__name__");
    EXPECT_TRUE(std::ranges::is_sorted(labels));
    EXPECT_TRUE(seen.insert(labels).second) << series;
  }
}

TEST(SeriesModel, IsTheSameEveryTime) {
  SeriesModel a(64, kFirst, 5);
  SeriesModel b(64, kFirst, 5);
  for (std::size_t round = 0; round < 100; ++round) {
    for (std::size_t series = 0; series < 64; ++series) {
      EXPECT_EQ(a.NextValue(series, round), b.NextValue(series, round));
      EXPECT_EQ(a.TimeOf(series, round), b.TimeOf(series, round));
    }
  }
}

TEST(SeriesModel, CountersNeverFall) {
  SeriesModel model(19, kFirst);  // the first 19 of a host's series count
  std::vector<double> last(19, 0);
  for (std::size_t round = 0; round < 6'000; ++round) {
    for (std::size_t series = 0; series < 19; ++series) {
      const double value = model.NextValue(series, round);
      EXPECT_GE(value, last[series]);
      last[series] = value;
    }
  }
}

TEST(SeriesModel, JitterIsSharedWithinAHostAndAbsentByDefault) {
  const SeriesModel regular(64, kFirst);
  EXPECT_EQ(regular.TimeOf(5, 3), kFirst + std::chrono::seconds{45});
  const SeriesModel late(64, kFirst, 5);
  double squares = 0;
  constexpr int kRounds = 10'000;
  for (int round = 0; round < kRounds; ++round) {
    const auto at = static_cast<std::size_t>(round);
    EXPECT_EQ(late.TimeOf(0, at), late.TimeOf(31, at));
    squares += std::pow(static_cast<double>((late.TimeOf(0, at) - regular.TimeOf(0, at)).count()), 2);
  }
  EXPECT_NEAR(std::sqrt(squares / kRounds), 5.0, 0.2);
}

TEST(SeriesModel, HasTheEntropyThatItStates) {
  // Of the request counter, counted out over its increments around the time when its mean stands still (06:00 and
  // 18:00 of the cycle): log2(8.9 * 4.1327) = 5.2 bits. The bias of counting with this many samples is below 0.1.
  SeriesModel model(8, kFirst);
  std::map<double, int> increments;
  double last = 0;
  int counted = 0;
  for (std::size_t round = 0; round < 20 * 5'760; ++round) {
    const double value = model.NextValue(7, round);
    const std::size_t step = round % 5'760;
    if (step > 1'340 && step < 1'540) {
      ++increments[value - last];
      ++counted;
    }
    last = value;
  }
  double bits = 0;
  for (const auto& [increment, times] : increments) {
    const double p = static_cast<double>(times) / counted;
    bits -= p * std::log2(p);
  }
  EXPECT_NEAR(bits, 5.2, 0.15);
  EXPECT_NEAR(SeriesModel::EntropyBytes(), 1.08, 0.02);
}

}  // namespace
}  // namespace helios::bench
