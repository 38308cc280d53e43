// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "base/time.h"
#include "base/uuid.h"

namespace helios::ingest {

/// Token buckets of samples, one a tenant: `rate` samples a second, with a burst of 20 seconds' worth.
/// Thread-safe.
class SampleRate {
 public:
  explicit SampleRate(const Clock& clock) : clock_(clock) {}

  /// Takes `samples` from the tenant's bucket. 0: taken. Else the seconds until they would fit, at least 1;
  /// a request larger than the whole burst is taken when the bucket is full. A `rate` of 0 is no limit.
  [[nodiscard]] std::int64_t Take(TenantId tenant, std::uint64_t rate, std::size_t samples);

 private:
  static constexpr double kBurstSeconds = 20;
  struct Bucket {
    double tokens = 0;
    TimestampMs filled_at;
  };

  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<TenantId, Bucket> buckets_;
};

}  // namespace helios::ingest
