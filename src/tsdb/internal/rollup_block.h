// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tsdb/internal/rollup.h"

namespace helios::tsdb {

// Rollups of one series over a day, or any run of buckets, as columns: last, and how far below it min, above it max and
// beside it the mean of the bucket lie. Carries no checksum: whoever stores it adds one. Bytes:
// docs/formats/rollup-block.md. The model's five-minute rollups take about 0.27 bytes for each 15-second sample that
// went into them.

inline constexpr std::size_t kMaxRollups = std::size_t{1} << 20;

/// Appends 1 to kMaxRollups buckets, whose times are multiples of `step` (> 0). All numbers are kept bit for bit, also
/// such as no rollup has.
void EncodeRollups(std::chrono::milliseconds step, const RollupBuffer& rollups, std::string& out);

/// Appends the rollups that are the whole of `bytes`. Safe on any bytes; on an error `out` stays as it was.
/// Errors: kDataCorruption tsdb.bad_chunk.
Result<void> DecodeRollups(std::string_view bytes, RollupBuffer& out);

/// What a block of rollups holds, without its columns.
struct RollupSpan {
  std::size_t n = 0;
  std::chrono::milliseconds step{0};
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;  ///< where the last bucket begins
};

/// Reads the front of a block, whose columns may still turn out to be damaged. Errors: kDataCorruption tsdb.bad_chunk.
Result<RollupSpan> PeekRollups(std::string_view bytes);

}  // namespace helios::tsdb
