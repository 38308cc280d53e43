// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent/backoff.h"
#include "agent/outbox.h"
#include "agent/sender.h"
#include "base/random.h"

namespace helios::agent {

/// Lets something through at most once in `pause`.
class Limit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Limit(std::chrono::seconds pause) : pause_(pause) {}

  bool Allow(Time now) {
    if (last_ && now - *last_ < pause_) return false;
    last_ = now;
    return true;
  }

 private:
  std::chrono::seconds pause_;
  std::optional<Time> last_;
};

/// Brings batches from the outbox to the platform, oldest first: the platform takes samples of a series out
/// of order for one hour only, so an outage is made up for in the order of time.
///
/// Not thread-safe, but for delivered_samples() and rejected_samples().
class Courier {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::milliseconds;

  /// Pause between two batches while several wait: a little under a starter plan's 1,000 samples a second
  /// for a machine of a hundred series. Up to twice as long, by chance.
  static constexpr Duration kPace{100};
  /// Longest pause after a failure that only a person can end.
  static constexpr Duration kSlow{60'000};

  /// All must outlive it. `announce` takes lines for a person; `origin` names the platform in them.
  Courier(Outbox& outbox, Sender& sender, Random& random, std::function<void(std::string_view)> announce,
          std::string origin);

  /// Tries to deliver the oldest batch. Answers how long to wait before the next call, nothing when no
  /// batch waits. Blocks for as long as the client's time-outs allow.
  [[nodiscard]] std::optional<Duration> Step(Time now);

  /// Whether the last attempt failed.
  [[nodiscard]] bool failing() const { return !failure_.empty(); }

  [[nodiscard]] std::uint64_t delivered_samples() const { return delivered_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t rejected_samples() const { return rejected_.load(std::memory_order_relaxed); }

 private:
  void OnDelivered(const Batch& batch, const Delivery& delivery, Time now);
  Duration OnFailure(const Delivery& delivery, Time now);
  /// Says, once, that the platform sees the data.
  void Confirm(const Batch& batch, const Delivery& delivery);

  Outbox& outbox_;
  Sender& sender_;
  std::function<void(std::string_view)> announce_;
  std::string origin_;
  Backoff backoff_;
  std::string failure_;  ///< what the last attempt failed of
  std::optional<std::string> announced_failure_;
  Limit failure_log_{std::chrono::seconds(60)};
  Limit rejection_log_{std::chrono::seconds(60)};
  int looks_left_ = 5;
  std::atomic<std::uint64_t> delivered_{0};
  std::atomic<std::uint64_t> rejected_{0};
};

}  // namespace helios::agent
