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

// A page: 1 to 64 samples of one series, which is what the head seals. Pages follow one another without a separator.
// They carry no checksum: whoever stores them adds one. Bytes: docs/formats/sample-page.md.
//
// The model of testing/model_series.h takes about 1.3 bytes a sample in pages of 64, and 0.2 for times and lengths.

inline constexpr std::size_t kPageSamples = 64;

/// What an encoder remembers of a series between pages: the form its values took. Zero knows nothing, and any value is
/// safe: it decides about time and size only, never about what is read back.
struct PageHint {
  std::uint32_t packed = 0;
};

/// Samples in columns, to which decoders append. Reuse one, and nothing is allocated after the first pages.
struct SampleBuffer {
  Column<std::int64_t> times_ms;
  Column<double> values;

  [[nodiscard]] std::size_t size() const { return times_ms.size(); }
  void clear() {
    times_ms.clear();
    values.clear();
  }
};

/// What a page holds, without its values. `size_bytes` is the length of the page.
struct PageSpan {
  std::size_t n = 0;
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
  std::size_t size_bytes = 0;
};

/// Appends one page to `out`. Times are unix milliseconds and rise strictly; values come back bit for bit: NaN
/// payloads, -0 and infinities included. 1 to kPageSamples samples, as many times as values. Evenly spaced times cost
/// nearly nothing. About 5 ns a sample when `hint` fits, which it mostly does from a series' second page on; else
/// several times that.
void EncodePage(std::span<const std::int64_t> times_ms, std::span<const double> values, PageHint& hint,
                std::string& out);

/// Takes one page off the front of `bytes` and appends its samples. Safe on any bytes; on an error both arguments stay
/// as they were. About 1.5 ns a sample. Errors: kDataCorruption tsdb.bad_chunk.
Result<void> DecodePage(std::string_view& bytes, SampleBuffer& out);

/// Reads the span of the page at the front of `bytes`, whose values may still turn out to be damaged.
/// Errors: kDataCorruption tsdb.bad_chunk.
Result<PageSpan> PeekPage(std::string_view bytes);

}  // namespace helios::tsdb
