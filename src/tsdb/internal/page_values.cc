// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/page_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <optional>

#include "tsdb/internal/bit_packing.h"
#include "tsdb/internal/decimal.h"

namespace helios::tsdb {
namespace {

constexpr unsigned kSteps = 1;        // differences of neighbours instead of the integers
constexpr unsigned kSame = 3;         // all values have the same bits
constexpr unsigned kTransform = 3;    // mask of the two
constexpr unsigned kSparse = 4;       // a bitmap says where the integer changes; only those are packed
constexpr unsigned kOrdered = 8;      // integers are the floats' bits, in order; otherwise decimals
constexpr unsigned kScaled = 16;      // packed numbers are divided by a common divisor
constexpr unsigned kOutliers = 32;    // some packed numbers are written apart
constexpr unsigned kExceptions = 64;  // some values are written as their bits
constexpr unsigned kAllFlags = 127;

// At most so many outliers below the packed range, and as many above.
constexpr std::size_t kOutliersASide = 8;

// How many pages of a series are written alike before all forms are tried: after they were, and at its start, where
// many series begin at once and a page says little.
constexpr std::uint32_t kPagesOfTrust = 63;
constexpr std::uint32_t kFirstPages = 15;

// Packed decimals wider than this may be more than the floats' bits in order.
constexpr unsigned kWideDecimals = 20;

using Integers = std::array<std::int64_t, kMaxPageValues>;
using Words = std::array<std::uint64_t, kMaxPageValues>;

constexpr std::uint64_t Bits(std::int64_t x) {
  return static_cast<std::uint64_t>(x);
}
constexpr std::int64_t Minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(Bits(a) - Bits(b));
}

// Integers with what is needed to turn them back into values.
struct Mapped {
  Integers x;
  std::size_t count = 0;
  bool ordered = false;
  unsigned exponent = 0;
  std::uint64_t exceptions = 0;  // bit i: value i is written as its bits, and x[i] only fills the gap
};

// One way to write the integers, and what it costs.
struct Form {
  bool steps = false;
  bool sparse = false;
  std::int64_t base = 0;  // the least number that is packed
  std::int64_t top = 0;   // the largest
  unsigned shift = 0;     // packed numbers are divided by odd << shift
  std::uint64_t odd = 1;
  unsigned width = 0;
  std::size_t bits = 0;
};

// What a series is expected to look like; PageHint::packed.
class Hint {
 public:
  explicit Hint(std::uint32_t packed) : packed_(packed) {}
  /// For so many pages, 63 at most.
  Hint(const Mapped& mapped, const Form& form, std::uint32_t trust)
      : packed_(1U | (mapped.ordered ? 2U : 0U) | mapped.exponent << 2U | BitsEach(form, mapped.count) << 7U |
                trust << 14U) {}

  [[nodiscard]] bool usable() const { return (packed_ & 1U) != 0 && exponent() <= kMaxExponent && trust() > 0; }
  [[nodiscard]] bool ordered() const { return (packed_ & 2U) != 0; }
  [[nodiscard]] unsigned exponent() const { return (packed_ >> 2U) & 31U; }
  [[nodiscard]] bool Fits(const Form& form, std::size_t count) const {
    return BitsEach(form, count) <= ((packed_ >> 7U) & 127U) + 1;
  }
  /// After another page that fits. From time to time all forms are tried again: a series may have become simpler.
  [[nodiscard]] std::uint32_t Used() const { return packed_ - (1U << 14U); }
  [[nodiscard]] std::uint32_t packed() const { return packed_; }

 private:
  static unsigned BitsEach(const Form& form, std::size_t count) {
    return static_cast<unsigned>(std::min<std::size_t>(form.bits / count, 127));
  }
  [[nodiscard]] std::uint32_t trust() const { return packed_ >> 14U; }

