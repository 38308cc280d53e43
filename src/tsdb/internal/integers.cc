// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/integers.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <vector>

#include "tsdb/internal/bit_packing.h"
#include "tsdb/internal/byte_stream.h"
#include "tsdb/internal/value_window.h"

namespace helios::tsdb {
namespace {

constexpr unsigned kSteps = 1;      // differences of neighbours instead of the integers
constexpr unsigned kSparse = 2;     // only integers that differ from the one before, and how far apart they are
constexpr unsigned kScaled = 4;     // packed numbers are divided by a common divisor
constexpr unsigned kOutliers = 8;   // some packed numbers are written apart
constexpr unsigned kTops = 16;      // the top bits of packed numbers are compressed apart
constexpr unsigned kSame = 32;      // all integers are the same; no other flag then
constexpr unsigned kAllFlags = 31;  // without kSame

// A distance between changes is written in bytes; this one says that more follow.
constexpr std::uint8_t kMoreGap = 255;

constexpr std::uint64_t Bits(std::int64_t x) {
  return static_cast<std::uint64_t>(x);
}
constexpr std::int64_t Minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(Bits(a) - Bits(b));
}

// Calls `per_window(begin, count)` for each window of `count` numbers.
template <class PerWindow>
void ForEachWindow(std::size_t numbers, PerWindow&& per_window) {
  for (std::size_t begin = 0; begin < numbers; begin += kIntegersWindow) {
    per_window(begin, std::min(kIntegersWindow, numbers - begin));
  }
}

IntegerForm Select(std::span<const std::int64_t> x, bool steps, bool sparse) {
  IntegerForm selection;
  selection.steps = steps;
  selection.sparse = sparse;
  const std::size_t count = x.size();
  selection.numbers.resize(count);
  std::size_t chosen = 0;
  if (sparse) {
    for (std::size_t i = 1; i < count; ++i) {
      selection.numbers[chosen] = steps ? Minus(x[i], x[i - 1]) : x[i];
      chosen += x[i] != x[i - 1] ? 1 : 0;
    }
  } else if (steps) {
    for (std::size_t i = 1; i < count; ++i) selection.numbers[i - 1] = Minus(x[i], x[i - 1]);
    chosen = count - 1;
  } else {
    selection.numbers.assign(x.begin(), x.end());
    chosen = count;
  }
  selection.numbers.resize(chosen);
  return selection;
}

std::size_t EstimateBits(const IntegerForm& selection, std::size_t count) {
  TopCosts costs;
  ForEachWindow(selection.numbers.size(), [&](std::size_t begin, std::size_t size) {
    costs.Add(std::span(selection.numbers).subspan(begin, size));
  });
  std::size_t bits = costs.Bits();
  if (selection.sparse) bits += BinaryEntropyBits(selection.numbers.size(), count);
  return bits;
}

IntegerForm SelectBest(std::span<const std::int64_t> x) {
  IntegerForm best;
  const auto consider = [&](bool steps, bool sparse) {
    IntegerForm selection = Select(x, steps, sparse);
    selection.bits = EstimateBits(selection, x.size());
    if (selection.bits < best.bits) best = std::move(selection);
  };
  consider(false, false);
  consider(true, false);
  std::size_t changes = 0;
  for (std::size_t i = 1; i < x.size(); ++i) changes += x[i] != x[i - 1] ? 1 : 0;
  if (changes * 4 <= x.size() * 3) {
    consider(false, true);
    consider(true, true);
  }
  return best;
}

// The windows of a selection, fitted, with one divisor for all of them.
struct Windows {
  std::vector<WindowFit> fits;
  unsigned shift = 0;
  std::uint64_t odd = 1;
  std::size_t outliers = 0;
};

Windows FitWindows(const IntegerForm& selection) {
  Windows windows;
  std::uint64_t differing = 0;
  const std::span<const std::int64_t> numbers(selection.numbers);
  ForEachWindow(numbers.size(), [&](std::size_t begin, std::size_t size) {
    windows.fits.push_back(FitWindow(numbers.subspan(begin, size)));
    windows.outliers += windows.fits.back().outliers;
    differing |= windows.fits.back().differing;
  });
  if (differing == 0) return windows;
  windows.shift = static_cast<unsigned>(std::countr_zero(differing));
  std::uint64_t divisor = 0;
  ForEachWindow(numbers.size(), [&](std::size_t begin, std::size_t size) {
    const WindowFit& fit = windows.fits[begin / kIntegersWindow];
    for (std::size_t i = begin; i < begin + size && divisor != 1; ++i) {
      if (fit.Holds(numbers[i])) divisor = std::gcd(divisor, (Bits(numbers[i]) - Bits(fit.base)) >> windows.shift);
    }
  });
  windows.odd = divisor >> static_cast<unsigned>(std::countr_zero(divisor));
  return windows;
}

// Distances between changes, less one: how many samples repeat the one before.
std::vector<std::uint8_t> Gaps(std::span<const std::int64_t> x) {
  std::vector<std::uint8_t> gaps;
  std::size_t same = 0;
  for (std::size_t i = 1; i < x.size(); ++i, ++same) {
    if (x[i] == x[i - 1]) continue;
    for (; same >= kMoreGap; same -= kMoreGap) gaps.push_back(kMoreGap);
    gaps.push_back(static_cast<std::uint8_t>(same));
    same = static_cast<std::size_t>(-1);
  }
  return gaps;
}

void AppendGaps(const std::vector<std::uint8_t>& gaps, std::size_t changes, std::string& out) {
  AppendVarint(out, changes);
  AppendVarint(out, gaps.size());
  out += '\1';
  if (AppendCompressed(gaps, gaps.size(), out)) return;
  out.back() = '\0';
  out.append(reinterpret_cast<const char*>(gaps.data()), gaps.size());
}

void AppendOutliers(const IntegerForm& selection, const Windows& windows, std::string& out) {
  AppendVarint(out, windows.outliers);
  std::size_t previous = 0;
  for (std::size_t i = 0; i < selection.numbers.size(); ++i) {
    const WindowFit& fit = windows.fits[i / kIntegersWindow];
    if (fit.Holds(selection.numbers[i])) continue;
    AppendVarint(out, i - previous);
    AppendVarint(out, ZigZag(Minus(selection.numbers[i], fit.base)));
    previous = i;
  }
}

// Appends the packed numbers; true when their top bits went apart.
bool AppendNumbers(const IntegerForm& selection, const Windows& windows, std::string& out) {
  const std::size_t count = selection.numbers.size();
  Column<std::uint64_t> packed(count);
  std::vector<std::uint8_t> tops;
  tops.reserve(count);
  std::size_t plain_bytes = 0;
  std::size_t low_bytes = 0;
  ForEachWindow(count, [&](std::size_t begin, std::size_t size) {
    const WindowFit& fit = windows.fits[begin / kIntegersWindow];
    const unsigned width = fit.Width(windows.shift, windows.odd);
    const unsigned low = width > kTopBits ? width - kTopBits : 0;
    for (std::size_t i = begin; i < begin + size; ++i) {
      const std::int64_t number = selection.numbers[i];
      packed[i] = fit.Holds(number) ? (Bits(number) - Bits(fit.base)) >> windows.shift : 0;
    }
    if (windows.odd != 1) {
      for (std::size_t i = begin; i < begin + size; ++i) packed[i] /= windows.odd;
    }
    if (width > 0) {
      for (std::size_t i = begin; i < begin + size; ++i) tops.push_back(static_cast<std::uint8_t>(packed[i] >> low));
    }
    plain_bytes += PackedBytes(size, width);
    low_bytes += PackedBytes(size, low);
  });
  const bool apart = AppendCompressed(tops, plain_bytes - low_bytes, out);
  const std::size_t before = out.size();
  out.resize(before + (apart ? low_bytes : plain_bytes) + kPackSlack);
  char* end = out.data() + before;
  ForEachWindow(count, [&](std::size_t begin, std::size_t size) {
    unsigned width = windows.fits[begin / kIntegersWindow].Width(windows.shift, windows.odd);
    if (apart) {
      width = width > kTopBits ? width - kTopBits : 0;
      for (std::size_t i = begin; i < begin + size; ++i) packed[i] &= (1ULL << width) - 1;
    }
    PackBits(packed.data() + begin, size, width, end);
    end += PackedBytes(size, width);
  });
  out.resize(static_cast<std::size_t>(end - out.data()));
  return apart;
}

// --- reading ---

struct Apart {
  std::size_t position;
  std::uint64_t number;
};

bool TakeOutliers(ColumnReader& in, std::size_t most, std::vector<Apart>& outliers) {
  const std::uint64_t count = in.Varint();
  if (!in.ok() || count == 0 || count > most || count * 2 > in.left()) return false;
  outliers.resize(count);
  std::uint64_t position = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t ahead = in.Varint();
    if ((i > 0 && ahead == 0) || ahead >= most - position) return false;
    position += ahead;
    outliers[i] = {position, Bits(in.Signed())};
  }
  return in.ok();
}

