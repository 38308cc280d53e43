// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "obs/metrics.h"
#include "pg/database.h"
#include "tenancy/audit.h"

namespace helios::tenancy {

/// One authenticated call that changed nothing, or failed.
struct Access {
  TenantId tenant;
  Actor actor;
  std::string_view operation;  ///< a route's, which outlives the log
  int status = 0;
  std::string request_id;
  TimestampMs time;
};

/// Writes access rows into the audit log, in batches, behind the requests: a call never waits for it.
///
/// Rows are written once a second. While the database is away they wait in memory, up to a bound; beyond
/// it the oldest are dropped and counted (helios_access_rows_dropped_total). Thread-safe.
class AccessLog {
 public:
  AccessLog(pg::Database& database, Random& random, obs::Metrics& metrics);
  /// Writes what is left.
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  /// Leaves a row of its own.
  void Record(Access access);

  /// Counts into one row a tenant, actor, operation, status and minute: for the intake.
  void Count(const Access& access);

 private:
  struct Row {
    Access access;
    std::uint64_t count = 1;
  };
  using Rows = std::unordered_map<TenantId, std::vector<Row>>;

  void Run();
  /// Rows that could not be written come back.
  [[nodiscard]] Rows Write(Rows rows);
  [[nodiscard]] Result<void> WriteTenant(TenantId tenant, const std::vector<Row>& rows);
  void TakeFinishedMinutes(bool all);

  pg::Database& database_;
  Random& random_;
  prometheus::Counter& dropped_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  Rows waiting_;
  std::size_t waiting_count_ = 0;
  std::map<std::string, Row> counted_;  ///< by tenant, actor, operation, status and minute
  std::thread thread_;
};

}  // namespace helios::tenancy
