// SPDX-License-Identifier: Apache-2.0
// The first byte chooses what the rest is read as. With 0 an artifact as it is; else something behind a checksum that
// holds, so that what is believed of its bytes is tried too: it is refused, or forecasts finite numbers, and what was
// restored is saved and restored again.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "ml/forecast.h"
#include "ml/model_bundle.h"
#include "ml/model_parts.h"
#include "ml/synthetic_series.h"

using namespace helios;      // NOLINT(google-build-using-namespace): this is a program
using namespace helios::ml;  // NOLINT(google-build-using-namespace)

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const std::vector<Sample>& History() {
  static const auto history =
      SyntheticSeries{.samples = 100, .step = std::chrono::hours{1}, .daily_amplitude = 20.0, .noise = 3.0}.Make();
  return history;
}

void FuzzForecaster(std::string_view part) {
  // At the part's own place in time: else nearly every one would have no history at all.
  const auto description = ReadDescription(part);
  if (!description) return;
  auto history = History();
  const auto moved = description->trained_to - history[90].time;
  const auto most = std::chrono::days{300'000};
  if (std::chrono::abs(moved) > most) return;
  for (auto& sample : history) sample.time += moved;
  const auto restored = FittedForecaster::Restore(part, history);
  if (!restored) return;
  const std::chrono::minutes horizons[] = {std::chrono::minutes{1}, std::chrono::minutes{60},
                                           std::chrono::minutes{3'000}};
  const auto forecast = restored->Forecast(horizons, 0.95);
  Require(forecast.has_value());
  for (const auto& point : forecast->points) {
    Require(std::isfinite(point.value) && std::isfinite(point.lower) && std::isfinite(point.upper));
  }
  Require(FittedForecaster::Restore(restored->Save(), history).has_value());
}

void FuzzNamed(std::string_view part) {
  const auto restored = RestoreNamedModel(part, {});
  if (!restored) return;
  constexpr double kProbabilities[] = {0.1, 0.9};
  const auto forecast = (*restored)->Forecast(30, kProbabilities);
  Require(forecast.has_value());
  const auto saved = (*restored)->Save();
  Require(saved && RestoreModel(*saved, {}).has_value());
}

void FuzzBundle(std::string_view bytes) {
  const auto bundle = ModelBundle::Open(bytes);
  if (!bundle) return;
  for (std::size_t i = 0; i < bundle->size(); ++i) {
    const auto part = bundle->PartAt(i);
    if (part) Require(*bundle->Part(bundle->KeyAt(i)) == *part);
  }
  (void)bundle->Verify();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 0: FuzzBundle(bytes); break;
    case 1: FuzzForecaster(bytes); break;
    case 2: FuzzNamed(bytes); break;
    case 3: (void)ReadMetricModel(bytes); break;
    default: (void)ReadPartKind(bytes); break;
  }
  return 0;
}
