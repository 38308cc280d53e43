// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <string>

#include "base/uuid.h"

namespace helios::detection {

/// A metric whose series left the level that their models know.
struct DriftedMetric {
  TenantId tenant;
  std::string metric;
  std::size_t shifted = 0;  ///< series whose level moved and stayed there
  std::size_t active = 0;   ///< series of the metric with a sample in the last hour
};

/// Who has metrics trained that drifted; training does, through `wiring`.
class DriftListener {
 public:
  virtual ~DriftListener() = default;
  /// Whether a training comes of it; false: not now, and it is told again. May wait some seconds for a database.
  [[nodiscard]] virtual bool OnDrift(const DriftedMetric& drift) = 0;
};

}  // namespace helios::detection
