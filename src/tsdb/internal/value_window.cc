// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/value_window.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "tsdb/internal/column_bytes.h"

namespace helios::tsdb {
namespace {

constexpr std::size_t kOutliersASide = 8;

constexpr std::uint64_t Distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

// The kOutliersASide + 1 first numbers by `before`, in order.
template <class Before>
class Extremes {
 public:
  void Fill(std::span<const std::int64_t> numbers) {
    const Before before{};
    for (const std::int64_t number : numbers) {
      if (size_ == first_.size() && !before(number, first_.back())) continue;
      size_ = std::min(size_ + 1, first_.size());
      std::size_t at = size_ - 1;
      for (; at > 0 && before(number, first_[at - 1]); --at) first_[at] = first_[at - 1];
      first_[at] = number;
    }
  }
  [[nodiscard]] std::int64_t operator[](std::size_t i) const { return first_[i]; }

 private:
  std::array<std::int64_t, kOutliersASide + 1> first_{};
  std::size_t size_ = 0;
};

std::size_t OutlierBits(std::int64_t number, std::int64_t base) {
  return 8 + 8 * VarintBytes(ZigZag(static_cast<std::int64_t>(Distance(base, number))));
}

// Narrows `fit` to where numbers are dense.
void LeaveOutliers(std::span<const std::int64_t> numbers, WindowFit& fit) {
  Extremes<std::less<>> lows;
  Extremes<std::greater<>> highs;
  lows.Fill(numbers);
  highs.Fill(numbers);
  std::size_t best = numbers.size() * BitWidth(Distance(fit.base, fit.top));
  for (std::size_t low = 0; low <= kOutliersASide; ++low) {
    for (std::size_t high = 0; high <= kOutliersASide; ++high) {
      std::size_t bits = numbers.size() * BitWidth(Distance(lows[low], highs[high]));
      for (std::size_t i = 0; i < low; ++i) bits += OutlierBits(lows[i], lows[low]);
      for (std::size_t i = 0; i < high; ++i) bits += OutlierBits(highs[i], lows[low]);
      if (bits < best) {
        best = bits;
        fit.base = lows[low];
        fit.top = highs[high];
      }
    }
  }
}

}  // namespace

unsigned WindowFit::Width(unsigned shift, std::uint64_t odd) const {
  return BitWidth((Distance(base, top) >> shift) / odd);
}

WindowFit FitWindow(std::span<const std::int64_t> numbers) {
  WindowFit fit{.base = numbers[0], .top = numbers[0]};
  for (const std::int64_t number : numbers) {
    fit.base = std::min(fit.base, number);
    fit.top = std::max(fit.top, number);
  }
  // With fewer numbers the two sides would overlap.
  if (numbers.size() > 4 * kOutliersASide) LeaveOutliers(numbers, fit);
  for (const std::int64_t number : numbers) {
    if (fit.Holds(number)) {
      fit.differing |= Distance(fit.base, number);
    } else {
      ++fit.outliers;
    }
  }
  return fit;
}

void TopCosts::Add(std::span<const std::int64_t> window) {
  std::int64_t low = window[0];
  std::int64_t high = window[0];
  for (const std::int64_t number : window) {
    low = std::min(low, number);
    high = std::max(high, number);
  }
  const unsigned width = BitWidth(Distance(low, high));
  if (width == 0) return;
  const unsigned below = width > kTopBits ? width - kTopBits : 0;
  bits_ += window.size() * below;
  numbers_ += window.size();
  for (const std::int64_t number : window) ++seen_[Distance(low, number) >> below];
}

std::size_t TopCosts::Bits() const {
  double entropy = 0;
  for (const std::uint32_t times : seen_) {
    if (times > 0) entropy += times * std::log2(static_cast<double>(numbers_) / times);
  }
  return bits_ + static_cast<std::size_t>(entropy);
}

std::size_t BinaryEntropyBits(std::size_t chosen, std::size_t all) {
  if (chosen == 0 || chosen >= all) return 0;
  const double share = static_cast<double>(chosen) / static_cast<double>(all);
  return static_cast<std::size_t>(-static_cast<double>(all) *
                                  (share * std::log2(share) + (1 - share) * std::log2(1 - share)));
}

}  // namespace helios::tsdb