  std::uint32_t packed_;
};

std::size_t BitmapBytes(std::size_t count) {
  return (count + 7) / 8;
}

// Everything but the packed numbers.
std::size_t HeaderBits(const Mapped& mapped, const Form& form) {
  std::size_t bytes = 2 + VarintBytes(ZigZag(form.base));
  if (form.steps) bytes += VarintBytes(ZigZag(mapped.x[0]));
  if (form.sparse) bytes += BitmapBytes(mapped.count);
  return bytes * 8;
}

// Differences of neighbours; the first is 0. Returns where they are not 0.
std::uint64_t Differences(const Mapped& mapped, Integers& steps) {
  steps[0] = 0;
  std::uint64_t changed = 0;
  for (std::size_t i = 1; i < mapped.count; ++i) {
    steps[i] = Minus(mapped.x[i], mapped.x[i - 1]);
    changed |= std::uint64_t{steps[i] != 0} << i;
  }
  return changed;
}

// The numbers that `form` packs, in order; sets how many.
const std::int64_t* Chosen(const Mapped& mapped, const Integers& steps, std::uint64_t changed, const Form& form,
                           Integers& room, std::size_t& count) {
  const std::int64_t* all = form.steps ? steps.data() : mapped.x.data();
  if (!form.sparse) {
    count = form.steps ? mapped.count - 1 : mapped.count;
    return form.steps ? all + 1 : all;
  }
  // The first integer counts as changed unless it is written apart.
  std::uint64_t marks = form.steps ? changed : changed | 1U;
  count = 0;
  for (; marks != 0; marks &= marks - 1) room[count++] = all[std::countr_zero(marks)];
  return room.data();
}

// Range of numbers, and the bits in which they differ.
struct Range {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::uint64_t differing = 0;
};

Range RangeOf(const std::int64_t* numbers, std::size_t count) {
  if (count == 0) return {};
  Range range{numbers[0], numbers[0], 0};
  for (std::size_t i = 1; i < count; ++i) {
    range.low = std::min(range.low, numbers[i]);
    range.high = std::max(range.high, numbers[i]);
    range.differing |= Bits(numbers[i]) ^ Bits(numbers[0]);
  }
  return range;
}

// A form without outliers and with a power of two as divisor.
Form SimpleForm(const Mapped& mapped, bool steps, bool sparse, const Range& range, std::size_t count) {
  Form form{.steps = steps, .sparse = sparse, .base = range.low, .top = range.high};
  if (range.differing != 0) form.shift = static_cast<unsigned>(std::countr_zero(range.differing));
  form.width = BitWidth((Bits(range.high) - Bits(range.low)) >> form.shift);
  form.bits = HeaderBits(mapped, form) + count * form.width;
  return form;
}

Form FindSimpleForm(const Mapped& mapped, const Integers& steps, std::uint64_t changed) {
  const std::size_t count = mapped.count;
  const Range plain = RangeOf(mapped.x.data(), count);
  Form best = SimpleForm(mapped, false, false, plain, count);
  const auto consider = [&](const Form& form) {
    if (form.bits < best.bits) best = form;
  };
  consider(SimpleForm(mapped, true, false, RangeOf(steps.data() + 1, count - 1), count - 1));
  const auto changes = static_cast<std::size_t>(std::popcount(changed));
  if (changes * 4 <= count * 3) {
    consider(SimpleForm(mapped, false, true, plain, changes + 1));
    Integers room;
    std::size_t chosen = 0;
    const std::int64_t* numbers = Chosen(mapped, steps, changed, {.steps = true, .sparse = true}, room, chosen);
    consider(SimpleForm(mapped, true, true, RangeOf(numbers, chosen), chosen));
  }
  return best;
}

std::uint64_t OddDivisor(const std::int64_t* numbers, std::size_t count, const Form& form) {
  std::uint64_t divisor = 0;
  for (std::size_t i = 0; i < count && divisor != 1; ++i) {
    if (numbers[i] < form.base || numbers[i] > form.top) continue;
    divisor = std::gcd(divisor, (Bits(numbers[i]) - Bits(form.base)) >> form.shift);
  }
  return divisor == 0 ? 1 : divisor >> static_cast<unsigned>(std::countr_zero(divisor));
}

// Sets base, top, divisor and width so that the numbers cost least, a few of them apart.
void FitForm(const Mapped& mapped, const std::int64_t* numbers, std::size_t count, Form& form) {
  const auto set_divisor = [&] {
    std::uint64_t differing = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (numbers[i] >= form.base && numbers[i] <= form.top) differing |= Bits(numbers[i]) - Bits(form.base);
    }
    form.shift = differing == 0 ? 0 : static_cast<unsigned>(std::countr_zero(differing));
    form.odd = OddDivisor(numbers, count, form);
  };
  if (count == 0) {
    form.bits = HeaderBits(mapped, form);
    return;
  }
  Integers sorted;
  std::copy_n(numbers, count, sorted.begin());
  std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count));
  form.base = sorted[0];
  form.top = sorted[count - 1];
  set_divisor();
  const std::uint64_t common = form.odd << form.shift;
  std::size_t best = ~std::size_t{0};
  for (std::size_t low = 0; low <= std::min(kOutliersASide, count - 1); ++low) {
    for (std::size_t high = 0; high <= std::min(kOutliersASide, count - 1 - low); ++high) {
      const std::uint64_t range = Bits(sorted[count - 1 - high]) - Bits(sorted[low]);
      std::size_t bits = count * BitWidth(range / common) + (low + high > 0 ? 8 : 0);
      for (std::size_t i = 0; i < low; ++i) bits += 8 + 8 * VarintBytes(ZigZag(Minus(sorted[i], sorted[low])));
      for (std::size_t i = 0; i < high; ++i) {
        bits += 8 + 8 * VarintBytes(ZigZag(Minus(sorted[count - 1 - i], sorted[low])));
      }
      if (bits < best) {
        best = bits;
        form.base = sorted[low];
        form.top = sorted[count - 1 - high];
      }
    }
  }
  set_divisor();
  form.width = BitWidth(((Bits(form.top) - Bits(form.base)) >> form.shift) / form.odd);
  form.bits = HeaderBits(mapped, form) + best;
}

