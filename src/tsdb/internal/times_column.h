// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tsdb/internal/column_bytes.h"

namespace helios::tsdb {

// Times of samples: a line (first time, step), moved where the series paused, and what each time is off the line. A
// scrape that keeps its rhythm needs the line alone; jitter costs the bits of its range. Distances from the line, not
// between neighbours: those would carry the jitter of both. Bytes: docs/formats/sample-block.md, "Times".

/// Most times of a column.
inline constexpr std::size_t kMaxTimes = std::size_t{1} << 20;
/// Distances are packed in windows of so many, each with a width of its own.
inline constexpr std::size_t kTimesWindow = 480;

/// Appends a column of its own, to be stored once for several blocks (sample_block.h). `times_ms` strictly rising, 1 to
/// kMaxTimes of them; the whole range of 64 bits is allowed. A regular column takes about 12 bytes.
void EncodeTimes(std::span<const std::int64_t> times_ms, std::string& out);

/// Reads what EncodeTimes wrote, the whole of `bytes`, and appends it. On an error `times_ms` stays as it was.
/// Errors: kDataCorruption tsdb.bad_chunk. Safe on any bytes.
Result<void> DecodeTimes(std::string_view bytes, Column<std::int64_t>& times_ms);

/// Whether all steps are equal, so that a column is too small to be worth sharing.
[[nodiscard]] bool AreEvenlySpaced(std::span<const std::int64_t> times_ms);

// The parts that pages and blocks embed: `count` and the first time are the container's, and so is the shape, which is
// below kTimesShapes.

inline constexpr unsigned kTimesMoved = 1;    ///< shape bit: the line is moved somewhere
inline constexpr unsigned kTimesOffLine = 2;  ///< shape bit: times differ from the line
inline constexpr unsigned kTimesShapes = 4;

/// Room that PutTimes needs.
[[nodiscard]] std::size_t MaxTimesBytes(std::size_t count);
/// Writes all but the first time at `out`; sets `shape`; returns the end. A single time takes no byte.
char* PutTimes(std::span<const std::int64_t> times_ms, char* out, unsigned& shape);
/// Reads what PutTimes wrote into out[0, count), count >= 1. False when it is malformed or times do not rise.
[[nodiscard]] bool TakeTimes(ColumnReader& in, std::size_t count, std::int64_t first_ms, unsigned shape,
                             std::int64_t* out);
/// The last of at most kTimesWindow times, without the others.
[[nodiscard]] bool PeekLastTime(ColumnReader& in, std::size_t count, std::int64_t first_ms, unsigned shape,
                                std::int64_t& last_ms);

}  // namespace helios::tsdb
