// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/prophet/symmetric_matrix.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace helios::ml {
namespace {

constexpr std::size_t kLanes = 4;
/// Rows taken at a time, so that a block of all columns stays in the cache.
constexpr std::size_t kBlock = 256;

using Lanes = std::array<double, kLanes>;

double Sum(const Lanes& lanes) {
  return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

/// sums[c] += a . b_c for four columns at once: `a` is loaded once for all of them.
void InnerProductsOfFour(const double* a, const double* b0, const double* b1, const double* b2, const double* b3,
                         std::size_t rows, std::array<double, 4>& sums) {
  std::array<Lanes, 4> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= rows; i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) lanes[0][k] += a[i + k] * b0[i + k];
    for (std::size_t k = 0; k < kLanes; ++k) lanes[1][k] += a[i + k] * b1[i + k];
    for (std::size_t k = 0; k < kLanes; ++k) lanes[2][k] += a[i + k] * b2[i + k];
    for (std::size_t k = 0; k < kLanes; ++k) lanes[3][k] += a[i + k] * b3[i + k];
  }
  for (std::size_t c = 0; c < 4; ++c) sums[c] += Sum(lanes[c]);
  for (; i < rows; ++i) {
    sums[0] += a[i] * b0[i];
    sums[1] += a[i] * b1[i];
    sums[2] += a[i] * b2[i];
    sums[3] += a[i] * b3[i];
  }
}

}  // namespace

double InnerProduct(std::span<const double> a, std::span<const double> b) {
  std::array<Lanes, 2> lanes{};
  std::size_t i = 0;
  for (; i + 2 * kLanes <= a.size(); i += 2 * kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) lanes[0][k] += a[i + k] * b[i + k];
    for (std::size_t k = 0; k < kLanes; ++k) lanes[1][k] += a[i + kLanes + k] * b[i + kLanes + k];
  }
  double sum = Sum(lanes[0]) + Sum(lanes[1]);
  for (; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void SymmetricMatrix::Multiply(std::span<const double> x, std::span<double> out) const {
  std::ranges::fill(out, 0.0);
  for (std::size_t i = 0; i < size_; ++i) {
    const double* row = &cells_[i * size_];
    out[i] += InnerProduct({row, i + 1}, x.first(i + 1));
    for (std::size_t j = 0; j < i; ++j) out[j] += row[j] * x[i];
  }
}

SymmetricMatrix SymmetricMatrix::Gram(std::span<const double> columns, std::size_t rows, std::size_t count) {
  SymmetricMatrix gram(count);
  for (std::size_t begin = 0; begin < rows; begin += kBlock) {
    const std::size_t block = std::min(kBlock, rows - begin);
    const auto column = [&](std::size_t j) { return columns.data() + j * rows + begin; };
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t j = 0;
      for (; j + 4 <= i + 1; j += 4) {
        std::array<double, 4> sums{};
        InnerProductsOfFour(column(i), column(j), column(j + 1), column(j + 2), column(j + 3), block, sums);
        for (std::size_t c = 0; c < 4; ++c) gram.At(i, j + c) += sums[c];
      }
      for (; j <= i; ++j) gram.At(i, j) += InnerProduct({column(i), block}, {column(j), block});
    }
  }
  return gram;
}

std::optional<Cholesky> Cholesky::Of(const SymmetricMatrix& matrix) {
  SymmetricMatrix factor(matrix.size());
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double rest = matrix.At(i, j) - InnerProduct(factor.Row(i).first(j), factor.Row(j).first(j));
      factor.At(i, j) = rest / factor.At(j, j);
    }
    const double rest = matrix.At(i, i) - InnerProduct(factor.Row(i).first(i), factor.Row(i).first(i));
    if (!(rest > 0.0) || !std::isfinite(rest)) return std::nullopt;
    factor.At(i, i) = std::sqrt(rest);
  }
  return Cholesky(std::move(factor));
}

void Cholesky::Solve(std::span<double> x) const {
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = (x[i] - InnerProduct(factor_.Row(i).first(i), x.first(i))) / factor_.At(i, i);
  }
  for (std::size_t i = x.size(); i-- > 0;) {
    x[i] /= factor_.At(i, i);
    const auto row = factor_.Row(i);
    for (std::size_t j = 0; j < i; ++j) x[j] -= row[j] * x[i];
  }
}

}  // namespace helios::ml