Form FindBestForm(const Mapped& mapped, const Integers& steps, std::uint64_t changed) {
  std::optional<Form> best;
  for (const bool of_steps : {false, true}) {
    for (const bool sparse : {false, true}) {
      Form form{.steps = of_steps, .sparse = sparse};
      Integers room;
      std::size_t count = 0;
      const std::int64_t* numbers = Chosen(mapped, steps, changed, form, room, count);
      FitForm(mapped, numbers, count, form);
      if (!best || form.bits < best->bits) best = form;
    }
  }
  return *best;
}

char* PutOutliers(const std::int64_t* numbers, std::size_t count, const Form& form, char* out) {
  char* const count_at = out++;
  unsigned outliers = 0;
  std::size_t previous = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (numbers[i] >= form.base && numbers[i] <= form.top) continue;
    out = PutByte(out, static_cast<unsigned>(i - previous));
    out = PutVarint(out, ZigZag(Minus(numbers[i], form.base)));
    previous = i;
    ++outliers;
  }
  PutByte(count_at, outliers);
  return out;
}

char* PutExceptions(std::span<const double> values, std::uint64_t exceptions, char* out) {
  out = PutByte(out, static_cast<unsigned>(std::popcount(exceptions)));
  unsigned previous = 0;
  for (; exceptions != 0; exceptions &= exceptions - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(exceptions));
    out = PutByte(out, i - previous);
    out = PutU64(out, std::bit_cast<std::uint64_t>(values[i]));
    previous = i;
  }
  return out;
}

char* PutForm(std::span<const double> values, const Mapped& mapped, const Integers& steps, std::uint64_t changed,
              const Form& form, char* out) {
  Integers room;
  std::size_t count = 0;
  const std::int64_t* numbers = Chosen(mapped, steps, changed, form, room, count);
  Words packed;
  bool outliers = false;
  for (std::size_t i = 0; i < count; ++i) {
    const bool apart = numbers[i] < form.base || numbers[i] > form.top;
    outliers |= apart;
    packed[i] = apart ? 0 : (Bits(numbers[i]) - Bits(form.base)) >> form.shift;
  }
  if (form.odd != 1) {
    for (std::size_t i = 0; i < count; ++i) packed[i] /= form.odd;
  }
  const bool scaled = form.shift != 0 || form.odd != 1;
  out = PutByte(out, (form.steps ? kSteps : 0) | (form.sparse ? kSparse : 0) | (mapped.ordered ? kOrdered : 0) |
                         (scaled ? kScaled : 0) | (outliers ? kOutliers : 0) |
                         (mapped.exceptions != 0 ? kExceptions : 0));
  if (!mapped.ordered) out = PutByte(out, mapped.exponent);
  out = PutByte(out, form.width);
  if (scaled) {
    out = PutByte(out, form.shift);
    out = PutVarint(out, form.odd);
  }
  if (form.steps) out = PutVarint(out, ZigZag(mapped.x[0]));
  out = PutVarint(out, ZigZag(form.base));
  if (form.sparse) {
    PutU64(out, form.steps ? changed : changed | 1U);
    out += BitmapBytes(mapped.count);
  }
  if (outliers) out = PutOutliers(numbers, count, form, out);
  if (mapped.exceptions != 0) out = PutExceptions(values, mapped.exceptions, out);
  PackBits(packed.data(), count, form.width, out);
  return out + PackedBytes(count, form.width);
}

