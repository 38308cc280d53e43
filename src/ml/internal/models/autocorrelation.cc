// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/models/autocorrelation.h"

#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>

namespace helios::ml {
namespace {

using Complex = std::complex<double>;

/// a * b for finite numbers, without the library's care for infinities.
Complex Product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Discrete Fourier transform in place; the size is a power of two. Cooley & Tukey, 1965.
void Transform(std::span<Complex> data) {
  const std::size_t size = data.size();
  for (std::size_t i = 1, j = 0; i < size; ++i) {
    std::size_t bit = size >> 1U;
    for (; (j & bit) != 0; bit >>= 1U) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(data[i], data[j]);
  }
  std::vector<Complex> roots(size / 2);
  for (std::size_t k = 0; k < roots.size(); ++k) {
    const double angle = -2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size);
    roots[k] = {std::cos(angle), std::sin(angle)};
  }
  for (std::size_t length = 2; length <= size; length *= 2) {
    const std::size_t stride = size / length;
    for (std::size_t start = 0; start < size; start += length) {
      for (std::size_t k = 0; k < length / 2; ++k) {
        Complex& low = data[start + k];
        Complex& high = data[start + k + length / 2];
        const Complex turned = Product(high, roots[k * stride]);
        high = low - turned;
        low += turned;
      }
    }
  }
}

}  // namespace

std::vector<double> Autocorrelation(std::span<const double> values, std::size_t most) {
  const std::size_t size = values.size();
  double mean = 0.0;
  for (const double value : values) mean += value;
  mean /= static_cast<double>(size);
  // Zeros behind the values, so that no lag wraps around.
  std::vector<Complex> data(std::bit_ceil(size + most + 1));
  for (std::size_t t = 0; t < size; ++t) data[t] = values[t] - mean;
  Transform(data);
  for (auto& one : data) one = std::norm(one);
  Transform(data);  // of an even function, so that back is forth
  std::vector<double> correlation(most + 1, 0.0);
  const double variance = data[0].real() / static_cast<double>(size);
  if (!(variance > 0.0)) return correlation;
  for (std::size_t lag = 0; lag <= most; ++lag) {
    correlation[lag] = data[lag].real() / static_cast<double>(size - lag) / variance;
  }
  return correlation;
}

}  // namespace helios::ml
