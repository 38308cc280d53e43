// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace helios::ml {

/// Most replicas that any of the last `window` recommendations asked for, the newest among them. O(1), amortised.
class Stabiliser {
 public:
  /// Requires window >= 1.
  explicit Stabiliser(std::size_t window) : window_(window) {}

  std::int32_t Add(std::int32_t recommendation) {
    while (!descending_.empty() && descending_.back().replicas <= recommendation) descending_.pop_back();
    descending_.push_back({added_, recommendation});
    while (added_ - descending_.front().number >= window_) descending_.pop_front();
    ++added_;
    return descending_.front().replicas;
  }

 private:
  struct Recommendation {
    std::size_t number = 0;
    std::int32_t replicas = 0;
  };

  std::size_t window_;
  std::size_t added_ = 0;
  std::deque<Recommendation> descending_;  // newer ones ask for less
};

}  // namespace helios::ml