void MapDecimals(std::span<const double> values, unsigned exponent, Mapped& mapped) {
  mapped.count = values.size();
  mapped.exponent = exponent;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!ToDecimal(values[i], exponent, mapped.x[i])) mapped.exceptions |= 1ULL << i;
  }
  // An exception repeats its neighbour's integer, so that it costs nothing there.
  const auto first = static_cast<std::size_t>(std::countr_one(mapped.exceptions));
  std::int64_t last = first < values.size() ? mapped.x[first] : 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if ((mapped.exceptions >> i & 1U) != 0) mapped.x[i] = last;
    last = mapped.x[i];
  }
}

void MapOrdered(std::span<const double> values, Mapped& mapped) {
  mapped.count = values.size();
  mapped.ordered = true;
  ToOrdered(values, mapped.x.data());
}

// Tries every form.
char* PutThoroughly(std::span<const double> values, std::uint32_t& hint, char* out) {
  std::array<Mapped, 2> mapped;
  std::array<Integers, 2> steps;
  std::array<std::uint64_t, 2> changed{};
  std::array<Form, 2> forms;
  std::array<std::size_t, 2> bits{~std::size_t{0}, ~std::size_t{0}};
  const auto exponent = ChooseExponent(values);
  const auto find = [&](std::size_t way) {
    changed[way] = Differences(mapped[way], steps[way]);
    forms[way] = FindBestForm(mapped[way], steps[way], changed[way]);
    bits[way] = forms[way].bits + static_cast<std::size_t>(std::popcount(mapped[way].exceptions)) * 72;
  };
  if (exponent) {
    MapDecimals(values, *exponent, mapped[0]);
    find(0);
  }
  if (!exponent || mapped[0].exceptions != 0 || forms[0].width > kWideDecimals) {
    MapOrdered(values, mapped[1]);
    find(1);
  }
  const std::size_t way = bits[1] < bits[0] ? 1 : 0;
  const bool fast_is_enough = forms[way].odd == 1 && mapped[way].exceptions == 0;
  hint = Hint(mapped[way], forms[way], fast_is_enough ? kPagesOfTrust : 0).packed();
  return PutForm(values, mapped[way], steps[way], changed[way], forms[way], out);
}

// A page of which nothing is expected: as decimals in a simple form, where that is possible.
char* PutFirst(std::span<const double> values, std::uint32_t& hint, char* out) {
  Mapped mapped;
  const auto exponent = ChooseExponent(values);
  if (!exponent || !ToDecimals(values, *exponent, mapped.x.data())) return PutThoroughly(values, hint, out);
  mapped.count = values.size();
  mapped.exponent = *exponent;
  Integers steps;
  const std::uint64_t changed = Differences(mapped, steps);
  const Form form = FindSimpleForm(mapped, steps, changed);
  if (form.width > kWideDecimals) return PutThoroughly(values, hint, out);
  hint = Hint(mapped, form, kFirstPages).packed();
  return PutForm(values, mapped, steps, changed, form, out);
}

bool AllTheSame(std::span<const double> values) {
  std::uint64_t differing = 0;
  for (const double value : values) {
    differing |= std::bit_cast<std::uint64_t>(value) ^ std::bit_cast<std::uint64_t>(values[0]);
  }
  return differing == 0;
}

// Everything of a page's values but the packed numbers.
struct Header {
  unsigned flags = 0;
  unsigned exponent = 0;
  unsigned width = 0;
  std::uint64_t divisor = 1;
  std::uint64_t first = 0;
  std::uint64_t base = 0;
  std::uint64_t marks = 0;  // where a sparse page changes
  std::size_t count = 0;    // numbers that are packed
};

bool TakeHeader(ColumnReader& in, std::size_t count, Header& header) {
  if ((header.flags & kOrdered) == 0) header.exponent = in.Byte();
  header.width = in.Byte();
  if ((header.flags & kScaled) != 0) {
    const unsigned shift = in.Byte();
    if (shift > 63) return false;
    header.divisor = in.Varint() << shift;
  }
  const bool steps = (header.flags & kTransform) == kSteps;
  if (steps) header.first = Bits(in.Signed());
  header.base = Bits(in.Signed());
  header.count = steps ? count - 1 : count;
  if ((header.flags & kSparse) != 0) {
    const char* bitmap = in.Bytes(BitmapBytes(count));
    if (bitmap == nullptr) return false;
    std::memcpy(&header.marks, bitmap, BitmapBytes(count));
    if ((header.marks & 1U) == (steps ? 1U : 0U) || (count < 64 && header.marks >> count != 0)) return false;
    header.count = static_cast<std::size_t>(std::popcount(header.marks));
  }
  return in.ok() && header.exponent <= kMaxExponent && header.width <= kMaxPackedWidth;
}

