// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/sample_block.h"

#include <algorithm>

#include "tsdb/internal/block_values.h"
#include "tsdb/internal/times_column.h"

namespace helios::tsdb {
namespace {

constexpr unsigned kVersion = 1;
// Where the times are; below it, the shape of times in the block itself.
constexpr unsigned kSharedTimes = kTimesShapes;

static_assert(kMaxTimes == kMaxBlockSamples);

struct Head {
  BlockSpan span;
  unsigned shape = 0;
};

std::unexpected<Error> BadBlock(std::size_t size) {
  return Fail(ErrorCode::kDataCorruption, "tsdb.bad_chunk",
              "cannot read a block of samples: its {} bytes are damaged or of an unknown version; want version {}",
              size, kVersion);
}

bool TakeHead(ColumnReader& in, Head& head) {
  const unsigned version = in.Byte();
  const std::uint64_t n = in.Varint();
  head.span.first_ms = in.Signed();
  const std::uint64_t length = in.Varint();
  head.shape = in.Byte();
  if (!in.ok() || version != kVersion || n == 0 || n > kMaxBlockSamples || head.shape > kSharedTimes) return false;
  head.span.n = n;
  head.span.last_ms = static_cast<std::int64_t>(static_cast<std::uint64_t>(head.span.first_ms) + length);
  if (head.span.last_ms < head.span.first_ms || (n == 1) != (length == 0)) return false;
  if (head.shape == kSharedTimes) {
    const char* name = in.Bytes(sizeof(TimesRef));
    if (name == nullptr) return false;
    std::memcpy(head.span.times.emplace().bytes.data(), name, sizeof(TimesRef));
  }
  return true;
}

void AppendHead(std::span<const std::int64_t> times_ms, std::string& out) {
  out += static_cast<char>(kVersion);
  AppendVarint(out, times_ms.size());
  AppendVarint(out, ZigZag(times_ms.front()));
  AppendVarint(out, static_cast<std::uint64_t>(times_ms.back()) - static_cast<std::uint64_t>(times_ms.front()));
}

// Appends the times of a block.
Result<void> TakeBlockTimes(ColumnReader& in, const Head& head, const TimesResolver& resolve, std::size_t size,
                            Column<std::int64_t>& out) {
  const std::size_t before = out.size();
  const std::size_t n = head.span.n;
  if (!head.span.times) {
    out.resize(before + n);
    if (!TakeTimes(in, n, head.span.first_ms, head.shape, out.data() + before)) return BadBlock(size);
  } else {
    if (!resolve) {
      return Fail(ErrorCode::kDataCorruption, "tsdb.bad_chunk",
                  "cannot read a block of samples: its times are in another column, and nobody resolves its name");
    }
    HELIOS_TRY(const SharedTimes times, resolve(*head.span.times));
    if (!times || times->size() != n) return BadBlock(size);
    out.insert(out.end(), times->begin(), times->end());
  }
  if (out[before] != head.span.first_ms || out.back() != head.span.last_ms) return BadBlock(size);
  return {};
}

}  // namespace

void EncodeBlock(std::span<const std::int64_t> times_ms, std::span<const double> values, std::string& out) {
  AppendHead(times_ms, out);
  const std::size_t shape_at = out.size();
  unsigned shape = 0;
  if (AreEvenlySpaced(times_ms)) {
    std::array<char, 1 + kMaxVarintBytes> bytes;
    const char* end = PutTimes(times_ms, bytes.data() + 1, shape);
    out.append(bytes.data(), static_cast<std::size_t>(end - bytes.data()));
  } else {
    out.resize(shape_at + 1 + MaxTimesBytes(times_ms.size()));
    const char* end = PutTimes(times_ms, out.data() + shape_at + 1, shape);
    out.resize(static_cast<std::size_t>(end - out.data()));
  }
  out[shape_at] = static_cast<char>(shape);
  AppendBlockValues(values, out);
}

void EncodeBlock(std::span<const std::int64_t> times_ms, std::span<const double> values, const TimesRef& times,
                 std::string& out) {
  AppendHead(times_ms, out);
  out += static_cast<char>(kSharedTimes);
  std::array<char, sizeof(TimesRef)> name;
  std::memcpy(name.data(), times.bytes.data(), name.size());
  out.append(name.data(), name.size());
  AppendBlockValues(values, out);
}

Result<void> DecodeBlock(std::string_view bytes, SampleBuffer& out) {
  return DecodeBlock(bytes, nullptr, out);
}

Result<void> DecodeBlock(std::string_view bytes, const TimesResolver& resolve, SampleBuffer& out) {
  ColumnReader in(bytes);
  Head head;
  if (!TakeHead(in, head)) return BadBlock(bytes.size());
  const std::size_t before = out.size();
  auto taken = TakeBlockTimes(in, head, resolve, bytes.size(), out.times_ms);
  if (taken) {
    out.values.resize(before + head.span.n);
    if (!TakeBlockValues(in, head.span.n, out.values.data() + before) || in.left() > 0) taken = BadBlock(bytes.size());
  }
  if (!taken) {
    out.times_ms.resize(before);
    out.values.resize(before);
  }
  return taken;
}

Result<BlockSpan> PeekBlock(std::string_view bytes) {
  ColumnReader in(bytes);
  Head head;
  if (!TakeHead(in, head)) return BadBlock(bytes.size());
  return head.span;
}

}  // namespace helios::tsdb
