// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"

namespace helios::tenancy {

/// At most `quota` requests in each window of `length`, windows counted from the epoch.
struct RateWindow {
  std::string_view name;  ///< "minute", "hour": a literal, for the RateLimit headers
  std::uint64_t quota = 0;
  std::chrono::seconds length{60};
};

/// Where a caller stands in the window that is nearest to its end.
struct RateDecision {
  bool allowed = true;
  RateWindow window;
  std::uint64_t remaining = 0;
  std::chrono::seconds resets_in{0};  ///< at least 1
};

/// Counts requests against windows. Thread-safe.
class RateLimiter {
 public:
  virtual ~RateLimiter() = default;

  /// Counts one request of `key` ("org:<id>", "address:<ip>") if every window has room, else none.
  /// `windows` must not be empty.
  [[nodiscard]] virtual RateDecision Take(std::string_view key, const std::vector<RateWindow>& windows) = 0;
};

/// Counts within this process.
class LocalRateLimiter final : public RateLimiter {
 public:
  explicit LocalRateLimiter(const Clock& clock) : clock_(clock) {}
  [[nodiscard]] RateDecision Take(std::string_view key, const std::vector<RateWindow>& windows) override;

 private:
  struct Count {
    std::int64_t window_index = -1;
    std::uint64_t used = 0;
  };
  struct Caller {
    std::vector<Count> counts;
    std::int64_t used_at_second = 0;
  };
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kManyCallers = 4096;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, Caller> callers;
    std::int64_t swept_at_second = 0;
  };

  /// Forgets callers of over an hour ago; where a shard holds many, those of over a minute ago.
  static void Sweep(Shard& shard, std::int64_t now);

  const Clock& clock_;
  Shard shards_[kShards];
};

}  // namespace helios::tenancy
