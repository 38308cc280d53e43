// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "ml/scaling_target.h"

namespace helios::workbench {

struct SimulateOptions {
  std::filesystem::path path;      ///< one series (history_file.h), or a directory with a manifest.json (manifest.h)
  std::string task = "autoscale";  ///< of the directory's series, those that the manifest marks so
  double mean_replicas = 20.0;     ///< that the mean load of a trace fills, where the target names no capacity
  ml::ScalingTarget target{.max_replicas = ml::kMostReplicas};  ///< capacity 0: by `mean_replicas`
  bool json = false;                                            ///< one JSON object instead of a table
};

/// Replays the load of each trace under static provisioning for the peak, Kubernetes' autoscaler, our own scaling and
/// an oracle, and says what each would have cost and lost over the newer half of the trace's days. Series finer than a
/// minute are averaged, or added up, to it.
/// Errors: those of ReadManifest(), ReadHistory() and ml::PolicyTournament::Run();
///         kInvalidArgument workbench.nothing_to_simulate  no series with that task
///         kInvalidArgument workbench.bad_mean_replicas    not over 0 and finite
[[nodiscard]] Result<std::string> RunSimulate(const SimulateOptions& options);

}  // namespace helios::workbench