struct Window {
  unsigned width;
  std::uint64_t base;
};

struct Header {
  unsigned flags = 0;
  std::uint64_t divisor = 1;
  std::uint64_t first = 0;
  std::size_t count = 0;  // of packed numbers
  Column<std::uint8_t> gaps;
  std::vector<Window> windows;
  std::vector<Apart> outliers;

  [[nodiscard]] bool Has(unsigned flag) const { return (flags & flag) != 0; }
};

bool TakeGaps(ColumnReader& in, std::size_t count, Header& header) {
  const std::uint64_t changes = in.Varint();
  const std::uint64_t bytes = in.Varint();
  const unsigned compressed = in.Byte();
  // Every change ends a gap, and every longer gap has passed as many samples.
  if (!in.ok() || changes >= count || bytes < changes || (bytes - changes) * kMoreGap > count || compressed > 1) {
    return false;
  }
  header.count = changes;
  header.gaps.resize(bytes);
  if (compressed == 1) return TakeCompressed(in, header.gaps);
  const char* plain = in.Bytes(bytes);
  if (plain == nullptr) return false;
  std::copy_n(plain, bytes, header.gaps.begin());
  return true;
}

bool TakeHeader(ColumnReader& in, std::size_t count, Header& header) {
  if (header.Has(kScaled)) {
    const unsigned shift = in.Byte();
    if (shift > 63) return false;
    header.divisor = in.Varint() << shift;
  }
  if (header.Has(kSteps | kSparse)) header.first = Bits(in.Signed());
  header.count = header.Has(kSteps) ? count - 1 : count;
  if (header.Has(kSparse) && !TakeGaps(in, count, header)) return false;
  const std::size_t windows = (header.count + kIntegersWindow - 1) / kIntegersWindow;
  if (windows * 2 > in.left()) return false;
  header.windows.resize(windows);
  std::uint64_t base = 0;
  for (Window& window : header.windows) {
    window.width = in.Byte();
    window.base = base += Bits(in.Signed());
    if (window.width > kMaxPackedWidth) return false;
  }
  if (header.Has(kOutliers) && !TakeOutliers(in, header.count, header.outliers)) return false;
  return in.ok();
}

