// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/rollup_block.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <vector>

#include "tsdb/internal/decimal.h"
#include "tsdb/internal/integers.h"
#include "tsdb/internal/times_column.h"

namespace helios::tsdb {
namespace {

constexpr unsigned kVersion = 1;
constexpr unsigned kOrdered = 1;     // integers are the floats' bits, in order; otherwise decimals
constexpr unsigned kExceptions = 2;  // some buckets have last, min and max written as their bits
constexpr unsigned kAllFlags = 3;

static_assert(kMaxRollups == kMaxTimes);

using Numbers = Column<std::int64_t>;

constexpr std::uint64_t Bits(std::int64_t x) {
  return static_cast<std::uint64_t>(x);
}
constexpr std::int64_t Minus(std::int64_t a, std::uint64_t b) {
  return static_cast<std::int64_t>(Bits(a) - b);
}

// The columns of a block as integers. Differences and products wrap; reading wraps them back.
struct Columns {
  explicit Columns(std::size_t n) : last(n), below(n), above(n), sum(n), rounding(n), count(n) {}
  Numbers last;
  Numbers below;     // last - min
  Numbers above;     // max - last
  Numbers sum;       // sum - count * last
  Numbers rounding;  // how many floats the sum lies from its decimal
  Numbers count;
  std::vector<std::size_t> exceptions;
};

void FillOrdered(const RollupBuffer& rollups, Columns& columns) {
  for (std::size_t i = 0; i < rollups.size(); ++i) {
    columns.last[i] = ToOrdered(rollups.last[i]);
    columns.below[i] = Minus(columns.last[i], Bits(ToOrdered(rollups.min[i])));
    columns.above[i] = Minus(ToOrdered(rollups.max[i]), Bits(columns.last[i]));
    columns.sum[i] = ToOrdered(rollups.sum[i]);
    columns.rounding[i] = 0;
  }
}

double Decimal(std::uint64_t x, unsigned exponent) {
  double value = 0;
  FromDecimals(&x, 1, exponent, &value);
  return value;
}

// The decimal nearest to `value`: one of at most seven attempts at the floats around it, or none, which is 0.
std::int64_t NearDecimal(double value, unsigned exponent) {
  const std::int64_t ordered = ToOrdered(value);
  for (const std::int64_t off : {0, 1, -1, 2, -2, 3, -3}) {
    const std::uint64_t near = Bits(ordered) + Bits(off);
    double attempt = 0;
    FromOrdered(&near, 1, &attempt);
    std::int64_t x = 0;
    if (ToDecimal(attempt, exponent, x)) return x;
  }
  return 0;
}

void FillDecimals(const RollupBuffer& rollups, unsigned exponent, Columns& columns) {
  std::int64_t previous = 0;
  for (std::size_t i = 0; i < rollups.size(); ++i) {
    std::int64_t last = 0;
    std::int64_t min = 0;
    std::int64_t max = 0;
    if (ToDecimal(rollups.last[i], exponent, last) && ToDecimal(rollups.min[i], exponent, min) &&
        ToDecimal(rollups.max[i], exponent, max)) {
      previous = last;
    } else {
      columns.exceptions.push_back(i);
      last = min = max = previous;
    }
    columns.last[i] = last;
    columns.below[i] = last - min;
    columns.above[i] = max - last;
    const std::int64_t sum = NearDecimal(rollups.sum[i], exponent);
    columns.sum[i] = Minus(sum, rollups.count[i] * Bits(last));
    columns.rounding[i] = Minus(ToOrdered(rollups.sum[i]), Bits(ToOrdered(Decimal(Bits(sum), exponent))));
  }
}

void AppendBits(double value, std::string& out) {
  char bits[8];
  PutU64(bits, std::bit_cast<std::uint64_t>(value));
  out.append(bits, sizeof bits);
}

struct Head {
  RollupSpan span;
  std::int64_t first_bucket = 0;
  unsigned shape = 0;
};

bool TakeHead(ColumnReader& in, Head& head) {
  const unsigned version = in.Byte();
  const std::uint64_t n = in.Varint();
  const std::uint64_t step = in.Varint();
  head.first_bucket = in.Signed();
  const std::uint64_t length = in.Varint();
  head.shape = in.Byte();
  if (!in.ok() || version != kVersion || n == 0 || n > kMaxRollups || head.shape >= kTimesShapes) return false;
  if (step == 0 || step > Bits(std::numeric_limits<std::int64_t>::max())) return false;
  const auto last_bucket = static_cast<std::int64_t>(Bits(head.first_bucket) + length);
  const auto signed_step = static_cast<std::int64_t>(step);
  head.span.n = n;
  head.span.step = std::chrono::milliseconds(signed_step);
  // With first and last every bucket between them is a number of 64 bits.
  return last_bucket >= head.first_bucket && (n == 1) == (length == 0) &&
         !__builtin_mul_overflow(head.first_bucket, signed_step, &head.span.first_ms) &&
         !__builtin_mul_overflow(last_bucket, signed_step, &head.span.last_ms);
}

struct Exception {
  std::size_t position;
  std::array<double, 3> values;  // last, min, max
};

bool TakeExceptions(ColumnReader& in, std::size_t n, std::vector<Exception>& exceptions) {
  const std::uint64_t count = in.Varint();
  if (!in.ok() || count == 0 || count > n || count * 25 > in.left()) return false;
  exceptions.resize(count);
  std::uint64_t position = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t ahead = in.Varint();
    if ((i > 0 && ahead == 0) || ahead >= n - position) return false;
    exceptions[i].position = position += ahead;
    for (double& value : exceptions[i].values) value = std::bit_cast<double>(in.U64());
  }
  return in.ok();
}

// Everything after the head, into the buckets of `out` from `before` on.
bool TakeColumns(ColumnReader& in, const Head& head, std::size_t before, RollupBuffer& out) {
  const std::size_t n = head.span.n;
  std::int64_t* const times = out.times_ms.data() + before;
  if (!TakeTimes(in, n, head.first_bucket, head.shape, times)) return false;
  const std::int64_t step = head.span.step.count();
  // Times rise, so that all lie between first and last when the last one is right, and no product overflows.
  if (times[n - 1] != head.span.last_ms / step) return false;
  for (std::size_t i = 0; i < n; ++i) times[i] *= step;

  const unsigned flags = in.Byte();
  if (!in.ok() || flags > kAllFlags) return false;
  const bool ordered = (flags & kOrdered) != 0;
  const unsigned exponent = ordered ? 0 : in.Byte();
  std::vector<Exception> exceptions;
  if (exponent > kMaxExponent || ((flags & kExceptions) != 0 && !TakeExceptions(in, n, exceptions))) return false;

  Column<std::uint64_t> last(n);
  Column<std::uint64_t> other(n);
  std::uint64_t* const count = out.count.data() + before;
  const auto convert = [&](const Column<std::uint64_t>& x, Column<double>& values) {
    if (ordered) {
      FromOrdered(x.data(), n, values.data() + before);
    } else {
      FromDecimals(x.data(), n, exponent, values.data() + before);
    }
  };
  if (!TakeIntegers(in, n, count) || !TakeIntegers(in, n, last.data())) return false;
  convert(last, out.last);
  if (!TakeIntegers(in, n, other.data())) return false;
  for (std::size_t i = 0; i < n; ++i) other[i] = last[i] - other[i];
  convert(other, out.min);
  if (!TakeIntegers(in, n, other.data())) return false;
  for (std::size_t i = 0; i < n; ++i) other[i] += last[i];
  convert(other, out.max);
  if (!TakeIntegers(in, n, other.data())) return false;
  if (!ordered) {
    for (std::size_t i = 0; i < n; ++i) other[i] += count[i] * last[i];
  }
  convert(other, out.sum);
  if (!ordered) {
    if (!TakeIntegers(in, n, other.data())) return false;
    double* const sum = out.sum.data() + before;
    for (std::size_t i = 0; i < n; ++i) other[i] += Bits(ToOrdered(sum[i]));
    FromOrdered(other.data(), n, sum);
  }
  for (const Exception& exception : exceptions) {
    out.last[before + exception.position] = exception.values[0];
    out.min[before + exception.position] = exception.values[1];
    out.max[before + exception.position] = exception.values[2];
  }
  return true;
}

std::unexpected<Error> BadRollups(std::size_t size) {
  return Fail(ErrorCode::kDataCorruption, "tsdb.bad_chunk",
              "cannot read a block of rollups: its {} bytes are damaged or of an unknown version; want version {}",
              size, kVersion);
}

}  // namespace

