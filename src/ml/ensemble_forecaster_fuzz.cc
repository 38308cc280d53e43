// SPDX-License-Identifier: Apache-2.0
// Any history: an error, or finite bounds in their order. Input: one byte for the step, then doubles.
#include "ml/ensemble_forecaster.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using helios::ml::EnsembleForecaster;
  if (size == 0) return 0;
  constexpr std::array<std::size_t, 4> kDays = {8, 12, 24, 144};
  const std::size_t day = kDays[data[0] % kDays.size()];
  std::vector<double> block((size - 1) / sizeof(double));
  if (block.empty()) return 0;
  std::memcpy(block.data(), data + 1, block.size() * sizeof(double));
  std::vector<double> values;
  for (std::size_t i = 0; i < 5 * day; ++i) values.push_back(block[i % block.size()]);

  auto fitted = EnsembleForecaster::Fit(values, day);
  if (!fitted) return 0;
  for (const double value : block) fitted->Append(value);
  const auto forecast = fitted->Forecast(day, 0.95);
  for (std::size_t i = 0; i < day; ++i) {
    const bool finite = std::isfinite(forecast.lower[i]) && std::isfinite(forecast.upper[i]);
    if (!finite || !(forecast.lower[i] <= forecast.value[i] && forecast.value[i] <= forecast.upper[i])) std::abort();
  }
  return 0;
}
