// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/uuid.h"
#include "obs/metrics.h"
#include "pg/rows.h"
#include "pg/statement.h"
#include "pg/value.h"

namespace helios::pg {

using Deadline = std::chrono::steady_clock::time_point;
inline constexpr Deadline kNoDeadline = Deadline::max();

/// A transaction in progress. Rolls back when it goes out of scope uncommitted. Not thread-safe. Must not outlive its
/// Database.
///
/// BEGIN travels together with the first statement: one statement and Commit() are two round trips, and a connection
/// that died while it lay idle is replaced without the caller noticing.
///
/// Errors of Execute and Commit:
///   kConflict      pg.unique_violation (message names the constraint), pg.serialization_failure
///   kFailedPrecondition  pg.foreign_key_violation, pg.check_violation (the message names the constraint)
///   kInvalidArgument     pg.value_too_long; pg.bad_text: a NUL character or invalid UTF-8
///   kUnavailable   pg.unavailable: the server is away, or stopping; the connection is dropped. From Commit: it may
///                  or may not have happened
///   kDeadlineExceeded  pg.statement_timeout: statement_timeout or the transaction's deadline passed
///   kInternal      pg.query_failed: a bug between SQL and code
/// After an error only the destructor makes sense. Messages never hold SQL or values.
class Transaction {
 public:
  struct State;
  explicit Transaction(std::unique_ptr<State> state);
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();

  [[nodiscard]] Result<Rows> Execute(const Statement& statement, std::initializer_list<Param> params = {});
  [[nodiscard]] Result<void> Commit();

 protected:
  std::unique_ptr<State> state_;
};

/// The one way to a tenant's rows: app.current_tenant is set for exactly this transaction, so that
/// row-level security shows this tenant's rows and no others.
class TenantTransaction : public Transaction {
 public:
  TenantTransaction(std::unique_ptr<State> state, TenantId tenant);
  [[nodiscard]] TenantId tenant() const { return tenant_; }

 private:
  TenantId tenant_;
};

struct DatabaseConfig {
  std::string url;  ///< of the login helios_app: a libpq connection string or URI
  std::size_t max_connections = 16;
  std::chrono::milliseconds statement_timeout{5'000};
  std::chrono::milliseconds acquire_timeout{2'000};  ///< longest wait for a free connection
  std::chrono::milliseconds connect_timeout{3'000};
};

/// The control database, through a pool of connections that are opened when needed. Statements are
/// prepared once a connection. Thread-safe. A lost server is found again by itself.
class Database {
 public:
  /// Connects lazily: succeeds also while the server is away.
  Database(DatabaseConfig config, obs::Metrics& metrics);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// `deadline` holds for the whole transaction.
  /// Errors: kUnavailable pg.unavailable, pg.pool_exhausted, pg.bad_url; kDeadlineExceeded pg.acquire_timeout.
  [[nodiscard]] Result<TenantTransaction> Begin(TenantId tenant, Deadline deadline = kNoDeadline);

  /// A transaction that sees no tenant's rows: for looking up credentials through functions, and for
  /// tables without org_id.
  [[nodiscard]] Result<Transaction> BeginWithoutTenant(Deadline deadline = kNoDeadline);

  /// Whether a connection can be had and answers, within a second.
  [[nodiscard]] Result<void> Ping();

  struct Pool;

 private:
  std::unique_ptr<Pool> pool_;
};

}  // namespace helios::pg