void EncodeRollups(std::chrono::milliseconds step, const RollupBuffer& rollups, std::string& out) {
  const std::size_t n = rollups.size();
  Numbers buckets(n);
  for (std::size_t i = 0; i < n; ++i) buckets[i] = rollups.times_ms[i] / step.count();
  out += static_cast<char>(kVersion);
  AppendVarint(out, n);
  AppendVarint(out, Bits(step.count()));
  AppendVarint(out, ZigZag(buckets.front()));
  AppendVarint(out, Bits(buckets.back()) - Bits(buckets.front()));
  const std::size_t shape_at = out.size();
  out.resize(shape_at + 1 + MaxTimesBytes(n));
  unsigned shape = 0;
  const char* end = PutTimes(buckets, out.data() + shape_at + 1, shape);
  out[shape_at] = static_cast<char>(shape);
  out.resize(static_cast<std::size_t>(end - out.data()));

  Columns columns(n);
  std::copy_n(rollups.count.begin(), n, reinterpret_cast<std::uint64_t*>(columns.count.data()));
  Column<double> all;
  all.reserve(3 * n);
  for (const Column<double>* column : {&rollups.last, &rollups.min, &rollups.max}) {
    all.insert(all.end(), column->begin(), column->end());
  }
  const auto exponent = ChooseExponent(all);
  if (exponent) {
    FillDecimals(rollups, *exponent, columns);
  } else {
    FillOrdered(rollups, columns);
  }
  out += static_cast<char>((exponent ? 0 : kOrdered) | (columns.exceptions.empty() ? 0 : kExceptions));
  if (exponent) out += static_cast<char>(*exponent);
  if (!columns.exceptions.empty()) {
    AppendVarint(out, columns.exceptions.size());
    std::size_t previous = 0;
    for (const std::size_t i : columns.exceptions) {
      AppendVarint(out, i - previous);
      for (const double value : {rollups.last[i], rollups.min[i], rollups.max[i]}) AppendBits(value, out);
      previous = i;
    }
  }
  for (const Numbers* column : {&columns.count, &columns.last, &columns.below, &columns.above, &columns.sum}) {
    AppendIntegers(*column, out);
  }
  if (exponent) AppendIntegers(columns.rounding, out);
}

Result<void> DecodeRollups(std::string_view bytes, RollupBuffer& out) {
  ColumnReader in(bytes);
  Head head;
  if (!TakeHead(in, head)) return BadRollups(bytes.size());
  const std::size_t before = out.size();
  out.resize(before + head.span.n);
  if (!TakeColumns(in, head, before, out) || in.left() > 0) {
    out.resize(before);
    return BadRollups(bytes.size());
  }
  return {};
}

Result<RollupSpan> PeekRollups(std::string_view bytes) {
  ColumnReader in(bytes);
  Head head;
  if (!TakeHead(in, head)) return BadRollups(bytes.size());
  return head.span;
}

}  // namespace helios::tsdb
