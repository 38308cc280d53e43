// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/calibration.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "ml/internal/student_t.h"

namespace helios::ml {
namespace {

/// Errors at one-step origins 0, 1, 2, …, of forecasts of 0.
HorizonBacktest Errors(std::size_t steps, const std::vector<double>& errors) {
  HorizonBacktest backtest{steps, {}};
  for (std::size_t i = 0; i < errors.size(); ++i) backtest.points.push_back({i, errors[i], 0.0});
  return backtest;
}

constexpr std::size_t kAll = 1'000'000;

// Printed tables of Student's distribution, two-sided.
TEST(StudentTwoSided, AgreesWithTheTables) {
  EXPECT_NEAR(StudentTwoSided(0.95, 1), 12.7062, 1e-4);
  EXPECT_NEAR(StudentTwoSided(0.95, 2), 4.30265, 1e-5);
  EXPECT_NEAR(StudentTwoSided(0.95, 3), 3.18245, 1e-4);
  EXPECT_NEAR(StudentTwoSided(0.95, 5), 2.57058, 1e-5);
  EXPECT_NEAR(StudentTwoSided(0.99, 10), 3.16927, 1e-5);
  EXPECT_NEAR(StudentTwoSided(0.50, 4), 0.740697, 1e-5);
  EXPECT_NEAR(StudentTwoSided(0.95, 100'000), 1.95999, 1e-4);
}

TEST(StudentTwoSided, IsFiniteAtTheEdges) {
  for (const unsigned degrees : {1U, 2U, 3U, 4U, 19U, 4'000U}) {
    EXPECT_TRUE(std::isfinite(StudentTwoSided(std::nextafter(1.0, 0.0), degrees))) << degrees;
    EXPECT_NEAR(StudentTwoSided(1e-300, degrees), 0.0, 1e-6) << degrees;
  }
}

TEST(Calibration, TakesTheCorrectedQuantileOfEnoughErrors) {
  // 1, -2, 3, … -100: they alternate, so all 100 count. 0.95 * (1 + 1/100) * 100 = 95.95: the 96th.
  std::vector<double> errors;
  for (int i = 1; i <= 100; ++i) errors.push_back(i % 2 == 0 ? -i : i);
  const Calibration calibration(std::array{Errors(1, errors)}, 0.0, 0, kAll);
  EXPECT_DOUBLE_EQ(calibration.HalfWidths(std::array{1.0}, 0.95)[0], 96.0);
  EXPECT_DOUBLE_EQ(calibration.HalfWidths(std::array{1.0}, 0.5)[0], 51.0);  // 0.5 * 101 = 50.5: the 51st
}

TEST(Calibration, WidensWithStudentsTWhereErrorsAreTooFew) {
  // rms 2 of two errors: 2 * t(0.95, 2) * sqrt(1 + 1/2).
  const Calibration calibration(std::array{Errors(1, {2, -2})}, 0.0, 0, kAll);
  EXPECT_NEAR(calibration.HalfWidths(std::array{1.0}, 0.95)[0], 2.0 * 4.30265 * std::sqrt(1.5), 1e-4);
}

TEST(Calibration, GrowsLikeARandomWalkBeyondWhatWasHeldBack) {
  const Calibration calibration(std::array{Errors(1, {2, -2})}, 0.0, 0, kAll);
  const auto widths = calibration.HalfWidths(std::array{1.0, 4.0, 100.0}, 0.95);
  EXPECT_DOUBLE_EQ(widths[1], 2.0 * widths[0]);
  EXPECT_DOUBLE_EQ(widths[2], 10.0 * widths[0]);
}

TEST(Calibration, NeverNarrowsWithTheHorizon) {
  const std::vector<double> large(40, 5.0);
  const std::vector<double> small(40, 1.0);
  const Calibration calibration(std::array{Errors(1, large), Errors(2, small)}, 0.0, 0, kAll);
  const auto widths = calibration.HalfWidths(std::array{1.0, 1.5, 2.0, 3.0}, 0.5);
  EXPECT_LE(widths[0], widths[1]);
  EXPECT_LE(widths[1], widths[2]);
  EXPECT_LE(widths[2], widths[3]);
}

TEST(Calibration, LeavesOutErrorsOutsideItsOrigins) {
  // Origins 2 and 3 with targets up to 4 count: errors 1 and -1. The 100 and the 50 do not.
  const Calibration calibration(std::array{Errors(1, {100, 100, 1, -1, 50})}, 0.0, 2, 4);
  EXPECT_NEAR(calibration.HalfWidths(std::array{1.0}, 0.95)[0], 4.30265 * std::sqrt(1.5), 1e-4);
}

TEST(Calibration, BelievesTheFloorWhenThereIsNothingElse) {
  const Calibration calibration({}, 1.0, 0, kAll);
  EXPECT_NEAR(calibration.HalfWidths(std::array{1.0}, 0.95)[0], std::sqrt(2.0) * 12.7062, 1e-3);
}

}  // namespace
}  // namespace helios::ml
