// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/block_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "tsdb/internal/decimal.h"
#include "tsdb/internal/integers.h"

namespace helios::tsdb {
namespace {

constexpr unsigned kOrdered = 1;     // integers are the floats' bits, in order; otherwise decimals
constexpr unsigned kExceptions = 2;  // some values are written as their bits
constexpr unsigned kSame = 4;        // all values have the same bits; no other flag then
constexpr unsigned kAllFlags = 3;    // without kSame

// What an exception takes, about, and what a decimal takes when it has so many digits that its bits may be shorter.
constexpr std::size_t kExceptionBits = 72;
constexpr std::size_t kManyBits = 20;

struct Mapped {
  Column<std::int64_t> x;
  bool ordered = false;
  unsigned exponent = 0;
  std::vector<std::size_t> exceptions;  // positions whose values are written as their bits
};

Mapped MapOrdered(std::span<const double> values) {
  Mapped mapped;
  mapped.ordered = true;
  mapped.x.resize(values.size());
  ToOrdered(values, mapped.x.data());
  return mapped;
}

// Whether every value is a decimal of `exponent`, and one needs it.
bool MapExactly(std::span<const double> values, unsigned exponent, Mapped& mapped) {
  mapped.exponent = exponent;
  mapped.x.resize(values.size());
  if (!ToDecimals(values, exponent, mapped.x.data())) return false;
  if (exponent == 0) return true;
  std::int64_t x = 0;
  return std::any_of(values.begin(), values.end(), [&](double value) { return !ToDecimal(value, exponent - 1, x); });
}

// An exception repeats its neighbour's integer, so that it costs nothing there.
void MapWithExceptions(std::span<const double> values, unsigned exponent, Mapped& mapped) {
  mapped.exponent = exponent;
  mapped.x.resize(values.size());
  std::int64_t last = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (ToDecimal(values[i], exponent, mapped.x[i])) {
      if (mapped.exceptions.size() == i) std::fill_n(mapped.x.begin(), i, mapped.x[i]);
      last = mapped.x[i];
    } else {
      mapped.exceptions.push_back(i);
      mapped.x[i] = last;
    }
  }
}

Mapped Map(std::span<const double> values) {
  // A few values from all over mostly show the exponent; the rest then only confirm it.
  constexpr std::size_t kProbes = 32;
  std::array<double, kProbes> probes;
  for (std::size_t i = 0; i < kProbes; ++i) probes[i] = values[i * values.size() / kProbes];
  Mapped mapped;
  if (const auto exponent = ChooseExponent(probes); exponent && MapExactly(values, *exponent, mapped)) return mapped;
  const auto exponent = ChooseExponent(values);
  if (!exponent) return MapOrdered(values);
  MapWithExceptions(values, *exponent, mapped);
  return mapped;
}

void AppendBits(double value, std::string& out) {
  char bits[8];
  PutU64(bits, std::bit_cast<std::uint64_t>(value));
  out.append(bits, sizeof bits);
}

void AppendExceptions(std::span<const double> values, const std::vector<std::size_t>& exceptions, std::string& out) {
  AppendVarint(out, exceptions.size());
  std::size_t previous = 0;
  for (const std::size_t i : exceptions) {
    AppendVarint(out, i - previous);
    AppendBits(values[i], out);
    previous = i;
  }
}

struct Exception {
  std::size_t position;
  std::uint64_t bits;
};

bool TakeExceptions(ColumnReader& in, std::size_t most, std::vector<Exception>& exceptions) {
  const std::uint64_t count = in.Varint();
  if (!in.ok() || count == 0 || count > most || count * 9 > in.left()) return false;
  exceptions.resize(count);
  std::uint64_t position = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t ahead = in.Varint();
    if ((i > 0 && ahead == 0) || ahead >= most - position) return false;
    position += ahead;
    exceptions[i] = {position, in.U64()};
  }
  return in.ok();
}

}  // namespace

void AppendBlockValues(std::span<const double> values, std::string& out) {
  const auto bits_of = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  if (std::all_of(values.begin(), values.end(), [&](double v) { return bits_of(v) == bits_of(values[0]); })) {
    out += static_cast<char>(kSame);
    AppendBits(values[0], out);
    return;
  }
  Mapped mapped = Map(values);
  IntegerForm form = FindForm(mapped.x);
  if (!mapped.ordered && (!mapped.exceptions.empty() || form.bits > kManyBits * values.size())) {
    Mapped ordered = MapOrdered(values);
    IntegerForm other = FindForm(ordered.x);
    if (other.bits < form.bits + mapped.exceptions.size() * kExceptionBits) {
      mapped = std::move(ordered);
      form = std::move(other);
    }
  }
  out += static_cast<char>((mapped.ordered ? kOrdered : 0) | (mapped.exceptions.empty() ? 0 : kExceptions));
  if (!mapped.ordered) out += static_cast<char>(mapped.exponent);
  if (!mapped.exceptions.empty()) AppendExceptions(values, mapped.exceptions, out);
  AppendIntegers(mapped.x, form, out);
}

bool TakeBlockValues(ColumnReader& in, std::size_t count, double* values) {
  const unsigned flags = in.Byte();
  if (flags == kSame) {
    std::fill_n(values, count, std::bit_cast<double>(in.U64()));
    return in.ok();
  }
  if (!in.ok() || flags > kAllFlags) return false;
  const unsigned exponent = (flags & kOrdered) != 0 ? 0 : in.Byte();
  std::vector<Exception> exceptions;
  if (exponent > kMaxExponent || ((flags & kExceptions) != 0 && !TakeExceptions(in, count, exceptions))) return false;
  Column<std::uint64_t> x(count);
  if (!TakeIntegers(in, count, x.data())) return false;
  if ((flags & kOrdered) != 0) {
    FromOrdered(x.data(), count, values);
  } else {
    FromDecimals(x.data(), count, exponent, values);
  }
  for (const auto [position, bits] : exceptions) values[position] = std::bit_cast<double>(bits);
  return true;
}

}  // namespace helios::tsdb
