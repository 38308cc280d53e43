// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>

#include "base/uuid.h"

namespace helios::accuracy {

/// Why a metric's models are worth training anew.
struct TrainingReason {
  std::string kind;    ///< "withdrawn" or "poor_accuracy"
  std::string detail;  ///< one sentence for a person
};

/// Who has metrics trained; training does. It is asked again in each round that finds a reason: how often one comes of
/// it is its own to say. Quick.
class TrainingRequests {
 public:
  virtual ~TrainingRequests() = default;
  virtual void Ask(TenantId tenant, const std::string& metric, const TrainingReason& reason) = 0;
};

}  // namespace helios::accuracy
