// SPDX-License-Identifier: Apache-2.0
#include "ml/seasonal_naive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

namespace helios::ml {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

SeasonalNaive After(std::size_t season, std::initializer_list<double> values) {
  SeasonalNaive model(season);
  for (const double value : values) model.Update(value);
  return model;
}

double Ahead(const SeasonalNaive& model, std::size_t steps) {
  return model.Predict(model.ReachFor(steps));
}

TEST(SeasonalNaive, RepeatsTheLastSeason) {
  const auto model = After(3, {1, 2, 3, 4, 5, 6, 7});  // the next phase is that of 5
  EXPECT_EQ(Ahead(model, 1), 5);
  EXPECT_EQ(Ahead(model, 2), 6);
  EXPECT_EQ(Ahead(model, 3), 7);
  EXPECT_EQ(Ahead(model, 4), 5);
  EXPECT_EQ(Ahead(model, 300), 7);
}

TEST(SeasonalNaive, IsTheLastValueBeforeOneSeasonAndWithoutOne) {
  EXPECT_EQ(Ahead(After(4, {8, 9}), 1), 9);
  EXPECT_EQ(Ahead(After(0, {8, 9}), 7), 9);
  EXPECT_EQ(Ahead(After(1, {8, 9, kNan}), 7), 9);
}

TEST(SeasonalNaive, TakesAGapFromTheSeasonBefore) {
  const auto model = After(3, {1, 2, 3, 4, kNan, 6});
  EXPECT_EQ(Ahead(model, 1), 4);
  EXPECT_EQ(Ahead(model, 2), 2);
  EXPECT_EQ(Ahead(model, 3), 6);
}

TEST(SeasonalNaiveSigma, StaysFlatWithinTheFirstSeason) {
  EXPECT_DOUBLE_EQ(SeasonalNaiveSigma(/*residual_sigma=*/3.0, /*step=*/1, /*season=*/24), 3.0);
  EXPECT_DOUBLE_EQ(SeasonalNaiveSigma(3.0, 24, 24), 3.0);
}

TEST(SeasonalNaiveSigma, WidensAtEachWholeSeason) {
  EXPECT_DOUBLE_EQ(SeasonalNaiveSigma(3.0, 25, 24), 3.0 * std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(SeasonalNaiveSigma(3.0, 73, 24), 3.0 * std::sqrt(4.0));  // fourth day
}

}  // namespace
}  // namespace helios::ml
