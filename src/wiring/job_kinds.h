// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "jobs/job_handler.h"
#include "objects/object_store.h"
#include "pg/database.h"
#include "tsdb/sample_store.h"

namespace helios::wiring {

/// What this process has, for jobs to work with. Null: it is another process'.
struct JobResources {
  pg::Database& database;
  tsdb::SampleStore* samples = nullptr;  ///< the embedded store is the one `helios serve`'s alone
  objects::ObjectStore* objects = nullptr;
};

/// The kinds of jobs that this process can do: those whose needs `resources` has. It leases no others, so that they
/// wait for a process that can.
[[nodiscard]] jobs::JobKinds MakeJobKinds(const JobResources& resources);

}  // namespace helios::wiring