// Numbers or values that are written apart, by position.
struct Apart {
  std::size_t count = 0;
  std::array<std::uint8_t, kMaxPageValues> positions;
  Words numbers;

  // Positions rise and are below `most`.
  template <class TakeNumber>
  bool Take(ColumnReader& in, std::size_t most, TakeNumber&& take_number) {
    count = in.Byte();
    if (count == 0 || count > most) return false;
    std::size_t position = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const unsigned ahead = in.Byte();
      position += ahead;
      if ((i > 0 && ahead == 0) || position >= most) return false;
      positions[i] = static_cast<std::uint8_t>(position);
      numbers[i] = take_number(in);
    }
    return in.ok();
  }
};

// Turns packed numbers into integers, in place where all are packed.
void Integrate(const Header& header, std::size_t count, const Words& numbers, Words& x) {
  if ((header.flags & kTransform) == kSteps) {
    std::uint64_t sum = header.first;
    x[0] = sum;
    if ((header.flags & kSparse) == 0) {
      for (std::size_t i = 1; i < count; ++i) x[i] = sum += numbers[i - 1];
      return;
    }
    std::size_t next = 0;
    for (std::size_t i = 1; i < count; ++i) {
      const std::uint64_t changes = header.marks >> i & 1U;
      // Past the last number there is one that is never added.
      sum += numbers[next] & (0 - changes);
      x[i] = sum;
      next += changes;
    }
    return;
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    next += header.marks >> i & 1U;
    x[i] = numbers[next - 1];
  }
}

}  // namespace

char* PutPageValues(std::span<const double> values, std::uint32_t& hint, char* out) {
  if (AllTheSame(values)) {
    out = PutByte(out, kSame);
    return PutU64(out, std::bit_cast<std::uint64_t>(values[0]));
  }
  if (hint == 0) return PutFirst(values, hint, out);
  const Hint known(hint);
  if (!known.usable()) return PutThoroughly(values, hint, out);
  Mapped mapped;
  if (known.ordered()) {
    MapOrdered(values, mapped);
  } else {
    mapped.count = values.size();
    mapped.exponent = known.exponent();
    if (!ToDecimals(values, mapped.exponent, mapped.x.data())) return PutThoroughly(values, hint, out);
  }
  Integers steps;
  const std::uint64_t changed = Differences(mapped, steps);
  const Form form = FindSimpleForm(mapped, steps, changed);
  if (!known.Fits(form, values.size())) return PutThoroughly(values, hint, out);
  hint = known.Used();
  return PutForm(values, mapped, steps, changed, form, out);
}

bool TakePageValues(ColumnReader& in, std::size_t count, double* values) {
  Header header{.flags = in.Byte()};
  if (header.flags == kSame) {
    std::fill_n(values, count, std::bit_cast<double>(in.U64()));
    return in.ok();
  }
  if (header.flags > kAllFlags || (header.flags & kTransform) > kSteps || !TakeHeader(in, count, header)) return false;
  Apart outliers;
  if ((header.flags & kOutliers) != 0 &&
      !outliers.Take(in, header.count, [](ColumnReader& from) { return Bits(from.Signed()); })) {
    return false;
  }
  Apart exceptions;
  if ((header.flags & kExceptions) != 0 && !exceptions.Take(in, count, [](ColumnReader& from) { return from.U64(); })) {
    return false;
  }
  const char* packed = in.Bytes(PackedBytes(header.count, header.width));
  if (packed == nullptr) return false;

  Words numbers;
  if (header.count < kMaxPageValues) numbers[header.count] = 0;
  UnpackBits(packed, in.end(), header.count, header.width, numbers.data());
  if (header.divisor == 1) {
    for (std::size_t i = 0; i < header.count; ++i) numbers[i] += header.base;
  } else {
    for (std::size_t i = 0; i < header.count; ++i) numbers[i] = numbers[i] * header.divisor + header.base;
  }
  for (std::size_t i = 0; i < outliers.count; ++i) {
    numbers[outliers.positions[i]] = outliers.numbers[i] + header.base;
  }
  const Words* x = &numbers;
  Words integrated;
  if ((header.flags & (kTransform | kSparse)) != 0) {
    Integrate(header, count, numbers, integrated);
    x = &integrated;
  }
  if ((header.flags & kOrdered) != 0) {
    FromOrdered(x->data(), count, values);
  } else {
    FromDecimals(x->data(), count, header.exponent, values);
  }
  for (std::size_t i = 0; i < exceptions.count; ++i) {
    values[exceptions.positions[i]] = std::bit_cast<double>(exceptions.numbers[i]);
  }
  return true;
}

}  // namespace helios::tsdb
