// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/internal/pool.h"

#include <algorithm>
#include <array>

namespace helios::pg {
namespace {

// What every session has in common. pg_temp stands last, so that no temporary table can shadow one of ours.
std::vector<std::string> SessionSettings(const DatabaseConfig& config) {
  return {
      fmt::format("statement_timeout={}", config.statement_timeout.count()),
      // A handler that hangs inside a transaction must not keep its locks for ever.
      "idle_in_transaction_session_timeout=60000",
      "TimeZone=UTC",
      "DateStyle=ISO",
      "IntervalStyle=iso_8601",
      "search_path=shared,directory,pg_temp",
      "client_min_messages=warning",
  };
}

}  // namespace

Database::Pool::Pool(DatabaseConfig config, obs::Metrics& metrics)
    : config_(std::move(config)),
      metrics_(metrics),
      options_(internal::ConnectOptions::Parse(config_.url, SessionSettings(config_))),
      open_gauge_(metrics.Gauge("helios_pg_connections", "Open connections to the control database.")) {}

Database::Pool::~Pool() {
  CountClosed(idle_.size());
}

Result<std::unique_ptr<internal::Connection>> Database::Pool::Acquire(Deadline deadline, bool fresh) {
  const Deadline give_up = std::min(deadline, std::chrono::steady_clock::now() + config_.acquire_timeout);
  std::vector<std::unique_ptr<internal::Connection>> stale;  // closed after the lock
  {
    std::unique_lock lock(mutex_);
    if (fresh) {
      stale.swap(idle_);
      CountClosed(stale.size());
      freed_.notify_all();
    }
    const auto available = [&] { return !idle_.empty() || open_ < config_.max_connections; };
    if (!freed_.wait_until(lock, give_up, available)) {
      if (give_up == deadline) {
        return Fail(ErrorCode::kDeadlineExceeded, "pg.acquire_timeout",
                    "cannot begin a transaction: the deadline passed while all {} connections were in use",
                    config_.max_connections);
      }
      return Fail(ErrorCode::kUnavailable, "pg.pool_exhausted",
                  "cannot begin a transaction: all {} connections stayed in use for {} ms", config_.max_connections,
                  config_.acquire_timeout.count());
    }
    if (!fresh && !idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    if (open_ == config_.max_connections) {  // fresh, and others came back meanwhile
      stale.push_back(std::move(idle_.back()));
      idle_.pop_back();
    } else {
      ++open_;
      open_gauge_.Increment();
    }
  }
  auto connection = Open(deadline);
  if (!connection) Release(nullptr);
  return connection;
}

Result<std::unique_ptr<internal::Connection>> Database::Pool::Open(Deadline deadline) {
  if (!options_)
    return std::unexpected(Error{ErrorCode::kUnavailable, options_.error().reason, options_.error().message});
  return internal::Connection::Open(*options_,
                                    std::min(deadline, std::chrono::steady_clock::now() + config_.connect_timeout));
}

void Database::Pool::Release(std::unique_ptr<internal::Connection> connection) {
  if (connection != nullptr && !connection->reusable()) connection.reset();
  {
    const std::lock_guard lock(mutex_);
    if (connection != nullptr) {
      idle_.push_back(std::move(connection));
    } else {
      CountClosed(1);
    }
  }
  freed_.notify_one();
}

void Database::Pool::CountClosed(std::size_t count) {
  open_ -= count;
  open_gauge_.Decrement(static_cast<double>(count));
}

prometheus::Histogram& Database::Pool::QuerySeconds(std::string_view statement) {
  {
    const std::shared_lock lock(histograms_mutex_);
    if (const auto found = histograms_.find(statement); found != histograms_.end()) return *found->second;
  }
  auto& histogram = metrics_.Histogram("helios_pg_query_seconds", "Time from sending a query to its answer.",
                                       obs::kLatencyBounds, {{"statement", std::string(statement)}});
  const std::unique_lock lock(histograms_mutex_);
  histograms_.emplace(statement, &histogram);
  return histogram;
}

}  // namespace helios::pg
