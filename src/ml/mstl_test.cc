// SPDX-License-Identifier: Apache-2.0
#include "ml/mstl.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "ml/internal/models/fill_gaps.h"
#include "ml/internal/models/loess.h"

namespace helios::ml {
namespace {

double Wave(double i, double period) {
  return std::sin(2.0 * std::numbers::pi * i / period);
}

TEST(Loess, KeepsALineAndGoesOnBeyondIt) {
  std::vector<double> line;
  for (int i = 0; i < 20; ++i) line.push_back(3.0 + 0.5 * i);
  for (const std::size_t jump : {1U, 4U}) {
    const auto smooth = Loess(line, {.window = 7, .line = true, .jump = jump, .beyond = 2});
    ASSERT_EQ(smooth.size(), 24U);
    for (int i = 0; i < 24; ++i) EXPECT_NEAR(smooth[static_cast<std::size_t>(i)], 3.0 + 0.5 * (i - 2), 1e-9) << i;
  }
}

TEST(Loess, WeighsByTricube) {
  // Window 3 about the middle one of 0, 0, 1: distances 1, 0, 1 over a reach of 1 weigh 0, 1, 0.
  // Window 5 over five values: weights (1 - (1/2)^3)^3 = 0.669921875 beside the middle, 0 at the ends.
  const auto smooth = Loess(std::vector{9.0, 0.0, 0.0, 1.0, 9.0}, {.window = 5, .line = false, .jump = 1, .beyond = 0});
  EXPECT_NEAR(smooth[2], 0.669921875 / (1.0 + 2.0 * 0.669921875), 1e-12);
}

TEST(FillGaps, BridgesWithStraightLines) {
  const double nan = std::nan("");
  EXPECT_EQ(FillGaps(std::vector{nan, 1.0, nan, nan, 4.0, nan}), (std::vector{1.0, 1.0, 2.0, 3.0, 4.0, 4.0}));
  EXPECT_EQ(FillGaps(std::vector{nan, nan}), (std::vector{0.0, 0.0}));
}

TEST(DecomposeByLoess, TellsTwoSeasonsAndATrendApart) {
  std::vector<double> values;
  for (int i = 0; i < 7 * 24 * 6; ++i) values.push_back(0.01 * i + 3.0 * Wave(i, 24) + 2.0 * Wave(i, 168));
  const std::array<std::size_t, 2> seasons = {24, 168};
  const auto parts = DecomposeByLoess(values, seasons);
  for (std::size_t i = 168; i + 168 < values.size(); ++i) {
    const auto x = static_cast<double>(i);
    EXPECT_NEAR(parts.trend[i], 0.01 * x, 0.25) << i;
    EXPECT_NEAR(parts.seasonal[0][i], 3.0 * Wave(x, 24), 0.35) << i;
    EXPECT_NEAR(parts.seasonal[1][i], 2.0 * Wave(x, 168), 0.35) << i;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(parts.trend[i] + parts.seasonal[0][i] + parts.seasonal[1][i] + parts.remainder[i], values[i], 1e-9);
  }
}

TEST(Mstl, RepeatsItsSeasonsOverTheLevel) {
  // The level jumps now and then, so that the base learns to follow it.
  std::vector<double> values;
  for (int i = 0; i < 960; ++i) values.push_back(50.0 + 4.0 * ((i / 100) % 3) + 10.0 * Wave(i, 24));
  const std::array<std::size_t, 1> seasons = {24};
  auto model = Mstl::Fit(values, seasons);
  const double level = 50.0 + 4.0 * ((959 / 100) % 3);
  for (std::size_t h = 1; h <= 48; ++h) {
    EXPECT_NEAR(model.Predict(model.ReachFor(h)), level + 10.0 * Wave(959.0 + static_cast<double>(h), 24), 1.5) << h;
  }
  // A level that stays 20 higher is followed, the season is kept.
  for (int i = 960; i < 1'200; ++i) model.Update(level + 20.0 + 10.0 * Wave(i, 24));
  for (std::size_t h = 1; h <= 24; ++h) {
    EXPECT_NEAR(model.Predict(model.ReachFor(h)), level + 20.0 + 10.0 * Wave(1'199.0 + static_cast<double>(h), 24), 1.5)
        << h;
  }
}

TEST(Mstl, WorksWithoutSeasonsAndWithGaps) {
  std::vector<double> values(30, 4.0);
  values[3] = std::nan("");
  values[29] = std::nan("");
  const auto model = Mstl::Fit(values, {});
  EXPECT_NEAR(model.Predict(model.ReachFor(3)), 4.0, 1e-9);
}

}  // namespace
}  // namespace helios::ml
