// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace helios::ml {

/// Half-widths of intervals for many series, from absolute errors on values that the model had not seen, by horizon.
///
/// A horizon takes the errors of its neighbours in, and lies between the horizons that were measured in a straight
/// line. A level takes the quantile level * (1 + 1/n) of the n errors. A series with fewer than kEnough errors at a
/// horizon takes those of all series together.
///
/// Source: Lei et al., "Distribution-Free Predictive Inference for Regression", JASA 113 (2018).
class ConformalWidths {
 public:
  static constexpr std::size_t kEnough = 30;

  /// `errors[series][k]` are the absolute errors at `horizons[k]`, ascending.
  ConformalWidths(std::vector<std::size_t> horizons, std::span<const std::vector<std::vector<float>>> errors);

  /// Whether there was an error at all.
  [[nodiscard]] bool measured() const { return !tables_.empty() && tables_.front().front().count > 0.0F; }

  /// Half-width at `steps` >= 1 for 0 < level < 1, in the errors' unit. Requires measured().
  [[nodiscard]] double HalfWidth(std::size_t series, std::size_t steps, double level) const;

  [[nodiscard]] std::size_t series() const { return tables_.size(); }

  /// Appends the widths in little-endian bytes, and reads them off the front of `bytes`; the message says what is
  /// wrong.
  void AppendTo(std::string& bytes) const;
  [[nodiscard]] static std::expected<ConformalWidths, std::string_view> TakeFrom(std::string_view& bytes);

 private:
  static constexpr std::array<float, 19> kLevels = {0.0F,   0.1F,  0.2F,   0.3F,  0.4F,  0.5F,  0.6F,
                                                    0.7F,   0.8F,  0.85F,  0.9F,  0.92F, 0.94F, 0.95F,
                                                    0.965F, 0.98F, 0.985F, 0.99F, 1.0F};
  /// Quantiles of the errors at one horizon.
  struct Quantiles {
    float count = 0.0F;
    std::array<float, kLevels.size()> at{};
  };
  using Table = std::vector<Quantiles>;  // by horizon

  ConformalWidths() = default;
  [[nodiscard]] static Quantiles QuantilesOf(std::vector<float> errors);
  [[nodiscard]] static double At(const Quantiles& quantiles, double level);

  std::vector<std::size_t> horizons_;
  std::vector<Table> tables_;
};

}  // namespace helios::ml
