// SPDX-License-Identifier: Apache-2.0
// Any samples, through every way to a forecast: an error, or finite bounds in their order. Input: one byte for the
// step, one for jitter of the times, then doubles.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "ml/forecast.h"
#include "ml/model_choice.h"
#include "ml/seasons.h"

namespace {

using namespace helios;  // NOLINT(google-build-using-namespace): a program of one function

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckForecast(const std::vector<ml::Sample>& samples) {
  const auto forecast = ml::Forecast(samples, {.horizons = {std::chrono::minutes{7}, std::chrono::minutes{3'000}}});
  if (!forecast) return;
  for (const auto& point : forecast->points) {
    Check(std::isfinite(point.lower) && std::isfinite(point.upper));
    Check(point.lower <= point.value && point.value <= point.upper);
  }
}

void CheckModels(const ml::RegularHistory& history) {
  std::vector<ml::ModelCandidate> candidates = {{.name = "ensemble", .fit = ml::FitEnsemble}};
  for (const auto model : ml::kNamedModels) {
    candidates.push_back(ml::CandidateOf(model));
    const auto fitted = ml::FitModel(model, history, {});
    if (!fitted) continue;
    const auto forecast = (*fitted)->Forecast(8, std::array{0.1, 0.9});
    Check(forecast.has_value());
    for (std::size_t h = 0; h < 8; ++h) {
      Check(std::isfinite(forecast->value[h]) && std::isfinite(forecast->quantiles[0][h]));
      Check(std::isfinite(forecast->quantiles[1][h]) && forecast->quantiles[0][h] <= forecast->quantiles[1][h]);
    }
  }
  const auto choice = ml::ChooseModel(history, candidates, {.steps = 4, .origins = 2});
  if (choice) Check(choice->model->Forecast(4, std::array{0.5}).has_value() && !choice->reason.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 + sizeof(double)) return 0;
  constexpr std::array<std::int64_t, 5> kSteps = {1'000, 60'000, 300'000, 3'600'000, 86'400'000};
  const std::int64_t step = kSteps[data[0] % kSteps.size()];
  std::vector<double> block((size - 2) / sizeof(double));
  std::memcpy(block.data(), data + 2, block.size() * sizeof(double));
  std::vector<double> values;
  for (std::size_t i = 0; i < 120; ++i) values.push_back(block[i % block.size()]);
  std::vector<ml::Sample> samples;
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Jitter of up to three steps either way puts times out of order and makes duplicates.
    const std::int64_t jitter = (static_cast<std::int64_t>(i * data[1]) % 7 - 3) * step * (data[1] % 2);
    samples.push_back({FromUnixMs(1'700'000'000'000 + static_cast<std::int64_t>(i) * step + jitter), values[i]});
  }
  CheckForecast(samples);
  CheckModels({.first = {}, .step = std::chrono::milliseconds{step}, .values = values});
  for (const auto& season : ml::FindSeasons(values, 24)) Check(season.steps >= 2 && 2 * season.steps <= values.size());
  return 0;
}
