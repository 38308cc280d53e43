// SPDX-License-Identifier: Apache-2.0
#include "ml/exponential_smoothing.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>

#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ExponentialSmoothing After(const SmoothingParameters& parameters, std::size_t season,
                           std::initializer_list<double> values) {
  ExponentialSmoothing model(parameters, season);
  for (const double value : values) model.Update(value);
  return model;
}

double Ahead(const ExponentialSmoothing& model, std::size_t steps) {
  return model.Predict(model.ReachFor(steps));
}

TEST(ExponentialSmoothing, IsAPlainMeanAtFirstAndThenForgets) {
  // Weights 1, 1/2, then alpha = 1/2: 10; 10 + (20-10)/2 = 15; 15 + (30-15)/2 = 22.5.
  const auto model = After({.level = 0.5}, 0, {10, 20, 30});
  EXPECT_DOUBLE_EQ(Ahead(model, 1), 22.5);
  EXPECT_DOUBLE_EQ(Ahead(model, 100), 22.5);
  // alpha = 0.1 stays a mean for ten values: (10 + 20 + 30) / 3.
  EXPECT_DOUBLE_EQ(Ahead(After({.level = 0.1}, 0, {10, 20, 30}), 1), 20.0);
}

TEST(ExponentialSmoothing, DampsItsTrend) {
  // alpha 1, beta* 0.5, phi 0.5. After 10: l 10, b 0. At 14: e 4, l 14, b 2.
  const auto model = After({.level = 1.0, .trend = 0.5, .damping = 0.5}, 0, {10, 14});
  EXPECT_DOUBLE_EQ(Ahead(model, 1), 15.0);    // 14 + 2 * 0.5
  EXPECT_DOUBLE_EQ(Ahead(model, 2), 15.5);    // 14 + 2 * (0.5 + 0.25)
  EXPECT_NEAR(Ahead(model, 60), 16.0, 1e-9);  // 14 + 2 * phi / (1 - phi)
}

TEST(ExponentialSmoothing, LetsATransientFade) {
  // alpha 0 takes the first of a season's mean as level: 10. Then 18: e 8, u 8, which halves each step.
  const auto model = After({.level = 0.0, .transient = 1.0, .memory = 0.5}, 2, {10, 10, 18});
  // Phase 0 keeps half of e in the second round (1/k), phase 1 nothing: its next forecast is 10 + 8/2.
  EXPECT_DOUBLE_EQ(Ahead(model, 1), 14.0);
  EXPECT_DOUBLE_EQ(Ahead(model, 2), 10.0 + 4.0 + 2.0);
}

TEST(ExponentialSmoothing, StartsFromTheFirstSeasonsMeanAndShape) {
  const auto model = After({.level = 0.0}, 3, {1, 2, 6});  // mean 3, shape -2, -1, 3
  EXPECT_DOUBLE_EQ(Ahead(model, 1), 1.0);
  EXPECT_DOUBLE_EQ(Ahead(model, 2), 2.0);
  EXPECT_DOUBLE_EQ(Ahead(model, 3), 6.0);
  EXPECT_DOUBLE_EQ(Ahead(model, 6), 6.0);
}

TEST(ExponentialSmoothing, AveragesTheFirstSeasons) {
  // Phase 0: 1, then e = 4 at weight 1/2, so 3; phase 1 was 5 and stays, as nothing surprises there.
  EXPECT_DOUBLE_EQ(Ahead(After({.level = 0.0}, 2, {1, 5, 5, 5}), 1), 3.0);
}

TEST(ExponentialSmoothing, MovesOnAtAGapAsForecast) {
  auto model = After({.level = 1.0, .trend = 0.5, .damping = 0.5}, 0, {10, 14});
  const double two_ahead = Ahead(model, 2);
  model.Update(kNan);
  EXPECT_DOUBLE_EQ(Ahead(model, 1), two_ahead);
}

TEST(FindSmoothingParameters, FollowsARandomWalkAndAveragesNoise) {
  const std::array<std::size_t, 1> one_step = {1};
  const auto values = [](const SyntheticSeries& series) {
    std::vector<double> result;
    for (const auto& sample : series.Make()) result.push_back(sample.value);
    return result;
  };
  const auto walk = FindSmoothingParameters(values({.samples = 800, .walk = 1.0}), 0, one_step);
  EXPECT_GE(walk.level + (1.0 - walk.level) * walk.transient * walk.memory, 0.7);
  const auto noise = FindSmoothingParameters(values({.samples = 800, .noise = 1.0}), 0, one_step);
  EXPECT_LE(noise.level, 0.1);
}

TEST(FindSmoothingParameters, GivesDefaultsForTooFewValues) {
  const std::array<std::size_t, 1> one_step = {1};
  EXPECT_EQ(FindSmoothingParameters({}, 0, one_step), SmoothingParameters{});
  EXPECT_GT(FindSmoothingParameters(std::vector<double>(20, 1.0), 24, one_step).season, 0.0);
}

}  // namespace
}  // namespace helios::ml
