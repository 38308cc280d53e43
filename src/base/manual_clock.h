// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

#include "base/time.h"

namespace helios {

/// A clock that stands still until a test moves it. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimestampMs start) : now_ms_(ToUnixMs(start)) {}

  [[nodiscard]] TimestampMs Now() const override { return FromUnixMs(now_ms_.load()); }
  void Set(TimestampMs now) { now_ms_.store(ToUnixMs(now)); }
  void Advance(std::chrono::milliseconds by) { now_ms_.fetch_add(by.count()); }

 private:
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace helios
