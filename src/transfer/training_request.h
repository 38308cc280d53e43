// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "transfer/patient_client.h"
#include "transfer/progress.h"

namespace helios::transfer {

/// What became of trainings that were asked for.
struct TrainingTally {
  std::size_t succeeded = 0;
  std::size_t failed = 0;  ///< each was told
  std::size_t series = 0;  ///< with a model now
};

/// Asks for a training of each metric, waits for them, and says on `progress` how far they are and what failed.
/// Errors: those of PatientClient::Send(); kPermissionDenied transfer.refused.
[[nodiscard]] Result<TrainingTally> TrainMetrics(PatientClient& client, const std::vector<std::string>& metrics,
                                                 const PatientClient::Sleep& sleep, Progress& progress);

}  // namespace helios::transfer
