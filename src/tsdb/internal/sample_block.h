// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tsdb/internal/sample_page.h"

namespace helios::tsdb {

// A block: a closed day of one series, 5760 samples at a step of 15 s. Smaller by a twelfth than its pages' values,
// and nearly without times. Carries no checksum: whoever stores it adds one. Bytes: docs/formats/sample-block.md.
//
// Series of one scrape carry the same times. Evenly spaced ones cost 12 bytes, but jitter takes up to 0.7 bytes a
// sample, in each series again. So a column of times may be stored once (EncodeTimes in times_column.h), under a name
// made of its content, and blocks refer to it. The store decides: it compares columns of one flush, names those that
// several series share and that are not AreEvenlySpaced, and resolves names when it reads.

inline constexpr std::size_t kMaxBlockSamples = std::size_t{1} << 20;

/// Names a column of times by its content: 16 bytes of a hash that the store chooses. Opaque here.
struct TimesRef {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const TimesRef&) const = default;
};

/// Gives the times that a name stands for: those of DecodeTimes, which a reader of many series keeps. Called at most
/// once a block, on the caller's thread.
using SharedTimes = std::shared_ptr<const Column<std::int64_t>>;
using TimesResolver = std::function<Result<SharedTimes>(const TimesRef&)>;

/// What a block holds, without its values.
struct BlockSpan {
  std::size_t n = 0;
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
  std::optional<TimesRef> times;  ///< the column that its times are in, when they are not in itself
};

/// Appends one block to `out`: 1 to kMaxBlockSamples samples, times in strictly rising unix milliseconds, values kept
/// bit for bit. About 13 ns a sample, twice that for values of many digits.
void EncodeBlock(std::span<const std::int64_t> times_ms, std::span<const double> values, std::string& out);

/// The same with `times_ms` in a column of its own, which holds exactly these times.
void EncodeBlock(std::span<const std::int64_t> times_ms, std::span<const double> values, const TimesRef& times,
                 std::string& out);

/// Appends the samples of a block, which is the whole of `bytes`. Safe on any bytes: what they make it allocate is at
/// most 40 bytes for each of kMaxBlockSamples. On an error `out` stays as it was. About 2.5 ns a sample, half of it in
/// zstd. Errors: kDataCorruption tsdb.bad_chunk, also when its times are in another column; what `resolve` fails with.
Result<void> DecodeBlock(std::string_view bytes, SampleBuffer& out);
Result<void> DecodeBlock(std::string_view bytes, const TimesResolver& resolve, SampleBuffer& out);

/// Reads the front of a block, whose values may still turn out to be damaged.
/// Errors: kDataCorruption tsdb.bad_chunk.
Result<BlockSpan> PeekBlock(std::string_view bytes);

}  // namespace helios::tsdb
