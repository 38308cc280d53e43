// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>

#include "base/uuid.h"

namespace helios::inference {

/// Where inference tells what is to be paid for. Thread-safe.
class PredictionMeter {
 public:
  virtual ~PredictionMeter() = default;

  /// `series` series were forecast for a call of /predict, whatever the number of horizons. Waits for nothing.
  virtual void CountPredictions(TenantId tenant, std::uint64_t series) = 0;
};

}  // namespace helios::inference
