// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/sample_page.h"

#include <array>

#include "tsdb/internal/page_values.h"
#include "tsdb/internal/times_column.h"

namespace helios::tsdb {
namespace {

static_assert(kPageSamples == kMaxPageValues);
static_assert(kPageSamples <= kTimesWindow);

// The byte after the length: number of samples less one, and the shape of the times.
constexpr unsigned kCountMask = kPageSamples - 1;
constexpr unsigned kShapeShift = 6;

// Room for the times of a page, moves and distances at their widest included.
constexpr std::size_t kMaxBodyBytes = 4096;

struct Head {
  std::size_t n;
  unsigned shape;
  std::int64_t first_ms;
};

// Takes the page's length, and gives its body; one that fails when there is no such page.
ColumnReader TakeBody(ColumnReader& in) {
  const std::uint64_t size = in.Varint();
  const char* body = in.ok() && size <= kMaxBodyBytes ? in.Bytes(size) : nullptr;
  return ColumnReader(body == nullptr ? std::string_view() : std::string_view(body, size));
}

Head TakeHead(ColumnReader& body) {
  const unsigned packed = body.Byte();
  return {(packed & kCountMask) + 1, packed >> kShapeShift, body.Signed()};
}

std::unexpected<Error> BadPage(std::size_t size) {
  return Fail(ErrorCode::kDataCorruption, "tsdb.bad_chunk",
              "cannot read a page of samples: no valid page begins the {} bytes that are left", size);
}

}  // namespace

void EncodePage(std::span<const std::int64_t> times_ms, std::span<const double> values, PageHint& hint,
                std::string& out) {
  std::array<char, kMaxBodyBytes> body;
  unsigned shape = 0;
  char* end = PutVarint(body.data() + 1, ZigZag(times_ms[0]));
  end = PutTimes(times_ms, end, shape);
  PutByte(body.data(), static_cast<unsigned>(times_ms.size() - 1) | shape << kShapeShift);
  end = PutPageValues(values, hint.packed, end);
  const auto size = static_cast<std::size_t>(end - body.data());
  AppendVarint(out, size);
  out.append(body.data(), size);
}

Result<void> DecodePage(std::string_view& bytes, SampleBuffer& out) {
  ColumnReader in(bytes);
  ColumnReader body = TakeBody(in);
  const Head head = TakeHead(body);
  if (!body.ok()) return BadPage(bytes.size());
  const std::size_t before = out.size();
  out.times_ms.resize(before + head.n);
  out.values.resize(before + head.n);
  if (!TakeTimes(body, head.n, head.first_ms, head.shape, out.times_ms.data() + before) ||
      !TakePageValues(body, head.n, out.values.data() + before) || body.left() > 0) {
    out.times_ms.resize(before);
    out.values.resize(before);
    return BadPage(bytes.size());
  }
  bytes.remove_prefix(bytes.size() - in.left());
  return {};
}

Result<PageSpan> PeekPage(std::string_view bytes) {
  ColumnReader in(bytes);
  ColumnReader body = TakeBody(in);
  const Head head = TakeHead(body);
  PageSpan span{.n = head.n, .first_ms = head.first_ms, .last_ms = 0, .size_bytes = bytes.size() - in.left()};
  if (!body.ok() || !PeekLastTime(body, head.n, head.first_ms, head.shape, span.last_ms)) return BadPage(bytes.size());
  return span;
}

}  // namespace helios::tsdb