// The packed numbers with their bases and outliers.
bool TakeNumbers(ColumnReader& in, const Header& header, std::uint64_t* numbers) {
  Column<std::uint8_t> tops;
  if (header.Has(kTops)) {
    std::size_t bytes = 0;
    ForEachWindow(header.count, [&](std::size_t begin, std::size_t size) {
      if (header.windows[begin / kIntegersWindow].width > 0) bytes += size;
    });
    tops.resize(bytes);
    if (!TakeCompressed(in, tops)) return false;
  }
  const std::uint8_t* top = tops.data();
  bool ok = true;
  ForEachWindow(header.count, [&](std::size_t begin, std::size_t size) {
    const Window window = header.windows[begin / kIntegersWindow];
    const unsigned low = !header.Has(kTops) ? window.width : window.width > kTopBits ? window.width - kTopBits : 0;
    const char* packed = in.Bytes(PackedBytes(size, low));
    ok = ok && packed != nullptr;
    if (!ok) return;
    std::uint64_t* const out = numbers + begin;
    UnpackBits(packed, in.end(), size, low, out);
    const bool with_tops = header.Has(kTops) && window.width > 0;
    if (with_tops && header.divisor == 1) {
      for (std::size_t i = 0; i < size; ++i) out[i] += (static_cast<std::uint64_t>(top[i]) << low) + window.base;
    } else {
      if (with_tops) {
        for (std::size_t i = 0; i < size; ++i) out[i] |= static_cast<std::uint64_t>(top[i]) << low;
      }
      for (std::size_t i = 0; i < size; ++i) out[i] = out[i] * header.divisor + window.base;
    }
    if (with_tops) top += size;
  });
  if (!ok) return false;
  for (const Apart& outlier : header.outliers) {
    numbers[outlier.position] = outlier.number + header.windows[outlier.position / kIntegersWindow].base;
  }
  return true;
}

