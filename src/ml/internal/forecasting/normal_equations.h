// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace helios::ml {

/// Unknowns of one regression; a multiple of the lanes of any vector unit.
inline constexpr std::size_t kEquations = 24;

/// Sums over weighted rows (x, y) from which least squares with shrinkage is solved; sums of disjoint rows add up.
/// Single precision: rows are of the order of 1 to 1e3. Same bits on every processor.
class NormalEquations {
 public:
  using Row = std::array<float, kEquations>;

  /// Adds rows x[i] -> y[i] of weight weights[i]; y and weights are at least as long as x.
  void Add(std::span<const Row> x, std::span<const float> y, std::span<const float> weights);
  void Add(const NormalEquations& other);

  /// The coefficients c that minimise sum w (y - c.x)^2 + shrinkage * mean(w) * |c|^2; zeros without rows, and
  /// where the sums leave the range of single precision.
  /// By Cholesky's decomposition; requires shrinkage > 0. Unknowns that rounding cannot tell from others are zero.
  [[nodiscard]] Row Solve(float shrinkage) const;

 private:
  alignas(32) std::array<Row, kEquations> products_{};  // of the lower triangle; above it partly set
  alignas(32) Row targets_{};
  float weight_ = 0.0F;
  float rows_ = 0.0F;
};

}  // namespace helios::ml
