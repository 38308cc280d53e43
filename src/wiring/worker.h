// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <memory>

#include "base/result.h"
#include "wiring/serve_config.h"

namespace helios::wiring {

/// `helios worker`: runs jobs and fires schedules beside `helios serve`, on the control database that both share.
///
/// It has no sample store: the embedded one belongs to the process that runs all services. So it does the kinds of jobs
/// that need no samples, and leaves the others to `helios serve`.
class Worker {
 public:
  /// Call it as Process::Start(). Waits for no database: it works as soon as there is one.
  /// Errors: kFailedPrecondition config.worker_needs_database: database.url is not set, and the private PostgreSQL is
  /// the serving process' own; those of pg::DropPrivileges() and of the operator's listener.
  [[nodiscard]] static Result<std::unique_ptr<Worker>> Start(const ServeConfig& config);

  virtual ~Worker() = default;

  /// Gives back the jobs in progress, and stops. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace helios::wiring
