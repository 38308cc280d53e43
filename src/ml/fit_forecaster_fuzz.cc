// SPDX-License-Identifier: Apache-2.0
// A fitted forecaster of any samples, long enough for each of its models: what it forecasts is finite and in order at
// every level, also after newer samples and on a clock that is put forward, and it comes back from its bytes to the
// same forecast. Input: one byte for the step, one for the clock and the newer samples, then doubles.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "ml/forecast.h"

namespace {

using namespace helios;  // NOLINT(google-build-using-namespace): a program of one function

constexpr std::array kHorizons = {std::chrono::minutes{5}, std::chrono::minutes{1'440}, std::chrono::minutes{10'080}};

void Check(bool holds) {
  if (!holds) std::abort();
}

ml::SeriesForecast CheckedForecast(const ml::FittedForecaster& fitted, double level) {
  const auto forecast = fitted.Forecast(kHorizons, level);
  Check(forecast.has_value());
  for (const auto& point : forecast->points) {
    Check(std::isfinite(point.lower) && std::isfinite(point.upper));
    Check(point.lower <= point.value && point.value <= point.upper);
  }
  return *forecast;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 + sizeof(double)) return 0;
  constexpr std::array<std::int64_t, 4> kSteps = {60'000, 3'600'000, 7'200'000, 86'400'000};
  const std::int64_t step = kSteps[data[0] % kSteps.size()];
  std::vector<double> block((size - 2) / sizeof(double));
  std::memcpy(block.data(), data + 2, block.size() * sizeof(double));
  constexpr std::int64_t kFirst = 1'700'000'000'000;
  std::vector<ml::Sample> samples;
  for (std::size_t i = 0; i < 110; ++i) {
    samples.push_back({FromUnixMs(kFirst + static_cast<std::int64_t>(i) * step), block[i % block.size()]});
  }
  ml::ForecastOptions options{.horizons = {kHorizons.begin(), kHorizons.end()}};
  if (data[1] % 2 == 1) {
    options.clock = *ml::LocalClock::Make(
        {{.from = {}, .offset = std::chrono::hours{1}}, {.from = samples[60].time, .offset = std::chrono::hours{2}}});
  }
  const std::size_t fitted_to = 100 - data[1] / 4;
  auto fitted = ml::FitForecaster(std::span(samples).first(fitted_to), options);
  if (!fitted) return 0;
  for (const double level : {0.01, 0.5, 0.95, 0.9999}) CheckedForecast(*fitted, level);
  const auto restored = ml::FittedForecaster::Restore(fitted->Save(), std::span(samples).first(fitted_to));
  Check(restored.has_value());
  const auto before = CheckedForecast(*fitted, 0.9);
  const auto after = CheckedForecast(*restored, 0.9);
  for (std::size_t i = 0; i < kHorizons.size(); ++i) Check(before.points[i].value == after.points[i].value);
  if (fitted->Append(std::span(samples).subspan(fitted_to))) CheckedForecast(*fitted, 0.9);
  return 0;
}
