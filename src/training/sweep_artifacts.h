// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <string_view>

#include "base/time.h"
#include "jobs/job_handler.h"
#include "objects/object_store.h"
#include "pg/database.h"

namespace helios::training {

inline constexpr std::string_view kSweepArtifacts = "training.sweep_artifacts";

/// Of each metric the newest retired versions keep their artifacts, so that one can go back to them; and each version
/// keeps it for a while.
inline constexpr int kKeptRetired = 7;
inline constexpr std::chrono::days kKeptFor{7};

/// Deletes the artifacts of the tenant's versions that serve no more, but for those that are kept. A version's row
/// stays, and says when its artifact went. TrainNightly queues it. Result: {"deleted": 3}.
///
/// Idempotent: an artifact goes within the transaction that marks its row, which keeps the version from being activated
/// meanwhile; killed in between, the next run deletes nothing more and marks the row.
class SweepArtifacts final : public jobs::JobHandler {
 public:
  /// All must outlive the handler.
  SweepArtifacts(pg::Database& database, objects::ObjectStore& objects, const Clock& clock)
      : database_(database), objects_(objects), clock_(clock) {}

  [[nodiscard]] Result<std::string> Run(jobs::JobContext& context) override;

 private:
  pg::Database& database_;
  objects::ObjectStore& objects_;
  const Clock& clock_;
};

}  // namespace helios::training
