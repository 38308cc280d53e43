// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/job_kinds.h"

#include <memory>
#include <string>

#include "training/sweep_artifacts.h"
#include "training/train_metric.h"
#include "training/train_nightly.h"
#include "training/training_job.h"

namespace helios::wiring {

// Each feature adds its kinds here, under the conditions that it has.
jobs::JobKinds MakeJobKinds(const JobResources& resources) {
  jobs::JobKinds kinds;
  if (resources.samples != nullptr && resources.training != nullptr) {
    const TrainingResources& training = *resources.training;
    kinds.Add(std::string(training::kTrainNightly),
              std::make_unique<training::TrainNightly>(*resources.samples, training.queue, training.clock));
    kinds.Add(
        std::string(training::kSweepArtifacts),
        std::make_unique<training::SweepArtifacts>(resources.database, training.artifacts.objects(), training.clock));
    // One at a time: it uses all threads it may, and two would need twice the memory.
    kinds.Add(std::string(training::kTrainMetric),
              std::make_unique<training::TrainMetric>(training::TrainMetric::Needs{.database = resources.database,
                                                                                   .samples = *resources.samples,
                                                                                   .artifacts = training.artifacts,
                                                                                   .registry = training.registry,
                                                                                   .excluded = training.excluded,
                                                                                   .clock = training.clock},
                                                      resources.threads),
              {.max_running = 1});
  }
  return kinds;
}

}  // namespace helios::wiring
