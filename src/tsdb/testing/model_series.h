// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace helios::tsdb {

// Series like those of a fleet of machines, made from known distributions, so that the information in them is known
// too: no code can take fewer bits on average than `entropy_bits`.

enum class ModelKind : std::uint8_t {
  kCpuSeconds,  ///< counter in hundredths of a second
  kEvents,      ///< integer counter, Poisson
  kBytes,       ///< integer counter in large steps
  kMemory,      ///< gauge in pages of 4096 bytes, a random walk
  kRatio,       ///< gauge of six decimals, noise around a daily cycle
  kSmallGauge,  ///< small integers that change now and then
  kConstant,
};
inline constexpr std::size_t kModelKinds = 7;
[[nodiscard]] std::string_view ModelKindName(ModelKind kind);

struct ModelSeries {
  ModelKind kind;
  std::vector<std::int64_t> times_ms;  ///< every 15 s
  std::vector<double> values;
  double entropy_bits = 0;
};

/// Series `number` of the model; the kind follows from the number (30 % CPU, 20 % events, 15 % bytes, 15 % memory, 8 %
/// ratios, 7 % small gauges, 5 % constants). The same number gives the same series on every machine.
[[nodiscard]] ModelSeries MakeModelSeries(std::uint64_t number, std::size_t samples);
[[nodiscard]] ModelSeries MakeModelSeries(ModelKind kind, std::uint64_t seed, std::size_t samples);

/// The same times off by a normal distribution of `sigma_ms`, still rising.
[[nodiscard]] std::vector<std::int64_t> Jittered(std::vector<std::int64_t> times_ms, double sigma_ms,
                                                 std::uint64_t seed);

}  // namespace helios::tsdb
