// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/rate_limiter.h"

#include <algorithm>

namespace helios::tenancy {

void LocalRateLimiter::Sweep(Shard& shard, std::int64_t now) {
  if (now - shard.swept_at_second < 60) return;
  shard.swept_at_second = now;
  const std::int64_t keep = shard.callers.size() > kManyCallers ? 60 : 3600;
  std::erase_if(shard.callers, [&](const auto& entry) { return now - entry.second.used_at_second > keep; });
}

RateDecision LocalRateLimiter::Take(std::string_view key, const std::vector<RateWindow>& windows) {
  const std::int64_t now = ToUnixMs(clock_.Now()) / 1000;
  Shard& shard = shards_[std::hash<std::string_view>{}(key) % kShards];
  const std::scoped_lock lock(shard.mutex);

  Sweep(shard, now);
  Caller& caller = shard.callers[std::string(key)];
  caller.used_at_second = now;
  std::vector<Count>& counts = caller.counts;
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
