// SPDX-License-Identifier: Apache-2.0
#include "ml/theta.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace helios::ml {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double Ahead(const Theta& model, std::size_t steps) {
  return model.Predict(model.ReachFor(steps));
}

TEST(Theta, AddsHalfOfTheSlope) {
  // A line of slope 2: the best weight is 1, the level the last value, so 58 + 2/2 * (h - 1 + 1).
  std::vector<double> line;
  for (int i = 0; i < 30; ++i) line.push_back(2.0 * i);
  const auto model = Theta::Fit(line, 0);
  EXPECT_NEAR(model.weight(), 1.0, 1e-4);
  EXPECT_NEAR(model.slope(), 2.0, 1e-12);
  EXPECT_NEAR(Ahead(model, 1), 59.0, 1e-3);
  EXPECT_NEAR(Ahead(model, 10), 68.0, 1e-3);
}

TEST(Theta, MultipliesTheSeasonOfAPositiveSeries) {
  std::vector<double> values;
  const double phases[] = {0.5, 1.0, 1.5, 1.0};
  for (int i = 0; i < 40; ++i) values.push_back(100.0 * phases[i % 4]);
  const auto model = Theta::Fit(values, 4);
  EXPECT_TRUE(model.multiplicative());
  for (std::size_t h = 1; h <= 8; ++h) EXPECT_NEAR(Ahead(model, h), 100.0 * phases[(39 + h) % 4], 1.0) << h;
}

TEST(Theta, AddsTheSeasonOfASeriesThatReachesZero) {
  std::vector<double> values;
  const double phases[] = {0.0, 5.0, 10.0, 5.0};
  for (int i = 0; i < 40; ++i) values.push_back(phases[i % 4]);
  const auto model = Theta::Fit(values, 4);
  EXPECT_EQ(model.season(), 4U);
  EXPECT_FALSE(model.multiplicative());
  for (std::size_t h = 1; h <= 8; ++h) EXPECT_NEAR(Ahead(model, h), phases[(39 + h) % 4], 0.2) << h;
}

TEST(Theta, LeavesOutASeasonThatIsNotThere) {
  std::vector<double> values;
  for (int i = 0; i < 60; ++i) values.push_back(std::sin(static_cast<double>(i * i)));
  EXPECT_EQ(Theta::Fit(values, 7).season(), 0U);
  EXPECT_EQ(Theta::Fit(std::vector<double>(60, 5.0), 7).season(), 0U);
  EXPECT_EQ(Theta::Fit(std::vector<double>(13, 5.0), 7).season(), 0U);
}

TEST(Theta, KeepsItsPhaseOverAGap) {
  std::vector<double> values;
  const double phases[] = {10.0, 20.0, 30.0};
  for (int i = 0; i < 30; ++i) values.push_back(phases[i % 3]);
  auto model = Theta::Fit(values, 3);
  model.Update(kNan);
  EXPECT_NEAR(Ahead(model, 1), 20.0, 0.5);
  EXPECT_NEAR(Ahead(model, 2), 30.0, 0.5);
}

TEST(Theta, FollowsUpdatesWithoutARefit) {
  auto model = Theta::Fit(std::vector{1.0, 3.0, 2.0, 4.0, 3.0, 5.0}, 0);
  const double before = Ahead(model, 1);
  for (int i = 0; i < 200; ++i) model.Update(100.0);
  EXPECT_GT(Ahead(model, 1), before + 80.0);
}

TEST(Theta, TakesASingleValue) {
  const auto model = Theta::Fit(std::vector{kNan, 7.0}, 0);
  EXPECT_DOUBLE_EQ(Ahead(model, 5), 7.0);
}

}  // namespace
}  // namespace helios::ml
