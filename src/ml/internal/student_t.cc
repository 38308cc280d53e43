// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/student_t.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace helios::ml {

double NormalQuantile(double probability) {
  constexpr double kTail = 0.02425;
  const auto tail = [](double p) {
    const double q = std::sqrt(-2.0 * std::log(p));
    return (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q -
              2.549732539343734e+00) *
                 q +
             4.374664141464968e+00) *
                q +
            2.938163982698783e+00) /
           ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q +
             3.754408661907416e+00) *
                q +
            1.0);
  };
  if (probability < kTail) return tail(probability);
  if (probability > 1.0 - kTail) return -tail(1.0 - probability);
  const double q = probability - 0.5;
  const double r = q * q;
  return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r +
            1.383577518672690e+02) *
               r -
           3.066479806614716e+01) *
              r +
          2.506628277459239e+00) *
         q /
         (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r +
            6.680131188771972e+01) *
               r -
           1.328068155288572e+01) *
              r +
          1.0);
}

double StudentTwoSided(double level, unsigned degrees) {
  const double outside = 1.0 - level;
  if (degrees == 1) return std::tan(level * std::numbers::pi / 2.0);
  if (degrees == 2) return std::sqrt(std::max(0.0, 2.0 / (outside * (2.0 - outside)) - 2.0));
  const double n = degrees;
  const double a = 1.0 / (n - 0.5);
  const double b = 48.0 / (a * a);
  double c = ((20700.0 * a / b - 98.0) * a - 16.0) * a + 96.36;
  const double d = ((94.5 / (b + c) - 3.0) / b + 1.0) * std::sqrt(a * std::numbers::pi / 2.0) * n;
  double y = std::pow(d * outside, 2.0 / n);
  if (y > 0.05 + a) {
    const double x = NormalQuantile(outside * 0.5);
    y = x * x;
    if (degrees < 5) c += 0.3 * (n - 4.5) * (x + 0.6);
    c = (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b + c;
    y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x;
    y = std::expm1(a * y * y);
  } else {
    y = ((1.0 / (((n + 6.0) / (n * y) - 0.089 * d - 0.822) * (n + 2.0) * 3.0) + 0.5 / (n + 4.0)) * y - 1.0) *
            (n + 1.0) / (n + 2.0) +
        1.0 / y;
  }
  return std::sqrt(std::max(0.0, n * y));
}

}  // namespace helios::ml
