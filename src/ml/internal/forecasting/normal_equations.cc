// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/normal_equations.h"

#include <algorithm>
#include <cmath>

namespace helios::ml {
namespace {

constexpr std::size_t kLanes = 8;
/// Least pivot as a share of the greatest diagonal element.
constexpr float kLeastPivot = 1e-6F;
constexpr float kLeastSum = 1e-25F;
constexpr float kMostSum = 1e30F;

using Row = NormalEquations::Row;
using Matrix = std::array<Row, kEquations>;

/// products += weight * x * x^T for the lanes up to the diagonal, targets += weight * y * x.
[[gnu::always_inline]] inline void AddRows(std::span<const Row> x, std::span<const float> y,
                                           std::span<const float> weights, Matrix& products, Row& targets) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Row& row = x[i];
    const float weighted_y = weights[i] * y[i];
    for (std::size_t l = 0; l < kEquations; ++l) targets[l] += weighted_y * row[l];
    for (std::size_t r = 0; r < kEquations; ++r) {
      const float weighted = weights[i] * row[r];
      for (std::size_t c = 0; c <= r; c += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) products[r][c + l] += weighted * row[c + l];
      }
    }
  }
}

/// Decomposes `a` (its lower triangle) in place into L and 1 / diagonal, column after column.
[[gnu::always_inline]] inline void SolveInPlace(Matrix& a, Row& b) {
  // The rows below the diagonal are columns of the transposed: kept as rows of `upper`, they can be updated whole.
  Matrix upper;
  for (std::size_t r = 0; r < kEquations; ++r) {
    for (std::size_t c = 0; c < kEquations; ++c) upper[r][c] = c >= r ? a[c][r] : 0.0F;
  }
  float greatest = 0.0F;
  for (std::size_t r = 0; r < kEquations; ++r) greatest = std::max(greatest, upper[r][r]);
  Row inverse;
  for (std::size_t k = 0; k < kEquations; ++k) {
    // A pivot that is nothing but rounding belongs to an unknown that the others already say: it stays zero.
    inverse[k] = upper[k][k] > kLeastPivot * greatest ? 1.0F / std::sqrt(upper[k][k]) : 0.0F;
    for (std::size_t c = 0; c < kEquations; ++c) upper[k][c] *= inverse[k];
    b[k] *= inverse[k];
    for (std::size_t r = k + 1; r < kEquations; ++r) {
      const float factor = upper[k][r];
      for (std::size_t c = r / kLanes * kLanes; c < kEquations; c += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) upper[r][c + l] -= factor * upper[k][c + l];
      }
      b[r] -= factor * b[k];
    }
  }
  for (std::size_t k = kEquations; k-- > 0;) {
    float sum = b[k];
    for (std::size_t c = k + 1; c < kEquations; ++c) sum -= upper[k][c] * b[c];
    b[k] = sum * inverse[k];
  }
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void AddRowsWithAvx2(std::span<const Row> x, std::span<const float> y,
                                             std::span<const float> weights, Matrix& products, Row& targets) {
  AddRows(x, y, weights, products, targets);
}
[[gnu::target("avx2")]] void SolveWithAvx2(Matrix& a, Row& b) {
  SolveInPlace(a, b);
}
bool HasAvx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}
#endif

}  // namespace

void NormalEquations::Add(std::span<const Row> x, std::span<const float> y, std::span<const float> weights) {
  for (std::size_t i = 0; i < x.size(); ++i) weight_ += weights[i];
  rows_ += static_cast<float>(x.size());
#if defined(__x86_64__)
  if (HasAvx2()) return AddRowsWithAvx2(x, y, weights, products_, targets_);
#endif
  AddRows(x, y, weights, products_, targets_);
}

void NormalEquations::Add(const NormalEquations& other) {
  for (std::size_t r = 0; r < kEquations; ++r) {
    for (std::size_t c = 0; c < kEquations; ++c) products_[r][c] += other.products_[r][c];
    targets_[r] += other.targets_[r];
  }
  weight_ += other.weight_;
  rows_ += other.rows_;
}

NormalEquations::Row NormalEquations::Solve(float shrinkage) const {
  if (!(weight_ > 0.0F)) return {};
  Matrix a = products_;
  Row b = targets_;
  const float added = shrinkage * weight_ / rows_;
  float greatest = 0.0F;
  for (std::size_t k = 0; k < kEquations; ++k) {
    a[k][k] += added;
    greatest = std::max(greatest, a[k][k]);
  }
  // Sums so small that pivots would vanish, or so large that they overflowed, say nothing.
  if (!(greatest > kLeastSum && greatest < kMostSum)) return {};
#if defined(__x86_64__)
  if (HasAvx2()) {
    SolveWithAvx2(a, b);
    return b;
  }
#endif
  SolveInPlace(a, b);
  return b;
}

}  // namespace helios::ml
