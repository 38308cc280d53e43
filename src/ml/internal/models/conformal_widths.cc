// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/models/conformal_widths.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace helios::ml {
namespace {

constexpr std::size_t kMostSeries = 1'000'000;
constexpr std::size_t kMostHorizons = 1'000;

void AppendWord(std::string& bytes, std::uint32_t word) {
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((word >> shift) & 0xffU);
}

/// The next word of `bytes`, which has it.
std::uint32_t TakeWord(std::string_view& bytes) {
  std::uint32_t word = 0;
  for (unsigned i = 0; i < 4; ++i) word |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  bytes.remove_prefix(4);
  return word;
}

}  // namespace

ConformalWidths::ConformalWidths(std::vector<std::size_t> horizons,
                                 std::span<const std::vector<std::vector<float>>> errors)
    : horizons_(std::move(horizons)) {
  const std::size_t count = horizons_.size();
  const auto near = [&](std::size_t k, const std::vector<std::vector<float>>& of, std::vector<float>& to) {
    for (std::size_t i = k == 0 ? 0 : k - 1; i <= std::min(k + 1, count - 1); ++i) {
      to.insert(to.end(), of[i].begin(), of[i].end());
    }
  };
  Table together(count);
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<float> all;
    for (const auto& of : errors) near(k, of, all);
    together[k] = QuantilesOf(std::move(all));
  }
  // A horizon that nothing was measured at takes its neighbour's: the nearer one's before, else the next.
  for (std::size_t k = 1; k < count; ++k) {
    if (together[k].count == 0.0F) together[k] = together[k - 1];
  }
  for (std::size_t k = count - 1; k-- > 0;) {
    if (together[k].count == 0.0F) together[k] = together[k + 1];
  }
  for (const auto& of : errors) {
    auto& table = tables_.emplace_back(together);
    for (std::size_t k = 0; k < count; ++k) {
      std::vector<float> own;
      near(k, of, own);
      if (own.size() >= kEnough) table[k] = QuantilesOf(std::move(own));
    }
  }
}

ConformalWidths::Quantiles ConformalWidths::QuantilesOf(std::vector<float> errors) {
  Quantiles quantiles;
  quantiles.count = static_cast<float>(errors.size());
  if (errors.empty()) return quantiles;
  std::ranges::sort(errors);
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(static_cast<double>(kLevels[i]) * static_cast<double>(errors.size())));
    quantiles.at[i] = errors[std::clamp<std::size_t>(rank, 1, errors.size()) - 1];
  }
  return quantiles;
}

double ConformalWidths::At(const Quantiles& quantiles, double level) {
  const double wanted = level * (1.0 + 1.0 / static_cast<double>(quantiles.count));
  // A level that so few errors cannot tell takes the largest of them.
  if (wanted >= 1.0) return static_cast<double>(quantiles.at.back());
  const auto above =
      static_cast<std::size_t>(std::ranges::upper_bound(kLevels, static_cast<float>(wanted)) - kLevels.begin());
  const std::size_t high = std::min(above, kLevels.size() - 1);
  const double low_level = static_cast<double>(kLevels[high - 1]);
  const double share = (wanted - low_level) / (static_cast<double>(kLevels[high]) - low_level);
  return std::lerp(static_cast<double>(quantiles.at[high - 1]), static_cast<double>(quantiles.at[high]), share);
}

double ConformalWidths::HalfWidth(std::size_t series, std::size_t steps, double level) const {
  const auto& table = tables_[series];
  const auto after = static_cast<std::size_t>(std::ranges::lower_bound(horizons_, steps) - horizons_.begin());
  if (after == 0) return At(table.front(), level);
  if (after == horizons_.size()) return At(table.back(), level);
  const double before = At(table[after - 1], level);
  const double next = At(table[after], level);
  if (!std::isfinite(next)) return before;
  if (!std::isfinite(before)) return next;
  return std::lerp(
      before, next,
      static_cast<double>(steps - horizons_[after - 1]) / static_cast<double>(horizons_[after] - horizons_[after - 1]));
}

void ConformalWidths::AppendTo(std::string& bytes) const {
  AppendWord(bytes, static_cast<std::uint32_t>(tables_.size()));
  AppendWord(bytes, static_cast<std::uint32_t>(horizons_.size()));
  for (const auto horizon : horizons_) AppendWord(bytes, static_cast<std::uint32_t>(horizon));
  for (const auto& table : tables_) {
    for (const auto& quantiles : table) {
      AppendWord(bytes, std::bit_cast<std::uint32_t>(quantiles.count));
      for (const float value : quantiles.at) AppendWord(bytes, std::bit_cast<std::uint32_t>(value));
    }
  }
}

std::expected<ConformalWidths, std::string_view> ConformalWidths::TakeFrom(std::string_view& bytes) {
  if (bytes.size() < 8) return std::unexpected("its widths are cut short");
  const std::size_t series = TakeWord(bytes);
  const std::size_t horizons = TakeWord(bytes);
  if (series < 1 || series > kMostSeries || horizons < 1 || horizons > kMostHorizons) {
    return std::unexpected("it has no number of series or horizons that there can be");
  }
  if (bytes.size() / 4 < horizons * (1 + series * (1 + kLevels.size())))
    return std::unexpected("its widths are cut short");
  ConformalWidths widths;
  for (std::size_t k = 0; k < horizons; ++k) {
    widths.horizons_.push_back(TakeWord(bytes));
    if (widths.horizons_.back() <= (k == 0 ? 0 : widths.horizons_[k - 1]))
      return std::unexpected("its horizons do not ascend");
  }
  for (std::size_t s = 0; s < series; ++s) {
    auto& table = widths.tables_.emplace_back(horizons);
    for (auto& quantiles : table) {
      quantiles.count = std::bit_cast<float>(TakeWord(bytes));
      if (!(quantiles.count > 0.0F && std::isfinite(quantiles.count))) return std::unexpected("a count is no number");
      float before = 0.0F;
      for (auto& value : quantiles.at) {
        value = std::bit_cast<float>(TakeWord(bytes));
        if (!(value >= before && std::isfinite(value))) return std::unexpected("its widths do not ascend");
        before = value;
      }
    }
  }
  return widths;
}

}  // namespace helios::ml
