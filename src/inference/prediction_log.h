// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "base/time.h"
#include "base/uuid.h"
#include "inference/predictor.h"

namespace helios::inference {

/// Who remembers what was answered, so that it can meet its actual value. Thread-safe.
class PredictionLog {
 public:
  virtual ~PredictionLog() = default;

  /// A stored series' prediction at `level` was answered. Waits for nothing.
  virtual void Keep(TenantId tenant, const Prediction& prediction, double level, TimestampMs now) = 0;
};

}  // namespace helios::inference
