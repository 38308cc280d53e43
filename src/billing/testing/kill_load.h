// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"
#include "base/uuid.h"
#include "tsdb/sample_batch.h"

namespace helios::billing {

// What the killed program appends, and who pays for it: batch N is of tenant N modulo their number.

inline constexpr TimestampMs kLoadNow = FromUnixMs(1'767'441'600'000);
inline constexpr TimestampMs kLoadStart = kLoadNow - std::chrono::hours{100};
/// When a round is: in other hours than most, and a hundred of them before the first samples are too old to be kept.
inline constexpr TimestampMs LoadTime(std::uint64_t round) {
  return kLoadNow + std::chrono::minutes{20} * round;
}
inline constexpr std::uint32_t kLoadSeries = 10;
inline constexpr std::uint64_t kBatchesPerRound = 1'000'000;  ///< more than any round appends

/// The last one has no organization.
inline std::array<TenantId, 3> LoadTenants() {
  return {TenantId::Parse("01900000-0000-7000-8000-000000000001").value(),
          TenantId::Parse("01900000-0000-7000-8000-000000000002").value(),
          TenantId::Parse("01900000-0000-7000-8000-00000000dead").value()};
}

/// Ten samples to pay for, one of Helios' own, and one that comes twice.
inline tsdb::KeyedBatch LoadBatch(std::uint64_t number) {
  const TimestampMs time = kLoadStart + std::chrono::milliseconds(number);
  tsdb::KeyedBatch batch;
  for (std::uint32_t series = 0; series < kLoadSeries; ++series) {
    batch.AddSeries({"load", {{"n", std::to_string(series)}}});
    batch.AddSample(series, time, static_cast<double>(number));
  }
  batch.AddSample(batch.AddSeries({"helios:forecast", {}}), time, 1.0);
  batch.AddSample(0, time, static_cast<double>(number));
  return batch;
}

}  // namespace helios::billing
