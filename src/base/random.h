// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace helios {

/// Where randomness comes from; tests pass a seeded one. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<std::uint8_t> out) = 0;

  /// Uniform in [0, 1), to 53 bits.
  double Uniform();
};

/// The kernel's generator, fit for keys.
class SystemRandom final : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override;
};

}  // namespace helios
