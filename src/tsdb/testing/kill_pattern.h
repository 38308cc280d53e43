// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <bit>
#include <cstdint>

#include "base/time.h"
#include "base/uuid.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

// Numbered batches whose every bit is known from their number: batch N holds one sample of each of kKillSeries
// series, at kKillStart + N ms.

inline constexpr std::size_t kKillSeries = 20;
inline constexpr int kKillMostInFlight = 32;
inline constexpr TimestampMs kKillNow = FromUnixMs(1'767'441'600'000);
inline constexpr TimestampMs kKillStart = kKillNow - std::chrono::hours{100};

inline TenantId KillTenant() {
  return TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
}

inline std::uint64_t KillBits(std::uint64_t series, std::uint64_t number) {
  std::uint64_t bits = (number * kKillSeries + series + 1) * 0x9e3779b97f4a7c15ULL;
  bits ^= bits >> 29U;
  return bits * 0xbf58476d1ce4e5b9ULL;
}

inline KeyedBatch KillBatch(std::uint64_t number) {
  KeyedBatch batch;
  for (std::uint32_t series = 0; series < kKillSeries; ++series) {
    batch.AddSeries({"killed", {{"n", std::to_string(series)}}});
    batch.AddSample(series, kKillStart + std::chrono::milliseconds(number),
                    std::bit_cast<double>(KillBits(series, number)));
  }
  return batch;
}

}  // namespace helios::tsdb
