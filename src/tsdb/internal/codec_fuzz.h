// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "tsdb/internal/sample_page.h"

namespace helios::tsdb {

// What the fuzz targets of the sample formats share: samples made of a fuzzer's bytes.

inline void Require(bool holds) {
  if (!holds) std::abort();
}

struct FuzzSamples {
  std::vector<std::int64_t> times_ms;
  std::vector<double> values;
};

/// Samples from `bytes`, so that the fuzzer reaches decimals and odd bits, even times and any. At most `most`, at
/// least one.
inline FuzzSamples MakeFuzzSamples(std::string_view bytes, std::size_t most) {
  ColumnReader in(bytes);
  const unsigned shape = in.Byte();
  constexpr double kPowers[] = {1, 10, 100, 1e6};
  constexpr std::int64_t kFar = 1LL << 62U;
  FuzzSamples samples;
  std::int64_t time = in.Signed();
  std::int64_t x = in.Signed();
  while (samples.values.size() < most) {
    switch (shape & 3U) {
      case 0: x = static_cast<std::int64_t>(in.U64()); break;
      case 1: x = in.Signed(); break;
      case 2: x = std::clamp(x, -kFar, kFar) + static_cast<std::int8_t>(in.Byte()); break;
      default: x = static_cast<std::int64_t>(in.Byte()); break;
    }
    samples.values.push_back((shape & 3U) == 0 ? std::bit_cast<double>(x)
                                               : static_cast<double>(x) / kPowers[shape >> 2U & 3U]);
    samples.times_ms.push_back(time);
    std::uint64_t step = 15'000;
    if ((shape & 16U) != 0) step += in.Byte();
    if ((shape & 32U) != 0) step = in.Varint() + 1;
    std::int64_t next = static_cast<std::int64_t>(static_cast<std::uint64_t>(time) + step);
    if (!in.ok() || next <= time) break;
    time = next;
  }
  return samples;
}

inline void RequireSame(const SampleBuffer& buffer, const FuzzSamples& samples) {
  Require(std::ranges::equal(buffer.times_ms, samples.times_ms));
  Require(std::ranges::equal(buffer.values, samples.values, [](double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  }));
}

}  // namespace helios::tsdb
