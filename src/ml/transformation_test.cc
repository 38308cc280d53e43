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
