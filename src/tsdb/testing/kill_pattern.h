// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

// Numbered batches whose every bit is known from their number. Batch N holds
//   one sample of each of kKillSeries series "killed", at kKillStart + N ms;
//   where HasLateSample(N), one more of one of them, kKillLate older;
//   where CreatesSeries(N), the one sample of a series "created" of its own.

inline constexpr std::size_t kKillSeries = 20;
inline constexpr int kKillMostInFlight = 32;
inline constexpr TimestampMs kKillNow = FromUnixMs(1'767'441'600'000);
inline constexpr TimestampMs kKillStart = kKillNow - std::chrono::hours{100};
inline constexpr std::chrono::milliseconds kKillLate{1'000'000};  ///< N stays below it, so that times differ
/// How far before a batch lies the one of which it may repeat a sample: further than what is in flight.
inline constexpr std::uint64_t kKillRepeat = 40;

inline TenantId KillTenant() {
  return TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
}

inline bool HasLateSample(std::uint64_t number) {
  return number % 3 == 1;
}
inline std::uint32_t LateSeries(std::uint64_t number) {
  return static_cast<std::uint32_t>(number / 3 % kKillSeries);
}
inline bool CreatesSeries(std::uint64_t number) {
  return number % 50 == 3;
}
/// Distinct samples of the batch.
inline std::size_t KillSamples(std::uint64_t number) {
  return kKillSeries + (HasLateSample(number) ? 1 : 0) + (CreatesSeries(number) ? 1 : 0);
}

/// `series`: below kKillSeries; that many more for a late sample; twice as many for a series of its own.
inline std::uint64_t KillBits(std::uint64_t series, std::uint64_t number) {
  std::uint64_t bits = (number * 3 * kKillSeries + series + 1) * 0x9e3779b97f4a7c15ULL;
  bits ^= bits >> 29U;
  return bits * 0xbf58476d1ce4e5b9ULL;
}

/// With `repeats`, also a sample of the batch kKillRepeat before, at last.
inline KeyedBatch KillBatch(std::uint64_t number, bool repeats) {
  KeyedBatch batch;
  const TimestampMs time = kKillStart + std::chrono::milliseconds(number);
  for (std::uint32_t series = 0; series < kKillSeries; ++series) {
    batch.AddSeries({"killed", {{"n", std::to_string(series)}}});
    batch.AddSample(series, time, std::bit_cast<double>(KillBits(series, number)));
  }
  if (HasLateSample(number)) {
    const std::uint32_t series = LateSeries(number);
    batch.AddSample(series, time - kKillLate, std::bit_cast<double>(KillBits(kKillSeries + series, number)));
  }
  if (CreatesSeries(number)) {
    const std::uint32_t created = batch.AddSeries({"created", {{"n", std::to_string(number)}}});
    batch.AddSample(created, time, std::bit_cast<double>(KillBits(2 * kKillSeries, number)));
  }
  if (repeats) {
    const std::uint64_t before = number - kKillRepeat;
    batch.AddSample(0, kKillStart + std::chrono::milliseconds(before), std::bit_cast<double>(KillBits(0, before)));
  }
  return batch;
}

}  // namespace helios::tsdb
