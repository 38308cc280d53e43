// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/sample_rate.h"

#include <algorithm>
#include <cmath>

namespace helios::ingest {

std::int64_t SampleRate::Take(TenantId tenant, std::uint64_t rate, std::size_t samples) {
  if (rate == 0) return 0;
  const TimestampMs now = clock_.Now();
  const auto per_second = static_cast<double>(rate);
  const double capacity = per_second * kBurstSeconds;
  const std::scoped_lock lock(mutex_);
  const auto [found, added] = buckets_.try_emplace(tenant, Bucket{.tokens = capacity, .filled_at = now});
  Bucket& bucket = found->second;
  const double elapsed = std::max(0.0, std::chrono::duration<double>(now - bucket.filled_at).count());
  bucket.tokens = std::min(capacity, bucket.tokens + elapsed * per_second);
  bucket.filled_at = now;

  const double wanted = std::min(static_cast<double>(samples), capacity);
  if (bucket.tokens < wanted) {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil((wanted - bucket.tokens) / per_second)));
  }
  bucket.tokens -= wanted;
  return 0;
}

}  // namespace helios::ingest
