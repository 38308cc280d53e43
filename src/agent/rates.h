// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace helios::agent {

/// Turns counters into rates. A counter that is seen for the first time, or fell (reset, wrapped round,
/// a device replaced), gives a gap and never a negative or an absurd rate. Forgets a counter that
/// was absent from a whole round.
class Rates {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Starts a round at `now`, which must not be earlier than the one before.
  void BeginRound(Time now) {
    std::erase_if(previous_, [this](const auto& entry) { return entry.second.time != now_; });
    now_ = now;
  }

  /// Increase of `counter` a second since the round before. `key` names the counter.
  std::optional<double> PerSecond(std::string_view key, std::uint64_t counter) {
    auto found = previous_.find(key);
    if (found == previous_.end()) {
      previous_.emplace(std::string(key), Reading{counter, now_});
      return std::nullopt;
    }
    const Reading before = std::exchange(found->second, Reading{counter, now_});
    const double seconds = std::chrono::duration<double>(now_ - before.time).count();
    if (counter < before.counter || seconds <= 0) return std::nullopt;
    return static_cast<double>(counter - before.counter) / seconds;
  }

 private:
  struct Reading {
    std::uint64_t counter;
    Time time;
  };

  std::map<std::string, Reading, std::less<>> previous_;
  Time now_{};
};

}  // namespace helios::agent
