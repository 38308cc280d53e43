// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "billing/usage_source.h"
#include "obs/metrics.h"
#include "pg/database.h"

namespace helios::billing {

/// Moves usage from where it is counted into usage_records, each count exactly once: a count is inserted under its name
/// unless it is there, and the source forgets it only after the database committed. A crash between the two makes it
/// come again, to no effect.
///
/// Each tenant's rows are one transaction of that tenant. Usage of an organization that is not in the database is
/// dropped with a line in the log (billing.usage_of_unknown_organization). While the database is away the counts stay
/// with their source; a tenant whose rows fail for another reason holds back the segments from its first one on, and
/// nobody else's rows. A background thread does this every `period`; nothing waits for it. Thread-safe.
class UsageRecorder {
 public:
  struct Config {
    std::chrono::milliseconds period{60'000};
  };

  /// What one pass did.
  struct Pass {
    std::size_t recorded = 0;  ///< rows that were not there yet
    std::size_t known = 0;     ///< rows that were: an earlier pass ended before the source forgot them
    std::size_t dropped = 0;   ///< of unknown organizations
    std::size_t waiting = 0;   ///< that could not be recorded now
  };

  /// All must outlive the recorder. Starts the thread.
  UsageRecorder(UsageSource& source, pg::Database& database, obs::Metrics& metrics);
  UsageRecorder(UsageSource& source, pg::Database& database, obs::Metrics& metrics, const Config& config);
  ~UsageRecorder();  ///< as Stop()
  UsageRecorder(const UsageRecorder&) = delete;
  UsageRecorder& operator=(const UsageRecorder&) = delete;

  /// One pass, now. Errors: the source's; kUnavailable pg.unavailable and the like, where the database is away.
  [[nodiscard]] Result<Pass> RecordNow();

  /// Ends the thread, closes the source's counts and records them. What cannot be recorded stays with the source.
  /// Idempotent.
  void Stop();

 private:
  using TenantRows = std::map<TenantId, std::vector<UsageCount>>;

  void Run();
  void RecordAndLog();
  [[nodiscard]] Result<std::size_t> InsertRows(TenantId tenant, const std::vector<UsageCount>& rows,
                                               pg::Deadline deadline);

  UsageSource& source_;
  pg::Database& database_;
  const Config config_;
  prometheus::Counter& recorded_;
  prometheus::Counter& dropped_;
  prometheus::Gauge& waiting_;
  std::mutex passing_;  ///< one pass at a time
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace helios::billing
