// SPDX-License-Identifier: Apache-2.0
#include "ml/prophet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "ml/internal/prophet/lbfgs.h"
#include "ml/internal/prophet/symmetric_matrix.h"
#include "ml/internal/prophet/trend_uncertainty.h"
#include "ml/internal/student_t.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Hourly times from a midnight on.
ProphetFrame Hours(std::size_t begin, std::size_t end) {
  ProphetFrame frame;
  for (std::size_t i = begin; i < end; ++i) {
    frame.times.push_back(FromUnixMs(1'700'006'400'000) + std::chrono::hours{i});
  }
  return frame;
}

std::vector<double> Line(std::size_t size, double level, double slope) {
  std::vector<double> values;
  for (std::size_t i = 0; i < size; ++i) values.push_back(level + slope * static_cast<double>(i));
  return values;
}

TEST(ProphetModel, ContinuesALine) {
  const auto model = ProphetModel::Fit(Hours(0, 100), Line(100, 10.0, 2.0), {});
  ASSERT_TRUE(model) << model.error().message;
  const auto forecast = model->Forecast(Hours(100, 110), {});
  ASSERT_TRUE(forecast);
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_NEAR(forecast->value[i], 10.0 + 2.0 * (100.0 + static_cast<double>(i)), 0.5);
}

TEST(ProphetModel, TakesAConstantSeriesAsItIs) {
  const auto model = ProphetModel::Fit(Hours(0, 72), std::vector<double>(72, 7.0), {});
  ASSERT_TRUE(model);
  const auto forecast = model->Forecast(Hours(72, 80), std::vector{0.025, 0.975});
  ASSERT_TRUE(forecast);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_DOUBLE_EQ(forecast->value[i], 7.0);
    EXPECT_NEAR(forecast->quantiles[0][i], 7.0, 1e-5);
    EXPECT_NEAR(forecast->quantiles[1][i], 7.0, 1e-5);
  }
}

