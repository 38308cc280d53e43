// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/uuid.h"

namespace helios::billing {

/// What was used of one tenant, in one hour, as one segment of a source counted it. (source, segment, tenant, metric
/// type, hour) names a count for good: told twice, it is the same count, not another one.
struct UsageCount {
  std::uint64_t segment = 0;
  TenantId tenant;
  std::string_view metric_type;  ///< "samples", "predictions": usage_records.metric_type; a literal
  TimestampMs hour;              ///< its begin, in UTC
  std::uint64_t quantity = 0;
};

/// Where usage is counted, and kept durably until somebody else has it. Thread-safe.
class UsageSource {
 public:
  virtual ~UsageSource() = default;

  /// usage_records.source_id: at most 100 characters, the same over restarts, and no other source's.
  [[nodiscard]] virtual std::string id() const = 0;

  /// Closes what is still being counted, so that Pending() has it. Errors: the source's, kUnavailable.
  [[nodiscard]] virtual Result<void> Close() = 0;

  /// Counts of closed segments, oldest segment first. Errors: the source's.
  [[nodiscard]] virtual Result<std::vector<UsageCount>> Pending() const = 0;

  /// Drops the counts of all segments up to `segment`, which are recorded elsewhere. Errors: the source's.
  [[nodiscard]] virtual Result<void> Forget(std::uint64_t segment) = 0;
};

}  // namespace helios::billing
