// SPDX-License-Identifier: Apache-2.0
// The first byte chooses: a state from bytes, which must be refused or serve without harm; or a series.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/crc32c.h"
#include "ml/anomaly_spans.h"
#include "ml/detector.h"

using namespace helios;      // NOLINT(google-build-using-namespace): this is a program
using namespace helios::ml;  // NOLINT(google-build-using-namespace)

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Check(const Detection& detection) {
  Require(detection.score >= 0.0 && detection.score <= 1.0);
  Require(std::isfinite(detection.lower) && std::isfinite(detection.upper));
  Require(detection.lower <= detection.expected && detection.expected <= detection.upper);
}

void FuzzState(std::span<const std::byte> bytes) {
  DetectorState::Saved saved{};
  std::memcpy(saved.data(), bytes.data(), std::min(bytes.size(), saved.size()));
  // With the checksum that the bytes would have: damage is what it finds, and not what is looked for here.
  const std::size_t covered = saved.size() - sizeof(std::uint32_t);
  const auto crc = Crc32c({reinterpret_cast<const char*>(saved.data()), covered});
  std::memcpy(saved.data() + covered, &crc, sizeof(crc));
  auto state = DetectorState::Restore(saved);
  if (!state) return;
  Require(state->Save() == saved);
  const Detector detector;
  for (int i = 1; i <= 100; ++i) {
    const Detection detection =
        detector.Score(*state, {state->newest() + std::chrono::minutes{5 * i}, i % 7 == 0 ? -1e9 : i * 1.5});
    Require(!std::isnan(detection.expected));
  }
}

/// A sample is three bytes: a step, and a value of 16 bits whose exponent the step chooses.
void FuzzSeries(std::span<const std::byte> bytes) {
  constexpr std::int64_t kSteps[] = {60'000, 300'000, 3'600'000, 1'000, 0, -60'000, 86'400'000, 700'000'000};
  constexpr double kScales[] = {1.0, 1e-3, 1e6, 1e305};
  const Detector detector;
  DetectorState state;
  AnomalyTracker tracker;
  auto time = FromUnixMs(1'700'000'000'000);
  for (std::size_t i = 0; i + 3 <= bytes.size(); i += 3) {
    std::int16_t value = 0;
    std::memcpy(&value, &bytes[i + 1], sizeof(value));
    const auto control = std::to_integer<unsigned>(bytes[i]);
    time += std::chrono::milliseconds{kSteps[control & 7U]};
    const Sample sample{time, control >= 0xF8U ? std::nan("") : value * kScales[control >> 3U & 3U]};
    const auto detection = detector.Score(state, sample);
    if (detection.scored) Check(detection);
    tracker.Take(sample, detection, {});
  }
  Require(DetectorState::Restore(state.Save()).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  if (data[0] == 0) {
    FuzzState(bytes);
  } else {
    FuzzSeries(bytes);
  }
  return 0;
}
