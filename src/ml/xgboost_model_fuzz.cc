// SPDX-License-Identifier: Apache-2.0
// Any two series, through the trees: an error, or finite quantiles in their order, also after newer values, and the
// same from bytes. Input: one byte for the step, then doubles.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "ml/xgboost_model.h"

namespace {

using namespace helios;  // NOLINT(google-build-using-namespace): a program of one function

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckForecasts(const ml::XgboostModel& model) {
  for (std::size_t s = 0; s < 2; ++s) {
    const auto forecast = model.Forecast(s, 3, std::array{0.1, 0.5, 0.9});
    Check(forecast.has_value());
    for (std::size_t h = 0; h < 3; ++h) {
      Check(std::isfinite(forecast->value[h]) && std::isfinite(forecast->quantiles[0][h]));
      Check(std::isfinite(forecast->quantiles[2][h]));
      Check(forecast->quantiles[0][h] <= forecast->quantiles[1][h]);
      Check(forecast->quantiles[1][h] <= forecast->quantiles[2][h]);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 + sizeof(double)) return 0;
  constexpr std::array kStepHours = {1, 3, 8};
  const std::chrono::milliseconds step = std::chrono::hours{kStepHours[data[0] % kStepHours.size()]};
  std::vector<double> block((size - 1) / sizeof(double));
  std::memcpy(block.data(), data + 1, block.size() * sizeof(double));
  std::vector<double> values;
  std::vector<double> others;
  for (std::size_t i = 0; i < 240; ++i) {
    values.push_back(block[i % block.size()]);
    others.push_back(block[(i * 7 + 3) % block.size()]);
  }
  const ml::MetricHistory history{.first = {}, .step = step, .series = {values, others}};
  auto model = ml::XgboostModel::Fit(history, {.rounds = 3, .depth = 2, .most_rows = 200});
  if (!model) return 0;
  CheckForecasts(*model);
  const auto bytes = model->Bytes();
  Check(bytes.has_value());
  const auto again = ml::XgboostModel::FromBytes(*bytes, history);
  Check(again.has_value());
  CheckForecasts(*again);
  model->Append(std::array{block.back(), block.front()});
  CheckForecasts(*model);
  return 0;
}