TEST(ProphetModel, SaturatesAtItsCapacity) {
  auto frame = Hours(0, 240);
  frame.capacity.assign(240, 100.0);
  std::vector<double> values;
  for (int i = 0; i < 240; ++i) values.push_back(100.0 / (1.0 + std::exp(-(0.04 * i - 4.0))));
  ProphetOptions options;
  options.growth = ProphetGrowth::kLogistic;
  options.daily = 0;
  const auto model = ProphetModel::Fit(frame, values, options);
  ASSERT_TRUE(model) << model.error().message;
  auto future = Hours(240, 1'000);
  future.capacity.assign(future.times.size(), 100.0);
  const auto forecast = model->Forecast(future, {});
  ASSERT_TRUE(forecast);
  EXPECT_NEAR(forecast->value.back(), 100.0, 0.5);
  for (const double value : forecast->value) EXPECT_LE(value, 100.0);
}

TEST(ProphetModel, GivesEachDayOfAHolidayWindowItsOwnEffect) {
  auto values = Line(20 * 24, 50.0, 0.0);
  for (const std::size_t day : {5U, 12U}) {
    for (std::size_t i = 0; i < 24; ++i) {
      values[(day - 1) * 24 + i] -= 4.0;
      values[day * 24 + i] += 10.0;
    }
  }
  ProphetOptions options;
  const auto first = FromUnixMs(1'700'006'400'000);
  const auto on = [&](int day) { return first + std::chrono::days{day} + std::chrono::hours{9}; };
  options.holidays = {{.days = {on(5), on(12), on(22)}, .lower_window = -1, .prior_scale = {}}};
  options.daily = 0;
  options.weekly = 0;
  const auto model = ProphetModel::Fit(Hours(0, 480), values, options);
  ASSERT_TRUE(model) << model.error().message;
  const auto forecast = model->Forecast(Hours(480, 24 * 24), {});
  ASSERT_TRUE(forecast);
  EXPECT_NEAR(forecast->value[12], 50.0, 0.2);
  EXPECT_NEAR(forecast->value[24 + 12], 46.0, 0.2);
  EXPECT_NEAR(forecast->value[48 + 12], 60.0, 0.2);
  EXPECT_NEAR(forecast->value[72 + 12], 50.0, 0.2);
}

TEST(ProphetModel, DoesNotDependOnTheOrderOfItsRows) {
  auto frame = Hours(0, 100);
  auto values = Line(100, 1.0, 0.5);
  for (std::size_t i = 0; i < 100; ++i) values[i] += std::sin(static_cast<double>(i));
  const auto model = ProphetModel::Fit(frame, values, {});
  std::ranges::reverse(frame.times);
  std::ranges::reverse(values);
  frame.times.push_back(frame.times.front());
  values.push_back(kNan);
  const auto reversed = ProphetModel::Fit(frame, values, {});
  ASSERT_TRUE(model && reversed);
  EXPECT_EQ(model->parameters().delta, reversed->parameters().delta);
  EXPECT_EQ(model->parameters().beta, reversed->parameters().beta);
}

TEST(ProphetModel, WidensItsIntervalWithTheTrendsUncertainty) {
  auto values = Line(400, 0.0, 1.0);
  for (std::size_t i = 200; i < 400; ++i) values[i] = 200.0;
  for (std::size_t i = 0; i < 400; ++i) values[i] += 3.0 * std::sin(2.4 * static_cast<double>(i));
  const auto model = ProphetModel::Fit(Hours(0, 400), values, {});
  ASSERT_TRUE(model);
  const auto forecast = model->Forecast(Hours(350, 800), std::vector{0.025, 0.5, 0.975});
  ASSERT_TRUE(forecast);
  double before = 0.0;
  for (std::size_t i = 0; i < 450; ++i) {
    const double width = forecast->quantiles[2][i] - forecast->quantiles[0][i];
    EXPECT_GE(width, before * (1.0 - 1e-6)) << i;
    EXPECT_NEAR(forecast->quantiles[1][i], forecast->value[i], 1e-9);
    before = width;
  }
  EXPECT_GT(before, 3.0 * (forecast->quantiles[2][0] - forecast->quantiles[0][0]));
}

TEST(ProphetModel, StaysFiniteOnExtremeValues) {
  for (const double size : {1e308 / 4.0, 1e-300}) {
    std::vector<double> values;
    for (int i = 0; i < 120; ++i) values.push_back(i % 2 == 0 ? size : -size);
    const auto model = ProphetModel::Fit(Hours(0, 120), values, {});
    ASSERT_TRUE(model) << size << model.error().message;
    const auto forecast = model->Forecast(Hours(120, 500), std::vector{0.001, 0.999});
    ASSERT_TRUE(forecast);
    for (std::size_t i = 0; i < 380; ++i) {
      EXPECT_TRUE(std::isfinite(forecast->value[i]));
      EXPECT_TRUE(std::isfinite(forecast->quantiles[0][i]));
      EXPECT_LE(forecast->quantiles[0][i], forecast->value[i]);
      EXPECT_LE(forecast->value[i], forecast->quantiles[1][i]);
    }
  }
}

TEST(ProphetModel, SaysWhatItCannotFit) {
  const auto reason = [](const ProphetFrame& frame, const std::vector<double>& values, const ProphetOptions& options) {
    const auto model = ProphetModel::Fit(frame, values, options);
    return model ? std::string_view("fitted") : model.error().reason;
  };
  EXPECT_EQ(reason({}, {}, {}), "inference.not_enough_history");
  EXPECT_EQ(reason(Hours(0, 1), {1.0}, {}), "inference.not_enough_history");
  EXPECT_EQ(reason(Hours(0, 3), {kNan, kNan, 1.0}, {}), "inference.not_enough_history");
  EXPECT_EQ(reason(Hours(0, 2), {1.0}, {}), "inference.bad_frame");
  EXPECT_EQ(reason(Hours(0, 2), {1.0, std::numeric_limits<double>::infinity()}, {}), "inference.bad_value");
  EXPECT_EQ(reason(Hours(0, 2), {1e308, 1.7e308}, {}), "inference.bad_value");
  auto same = Hours(0, 2);
  same.times[1] = same.times[0];
  EXPECT_EQ(reason(same, {1.0, 2.0}, {}), "inference.not_enough_history");
  ProphetOptions logistic;
  logistic.growth = ProphetGrowth::kLogistic;
  EXPECT_EQ(reason(Hours(0, 2), {1.0, 2.0}, logistic), "inference.bad_frame");
  auto low = Hours(0, 2);
  low.capacity = {1.0, 0.0};
  EXPECT_EQ(reason(low, {1.0, 2.0}, logistic), "inference.bad_frame");
  ProphetOptions options;
  options.changepoint_prior_scale = 0.0;
  EXPECT_EQ(reason(Hours(0, 2), {1.0, 2.0}, options), "inference.bad_model_options");
  options = {};
  options.regressors.emplace_back();
  EXPECT_EQ(reason(Hours(0, 2), {1.0, 2.0}, options), "inference.bad_frame");
}

TEST(ProphetModel, FitsTwoValues) {
  const auto model = ProphetModel::Fit(Hours(0, 2), std::vector{1.0, 2.0}, {});
  ASSERT_TRUE(model) << model.error().message;
  const auto forecast = model->Forecast(Hours(2, 4), std::vector{0.1, 0.9});
  ASSERT_TRUE(forecast);
  for (const double value : forecast->value) EXPECT_TRUE(std::isfinite(value));
}

/// Quantiles of many draws of the process that TrendNoise describes.
double DrawnQuantile(const TrendNoise& noise, double probability, std::size_t draws) {
  std::uint64_t state = 7;
  const auto uniform = [&] {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return (static_cast<double>((z ^ (z >> 31U)) >> 12U) + 0.5) * 0x1p-52;
  };
  std::vector<double> sums;
  for (std::size_t i = 0; i < draws; ++i) {
    double sum = noise.sigma * NormalQuantile(uniform());
    for (double at = -std::log(uniform()) / noise.rate; at < noise.distance; at -= std::log(uniform()) / noise.rate) {
      const double u = uniform() - 0.5;
      sum -= noise.weight * std::copysign(noise.size, u) * std::log(1.0 - 2.0 * std::abs(u)) * (noise.distance - at);
    }
    sums.push_back(sum);
  }
  std::ranges::sort(sums);
  return sums[static_cast<std::size_t>(probability * static_cast<double>(draws))];
}

TEST(TrendNoiseQuantile, AgreesWithDraws) {
  for (const TrendNoise& noise : {TrendNoise{.rate = 25, .size = 0.1, .distance = 0.1, .weight = 1, .sigma = 0.05},
                                  TrendNoise{.rate = 25, .size = 0.1, .distance = 0.3, .weight = 1.2, .sigma = 0.01},
                                  TrendNoise{.rate = 25, .size = 0.3, .distance = 1.0, .weight = -1, .sigma = 0.02},
                                  TrendNoise{.rate = 1, .size = 1.0, .distance = 0.05, .weight = 1, .sigma = 0.01}}) {
    for (const double probability : {0.7, 0.9, 0.975}) {
      const double drawn = DrawnQuantile(noise, probability, 200'000);
      EXPECT_NEAR(TrendNoiseQuantile(noise, probability), drawn, 0.02 * std::abs(drawn) + 0.01 * noise.sigma);
      EXPECT_DOUBLE_EQ(TrendNoiseQuantile(noise, 1.0 - probability), -TrendNoiseQuantile(noise, probability));
    }
  }
}

TEST(TrendNoiseQuantile, IsNormalWithoutChanges) {
  EXPECT_NEAR(TrendNoiseQuantile({.rate = 25, .size = 1.0, .distance = 0.0, .weight = 1.0, .sigma = 2.0}, 0.975),
              3.919928, 1e-6);
  // Changes too small to matter: the same, by the other way.
  EXPECT_NEAR(TrendNoiseQuantile({.rate = 25, .size = 1e-3, .distance = 1e-2, .weight = 1.0, .sigma = 2.0}, 0.975),
              3.919928, 1e-5);
}

TEST(TrendNoiseQuantile, IsFiniteWhateverTheScales) {
  for (const double sigma : {1e-12, 1e-3, 1e6}) {
    for (const double distance : {1e-6, 1.0, 1e4}) {
      const double quantile =
          TrendNoiseQuantile({.rate = 200, .size = 10.0, .distance = distance, .weight = 3.0, .sigma = sigma}, 0.999);
      EXPECT_TRUE(std::isfinite(quantile));
      EXPECT_GT(quantile, 0.0);
    }
  }
}

TEST(MinimizeLbfgs, FindsTheEndOfABentValley) {
  std::vector<double> x = {-1.2, 1.0};
  const auto outcome = MinimizeLbfgs(
      [](std::span<const double> at, std::span<double> gradient) {
        const double a = 1.0 - at[0];
        const double b = at[1] - at[0] * at[0];
        gradient[0] = -2.0 * a - 400.0 * at[0] * b;
        gradient[1] = 200.0 * b;
        return a * a + 100.0 * b * b;
      },
      [](std::span<double>) {}, x, {.tolerance = 1e-16});
  EXPECT_TRUE(outcome.converged);
  EXPECT_NEAR(x[0], 1.0, 1e-6);
  EXPECT_NEAR(x[1], 1.0, 1e-6);
}

TEST(Cholesky, SolvesAndRefusesWhatIsNotPositive) {
  // [[4, 2], [2, 3]] x = (8, 7) has the solution (1.25, 1.5).
  SymmetricMatrix matrix(2);
  matrix.At(0, 0) = 4.0;
  matrix.At(1, 0) = 2.0;
  matrix.At(1, 1) = 3.0;
  std::vector<double> x = {8.0, 7.0};
  const auto factor = Cholesky::Of(matrix);
  ASSERT_TRUE(factor);
  factor->Solve(x);
  EXPECT_DOUBLE_EQ(x[0], 1.25);
  EXPECT_DOUBLE_EQ(x[1], 1.5);
  matrix.At(1, 1) = 1.0;
  EXPECT_FALSE(Cholesky::Of(matrix));
}

TEST(SymmetricMatrix, HoldsTheProductsOfItsColumns) {
  constexpr std::size_t kRows = 531;
  constexpr std::size_t kColumns = 7;
  std::vector<double> columns;
  for (std::size_t i = 0; i < kRows * kColumns; ++i) columns.push_back(static_cast<double>((i * 37) % 101) - 50.0);
  const auto gram = SymmetricMatrix::Gram(columns, kRows, kColumns);
  for (std::size_t i = 0; i < kColumns; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0.0;  // of whole numbers: exact
      for (std::size_t row = 0; row < kRows; ++row) sum += columns[i * kRows + row] * columns[j * kRows + row];
      EXPECT_EQ(gram.At(i, j), sum);
    }
  }
}

}  // namespace
}  // namespace helios::ml
