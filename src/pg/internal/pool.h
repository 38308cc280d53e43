// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pg/database.h"
#include "pg/internal/connection.h"

namespace helios::pg {

/// At most max_connections sessions, opened when needed, the one used last handed out first. Thread-safe.
struct Database::Pool {
 public:
  Pool(DatabaseConfig config, obs::Metrics& metrics);
  ~Pool();

  /// An idle connection, or a new one. `fresh` opens a new one and drops all idle ones first: they are of the same
  /// age as one that turned out to be stale. Errors: as Database::Begin.
  Result<std::unique_ptr<internal::Connection>> Acquire(Deadline deadline, bool fresh);

  /// Takes back what Acquire() gave: keeps it if it is reusable.
  void Release(std::unique_ptr<internal::Connection> connection);

  prometheus::Histogram& QuerySeconds(std::string_view statement);

  [[nodiscard]] const DatabaseConfig& config() const { return config_; }

 private:
  Result<std::unique_ptr<internal::Connection>> Open(Deadline deadline);
  void CountClosed(std::size_t count);

  const DatabaseConfig config_;
  obs::Metrics& metrics_;
  Result<internal::ConnectOptions> options_;
  prometheus::Gauge& open_gauge_;

  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<internal::Connection>> idle_;
  std::size_t open_ = 0;  // idle, handed out or being opened

  std::shared_mutex histograms_mutex_;
  std::unordered_map<std::string_view, prometheus::Histogram*> histograms_;  // names are literals
};

}  // namespace helios::pg