// Numbers of changes into x[0, count).
bool Spread(const Header& header, std::size_t count, const std::uint64_t* numbers, std::uint64_t* x) {
  std::uint64_t current = header.first;
  std::size_t position = 0;  // of the first integer that is not written
  std::size_t change = 0;
  std::size_t same = 1;  // repeats of `current` before the next change
  for (const std::uint8_t gap : header.gaps) {
    same += gap;
    if (gap == kMoreGap) continue;
    // The change itself needs a place too.
    if (change == header.count || same >= count - position) return false;
    std::fill_n(x + position, same, current);
    position += same;
    current = header.Has(kSteps) ? current + numbers[change] : numbers[change];
    ++change;
    same = 1;
  }
  if (change != header.count || same != 1) return false;
  std::fill_n(x + position, count - position, current);
  return true;
}

}  // namespace

IntegerForm FindForm(std::span<const std::int64_t> x) {
  return SelectBest(x);
}

void AppendIntegers(std::span<const std::int64_t> x, std::string& out) {
  AppendIntegers(x, FindForm(x), out);
}

void AppendIntegers(std::span<const std::int64_t> x, const IntegerForm& form, std::string& out) {
  if (std::all_of(x.begin(), x.end(), [&](std::int64_t one) { return one == x[0]; })) {
    out += static_cast<char>(kSame);
    AppendVarint(out, ZigZag(x[0]));
    return;
  }
  const Windows windows = FitWindows(form);
  const bool scaled = windows.shift != 0 || windows.odd != 1;
  const std::size_t flags_at = out.size();
  unsigned flags = (form.steps ? kSteps : 0) | (form.sparse ? kSparse : 0) | (scaled ? kScaled : 0) |
                   (windows.outliers != 0 ? kOutliers : 0);
  out += '\0';
  if (scaled) {
    out += static_cast<char>(windows.shift);
    AppendVarint(out, windows.odd);
  }
  if (form.steps || form.sparse) AppendVarint(out, ZigZag(x[0]));
  if (form.sparse) AppendGaps(Gaps(x), form.numbers.size(), out);
  std::int64_t base = 0;
  for (const WindowFit& fit : windows.fits) {
    out += static_cast<char>(fit.Width(windows.shift, windows.odd));
    AppendVarint(out, ZigZag(Minus(fit.base, base)));
    base = fit.base;
  }
  if (windows.outliers != 0) AppendOutliers(form, windows, out);
  if (AppendNumbers(form, windows, out)) flags |= kTops;
  out[flags_at] = static_cast<char>(flags);
}

bool TakeIntegers(ColumnReader& in, std::size_t count, std::uint64_t* x) {
  Header header;
  header.flags = in.Byte();
  if (header.flags == kSame) {
    std::fill_n(x, count, Bits(in.Signed()));
    return in.ok();
  }
  if (!in.ok() || header.flags > kAllFlags || !TakeHeader(in, count, header)) return false;
  if (header.Has(kSparse)) {
    Column<std::uint64_t> changes(header.count);
    return TakeNumbers(in, header, changes.data()) && Spread(header, count, changes.data(), x);
  }
  if (!header.Has(kSteps)) return TakeNumbers(in, header, x);
  // Steps become integers where they lie, the first one before them.
  if (!TakeNumbers(in, header, x + 1)) return false;
  std::uint64_t sum = x[0] = header.first;
  for (std::size_t i = 1; i < count; ++i) x[i] = sum += x[i];
  return true;
}

}  // namespace helios::tsdb
