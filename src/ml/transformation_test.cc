// SPDX-License-Identifier: Apache-2.0
#include "ml/transformation.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "ml/fitted_model.h"

namespace helios::ml {
namespace {

TEST(Transformation, GoesThereAndBack) {
  // Twice the square root's excess over 1 of 8 + 1; the logarithm of 8 + 1.
  EXPECT_DOUBLE_EQ(Transformation(0.5, 1.0).Forward(8.0), 4.0);
  EXPECT_DOUBLE_EQ(Transformation(0.0, 1.0).Forward(8.0), std::log(9.0));
  EXPECT_EQ(Transformation().Forward(-3.0), -3.0);
  for (const auto& one : {Transformation(), Transformation(0.5, 0.1), Transformation(0.0, 0.1)}) {
    for (const double y : {0.0, 0.5, 1.0, 1'000.0}) EXPECT_NEAR(one.Back(one.Forward(y)), y, 1e-9 * (1.0 + y));
    EXPECT_TRUE(std::isnan(one.Forward(std::numeric_limits<double>::quiet_NaN())));
  }
  EXPECT_TRUE(std::isfinite(Transformation(0.0, 0.1).Back(1e6)));
  EXPECT_EQ(Transformation(0.5, 0.1).Back(-50.0), 0.0);
}

TEST(Transformation, IsTriedOnlyWhereNothingIsNegativeAndSomethingIsThere) {
  EXPECT_EQ(Transformation::Candidates(std::array{1.0, 2.0}).size(), 3U);
  EXPECT_EQ(Transformation::Candidates(std::array{1.0, -2.0}).size(), 1U);
  EXPECT_EQ(Transformation::Candidates(std::array{0.0, 0.0}).size(), 1U);
  EXPECT_EQ(Transformation::Candidates({}).size(), 1U);
}

TEST(GuerreroLambda, IsThePowerUnderWhichSeasonsOfAnyLevelScatterAlike) {
  // Cycles of level m with a swing of m^p either way: the deviation is m^p, so m^(1 - lambda) cancels it at 1 - p.
  const auto series = [](double power) {
    std::vector<double> values;
    for (const double level : {10.0, 20.0, 40.0, 80.0, 160.0}) {
      for (int i = 0; i < 24; ++i) values.push_back(level + (i % 2 == 0 ? 1.0 : -1.0) * std::pow(level, power));
    }
    return values;
  };
  EXPECT_NEAR(*GuerreroLambda(series(0.7), 1e-9, 24), 0.3, 0.01);
  EXPECT_NEAR(*GuerreroLambda(series(0.25), 1e-9, 24), 0.75, 0.01);
  EXPECT_NEAR(*GuerreroLambda(series(0.0), 1e-9, 24), 1.0, 0.01);
  EXPECT_EQ(Transformation::Candidates(series(0.7), 24).size(), 4U);
  EXPECT_EQ(Transformation::Candidates(series(0.0), 24).size(), 3U);  // none is among them already
}

TEST(GuerreroLambda, NeedsCyclesThatVary) {
  EXPECT_FALSE(GuerreroLambda(std::vector<double>(100, 5.0), 0.1, 24));
  EXPECT_FALSE(GuerreroLambda(std::array{1.0, 2.0, 3.0, 4.0, 5.0, 6.0}, 0.1, 2));  // three cycles
  EXPECT_FALSE(GuerreroLambda(std::vector<double>(100, std::numeric_limits<double>::quiet_NaN()), 0.1, 4));
}

TEST(Transformation, ASeasonThatGrowsWithItsLevelIsForecastInItsLogarithm) {
  // A season of factors on a level that doubles every four days: additive models fall behind, of logarithms they do
  // not.
  std::vector<double> values;
  for (int t = 0; t < 24 * 15; ++t) {
    const double days = t / 24.0;
    values.push_back(std::exp2(days / 4.0) * std::exp(std::sin(2.0 * std::numbers::pi * days)));
  }
  const auto past = std::span(values).first(24 * 14);
  const RegularHistory history{.first = {}, .step = std::chrono::hours{1}, .values = past};
  const auto model = FitModel(NamedModel::kMstl, history, {.seasons = {24}, .prophet = {}});
  ASSERT_TRUE(model);
  const auto forecast = (*model)->Forecast(24, {});
  ASSERT_TRUE(forecast);
  double error = 0.0;
  double size = 0.0;
  for (std::size_t h = 0; h < 24; ++h) {
    error += std::abs(forecast->value[h] - values[past.size() + h]);
    size += values[past.size() + h];
  }
  EXPECT_LT(error, 0.10 * size);  // yesterday's values lie 16 % below
}

}  // namespace
}  // namespace helios::ml
