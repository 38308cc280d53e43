// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace helios::ml {

/// The replicas of one target: those that serve, and those that still start up.
class ReplicaSet {
 public:
  /// `startup` in ticks, from being asked for to serving.
  ReplicaSet(std::int32_t ready, std::size_t startup) : ready_(ready), startup_(startup) {}

  /// Makes ready what has started by `tick`. Ticks do not go back.
  void Advance(std::size_t tick) {
    while (!starting_.empty() && starting_.front().ready_at <= tick) {
      ready_ += starting_.front().count;
      unready_ -= starting_.front().count;
      starting_.pop_front();
    }
  }

  /// Asks for `replicas` at `tick`. What is too much goes at once, the youngest first.
  void ScaleTo(std::int32_t replicas, std::size_t tick) {
    std::int32_t surplus = total() - replicas;
    if (surplus < 0) {
      starting_.push_back({tick + startup_, -surplus});
      unready_ -= surplus;
      Advance(tick);
      return;
    }
    while (surplus > 0 && !starting_.empty()) {
      auto& youngest = starting_.back();
      const std::int32_t gone = youngest.count < surplus ? youngest.count : surplus;
      youngest.count -= gone;
      unready_ -= gone;
      surplus -= gone;
      if (youngest.count == 0) starting_.pop_back();
    }
    ready_ -= surplus;
  }

  [[nodiscard]] std::int32_t ready() const { return ready_; }
  [[nodiscard]] std::int32_t total() const { return ready_ + unready_; }

 private:
  struct Batch {
    std::size_t ready_at = 0;
    std::int32_t count = 0;
  };

  std::int32_t ready_;
  std::int32_t unready_ = 0;
  std::size_t startup_;
  std::deque<Batch> starting_;  // oldest first
};

}  // namespace helios::ml
