// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "jobs/job_handler.h"
#include "jobs/job_queue.h"
#include "objects/object_store.h"
#include "pg/database.h"
#include "training/excluded_spans.h"
#include "training/model_artifacts.h"
#include "training/model_registry.h"
#include "tsdb/sample_store.h"

namespace helios::wiring {

/// What training shares with the services of the process.
struct TrainingResources {
  training::ModelRegistry& registry;
  training::ModelArtifacts& artifacts;
  const training::ExcludedSpans& excluded;
  const jobs::JobQueue& queue;
  const Clock& clock;
};

/// What this process has, for jobs to work with. Null: it is another process'.
struct JobResources {
  pg::Database& database;
  tsdb::SampleStore* samples = nullptr;  ///< the embedded store is the one `helios serve`'s alone
  objects::ObjectStore* objects = nullptr;
  TrainingResources* training = nullptr;
  unsigned threads = 2;  ///< that a training fits series on
};

/// The kinds of jobs that this process can do: those whose needs `resources` has. It leases no others, so that they
/// wait for a process that can.
[[nodiscard]] jobs::JobKinds MakeJobKinds(const JobResources& resources);

}  // namespace helios::wiring
