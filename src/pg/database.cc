// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/database.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "obs/log.h"
#include "pg/internal/pool.h"
#include "pg/internal/rows_state.h"

namespace helios::pg {
namespace {

constexpr Statement kBegin{"pg.begin", "BEGIN"};
constexpr Statement kSetTenant{"pg.set_tenant", "SELECT set_config('app.current_tenant', $1, true)"};
constexpr Statement kCommit{"pg.commit", "COMMIT"};
constexpr Statement kRollback{"pg.rollback", "ROLLBACK"};
constexpr Statement kPing{"pg.ping", "SELECT 1"};

// The server ends a statement at statement_timeout and says so; only a server that does not answer at all, such as one
// behind a dead network, is given up on, this much later.
constexpr std::chrono::seconds kGrace{1};

constexpr std::chrono::seconds kRollbackTimeout{1};

}  // namespace

/// BEGIN and the tenant are not sent on their own: they travel in front of the first statement, so that a transaction
/// of one query costs two round trips, one for all of these and one for COMMIT. If the connection turns out to be dead
/// on that first flight, nothing can have been committed, and it is sent once more on a new connection.
struct Transaction::State {
  enum class Phase : std::uint8_t { kNotBegun, kOpen, kFailed, kDone };

  Database::Pool& pool;
  std::unique_ptr<internal::Connection> connection;
  std::optional<TenantId> tenant;
  Deadline deadline;
  Phase phase = Phase::kNotBegun;

  State(Database::Pool& from, std::unique_ptr<internal::Connection> taken, std::optional<TenantId> whose,
        Deadline until)
      : pool(from), connection(std::move(taken)), tenant(whose), deadline(until) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() {
    if (phase == Phase::kOpen || phase == Phase::kFailed) RollBack();
    if (connection != nullptr) pool.Release(std::move(connection));
  }

  // Connections that cannot be rolled back are closed by Release(), and the server rolls back then.
  void RollBack() {
    if (connection == nullptr || !connection->alive() || !connection->Queue(kRollback, {})) return;
    (void)connection->Run(std::chrono::steady_clock::now() + kRollbackTimeout);
  }

  [[nodiscard]] Deadline StatementDeadline() const {
    return std::min(deadline, std::chrono::steady_clock::now() + pool.config().statement_timeout + kGrace);
  }

  Result<void> QueueBegin() {
    HELIOS_CHECK(connection->Queue(kBegin, {}));
    if (!tenant) return {};
    const std::array<Param, 1> params{Param(*tenant)};
    return connection->Queue(kSetTenant, params);
  }

  // Sends `statement`, behind BEGIN where that is due.
  Result<internal::ResultPtr> Send(const Statement& statement, std::span<const Param> params) {
    HELIOS_CHECK(internal::Connection::CheckText(statement, params));
    const bool first = phase == Phase::kNotBegun;
    for (bool retried = false;; retried = true) {
      if (first) HELIOS_CHECK(QueueBegin());
      HELIOS_CHECK(connection->Queue(statement, params));
      phase = Phase::kOpen;
      auto result = connection->Run(StatementDeadline());
      if (result) return *std::move(result);

      const internal::QueryFailure failure = std::move(result).error();
      // A broken session is found on first use; one that did not answer in time is not asked again.
      if (!failure.lost || !first || retried || failure.error.code != ErrorCode::kUnavailable) {
        return std::unexpected(failure.error);
      }
      pool.Release(std::move(connection));
      HELIOS_TRY(connection, pool.Acquire(deadline, /*fresh=*/true));
    }
  }
};

Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

TenantTransaction::TenantTransaction(std::unique_ptr<State> state, TenantId tenant)
    : Transaction(std::move(state)), tenant_(tenant) {}

Result<Rows> Transaction::Execute(const Statement& statement, std::initializer_list<Param> params) {
  if (state_->phase == State::Phase::kFailed || state_->phase == State::Phase::kDone) {
    return Fail(ErrorCode::kInternal, "pg.query_failed", "cannot run {}: its transaction is over", statement.name);
  }
  const auto start = std::chrono::steady_clock::now();
  auto result = state_->Send(statement, std::span(params.begin(), params.size()));
  if (!result) {
    state_->phase = State::Phase::kFailed;
    return std::unexpected(std::move(result).error());
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  state_->pool.QuerySeconds(statement.name).Observe(took.count());
  return Rows(std::make_shared<const Rows::State>(statement.name, *std::move(result)));
}

Result<void> Transaction::Commit() {
  if (state_->phase == State::Phase::kFailed || state_->phase == State::Phase::kDone) {
    return Fail(ErrorCode::kInternal, "pg.query_failed", "cannot commit: the transaction is over");
  }
  if (state_->phase == State::Phase::kNotBegun) {  // nothing was asked of the server
    state_->phase = State::Phase::kDone;
    return {};
  }
  auto result = state_->Send(kCommit, {});
  state_->phase = State::Phase::kFailed;
  if (!result) return std::unexpected(std::move(result).error());
  // COMMIT of a transaction that failed rolls back, and says so in its tag alone.
  if (std::string_view(PQcmdStatus(result->get())) != "COMMIT") {
    return Fail(ErrorCode::kInternal, "pg.query_failed", "cannot commit: the transaction had failed");
  }
  state_->phase = State::Phase::kDone;
  return {};
}

Database::Database(DatabaseConfig config, obs::Metrics& metrics)
    : pool_(std::make_unique<Pool>(std::move(config), metrics)) {}
Database::~Database() = default;

Result<TenantTransaction> Database::Begin(TenantId tenant, Deadline deadline) {
  HELIOS_TRY(auto connection, pool_->Acquire(deadline, /*fresh=*/false));
  return TenantTransaction(std::make_unique<Transaction::State>(*pool_, std::move(connection), tenant, deadline),
                           tenant);
}

Result<Transaction> Database::BeginWithoutTenant(Deadline deadline) {
  HELIOS_TRY(auto connection, pool_->Acquire(deadline, /*fresh=*/false));
  return Transaction(std::make_unique<Transaction::State>(*pool_, std::move(connection), std::nullopt, deadline));
}

Result<void> Database::Ping() {
  HELIOS_TRY(auto transaction, BeginWithoutTenant(std::chrono::steady_clock::now() + std::chrono::seconds(1)));
  HELIOS_TRY([[maybe_unused]] const Rows one, transaction.Execute(kPing));
  return transaction.Commit();
}

}  // namespace helios::pg
