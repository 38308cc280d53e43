// SPDX-License-Identifier: Apache-2.0
#include "workbench/named_forecasters.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <numbers>

#include "ml/fitted_model.h"
#include "ml/xgboost_model.h"

namespace helios::workbench {
namespace {

TEST(NamedForecasters, EachForecastsADaysRhythm) {
  std::vector<double> history;
  for (int i = 0; i < 24 * 10; ++i) history.push_back(50.0 + 20.0 * std::sin(2.0 * std::numbers::pi * i / 24.0));
  const auto forecasters = NamedForecasters();
  EXPECT_EQ(forecasters.size(), std::size(ml::kNamedModels) + (ml::XgboostModel::Available() ? 1U : 0U));
  for (const auto& forecaster : forecasters) {
    const auto forecast = forecaster.forecast(history, 24, 24, 0.95);
    ASSERT_TRUE(forecast) << forecaster.name;
    for (std::size_t h = 0; h < 24; ++h) {
      EXPECT_NEAR(forecast->value[h], history[h], 10.0) << forecaster.name;
      EXPECT_LE(forecast->lower[h], forecast->value[h]);
      EXPECT_LE(forecast->value[h], forecast->upper[h]);
    }
  }
}

}  // namespace
}  // namespace helios::workbench
