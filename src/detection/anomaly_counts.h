// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "detection/anomalies.h"

namespace helios::detection {

/// More steps are not counted at once.
inline constexpr std::int64_t kMostSteps = 1'000;

/// Anomalies that began within one step, by severity.
struct StepCount {
  TimestampMs start{};
  std::int64_t low = 0;
  std::int64_t medium = 0;
  std::int64_t high = 0;
  std::int64_t critical = 0;
};

/// How many anomalies began in each step from `first` to `last`, both of which belong to the range: steps without any
/// are left out. Of `filter` status, severity and metric hold. Requires at most kMostSteps steps.
[[nodiscard]] Result<std::vector<StepCount>> CountAnomalies(pg::Database& database,
                                                            const tenancy::RequestContext& context,
                                                            const AnomalyFilter& filter, TimestampMs first,
                                                            TimestampMs last, std::chrono::seconds step);

}  // namespace helios::detection
