// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace helios::ml {

/// A dense symmetric matrix of which the lower triangle is stored, by rows.
class SymmetricMatrix {
 public:
  explicit SymmetricMatrix(std::size_t size) : size_(size), cells_(size * size, 0.0) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  /// Requires column <= row < size().
  [[nodiscard]] double& At(std::size_t row, std::size_t column) { return cells_[row * size_ + column]; }
  [[nodiscard]] double At(std::size_t row, std::size_t column) const { return cells_[row * size_ + column]; }
  [[nodiscard]] std::span<const double> Row(std::size_t row) const { return {&cells_[row * size_], size_}; }

  /// out = this * x.
  void Multiply(std::span<const double> x, std::span<double> out) const;

  /// Inner products of `count` columns of `rows` values each, one after another in `columns`. O(rows * count^2 / 2).
  [[nodiscard]] static SymmetricMatrix Gram(std::span<const double> columns, std::size_t rows, std::size_t count);

 private:
  std::size_t size_;
  std::vector<double> cells_;
};

/// Sum of products, in eight running sums. Requires equal lengths.
[[nodiscard]] double InnerProduct(std::span<const double> a, std::span<const double> b);

/// A positive definite matrix, ready to be solved with. Source: Golub & Van Loan, "Matrix Computations", 4th ed.,
/// section 4.2.
class Cholesky {
 public:
  /// Empty where `matrix` is not positive definite to working precision. O(size^3 / 3).
  [[nodiscard]] static std::optional<Cholesky> Of(const SymmetricMatrix& matrix);

  /// x becomes the solution of matrix * solution = x. O(2 size^2).
  void Solve(std::span<double> x) const;

 private:
  explicit Cholesky(SymmetricMatrix factor) : factor_(std::move(factor)) {}

  SymmetricMatrix factor_;
};

}  // namespace helios::ml
