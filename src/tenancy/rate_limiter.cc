// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/rate_limiter.h"

#include <algorithm>

namespace helios::tenancy {

RateDecision LocalRateLimiter::Take(std::string_view key, const std::vector<RateWindow>& windows) {
  const std::int64_t now = ToUnixMs(clock_.Now()) / 1000;
  Shard& shard = shards_[std::hash<std::string_view>{}(key) % kShards];
  const std::scoped_lock lock(shard.mutex);

  // Keys of callers that went away: dropped once an hour, or when they become too many.
  if (now - shard.swept_at_second > 3600 || shard.counts.size() > kMaxKeysPerShard) {
    shard.counts.clear();
    shard.swept_at_second = now;
  }
  std::vector<Count>& counts = shard.counts[std::string(key)];
  counts.resize(windows.size());

  RateDecision decision;
  bool first = true;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const std::int64_t length = windows[i].length.count();
    Count& count = counts[i];
    if (count.window_index != now / length) count = {.window_index = now / length, .used = 0};
    const bool full = count.used >= windows[i].quota;
    const std::uint64_t remaining = full ? 0 : windows[i].quota - count.used - 1;
    if (first || (full && decision.allowed) || (full == !decision.allowed && remaining < decision.remaining)) {
      decision = {.allowed = !full,
                  .window = windows[i],
                  .remaining = remaining,
                  .resets_in = std::chrono::seconds{std::max<std::int64_t>(1, length - now % length)}};
      first = false;
    }
  }
  if (decision.allowed) {
    for (Count& count : counts) ++count.used;
  }
  return decision;
}

}  // namespace helios::tenancy
