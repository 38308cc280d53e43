// SPDX-License-Identifier: Apache-2.0
#include "ml/multi_season_smoothing.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace helios::ml {
namespace {

double Ahead(const MultiSeasonSmoothing& model, std::size_t steps) {
  return model.Predict(model.ReachFor(steps));
}

double DayAndWeek(double hour) {
  return 100.0 + 10.0 * std::sin(2.0 * std::numbers::pi * hour / 24.0) + (std::fmod(hour, 168.0) < 120.0 ? 30.0 : 0.0);
}

TEST(MultiSeasonSmoothing, FollowsADailyAndAWeeklySeasonAtOnce) {
  std::vector<double> values;
  for (int i = 0; i < 24 * 21; ++i) values.push_back(DayAndWeek(i));
  const std::array<std::size_t, 2> seasons = {24, 168};
  const auto model = MultiSeasonSmoothing::Fit(values, seasons);
  for (std::size_t h = 1; h <= 168; ++h) {
    EXPECT_NEAR(Ahead(model, h), DayAndWeek(static_cast<double>(values.size() - 1 + h)), 1e-6) << h;
  }
}

TEST(MultiSeasonSmoothing, KeepsToTheMeanOfWhatHasNoPattern) {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(20.0 + std::sin(static_cast<double>(i * i)));
  EXPECT_NEAR(Ahead(MultiSeasonSmoothing::Fit(values, {}), 50), 20.0, 0.5);
}

TEST(MultiSeasonSmoothing, DampsItsTrend) {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(i);
  const auto base = MultiSeasonSmoothing::Fit(std::vector{0.0}, {});
  auto model = base.With({.level = 1.0, .trend = 0.5, .damping = 0.5, .season = 0.0, .transient = 0.0, .memory = 0.0});
  // l 0, b 0. At 4: e 4, l 4, b 2: then 4 + 2 (0.5 + 0.25).
  model.Update(4.0);
  EXPECT_DOUBLE_EQ(Ahead(model, 2), 5.5);
}

TEST(MultiSeasonSmoothing, MovesOnOverAGap) {
  std::vector<double> values;
  for (int i = 0; i < 24 * 10; ++i) values.push_back(i % 24 == 0 ? 5.0 : 1.0);
  const std::array<std::size_t, 1> seasons = {24};
  auto model = MultiSeasonSmoothing::Fit(values, seasons);
  model.Update(std::nan(""));
  EXPECT_NEAR(Ahead(model, 1), 1.0, 1e-6);
  EXPECT_NEAR(Ahead(model, 24), 5.0, 1e-6);
}

}  // namespace
}  // namespace helios::ml
