// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "pg/internal/sqlstate.h"
#include "pg/statement.h"
#include "pg/value.h"

namespace helios::pg::internal {

using SteadyTime = std::chrono::steady_clock::time_point;

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultDeleter>;

/// What a connection is opened with, parsed once.
class ConnectOptions {
 public:
  /// `url` is a libpq connection string or URI; `settings` are session settings such as "TimeZone=UTC", added to
  /// those in the url's `options`. Errors: kInvalidArgument pg.bad_url, which never quotes the url.
  static Result<ConnectOptions> Parse(const std::string& url, std::span<const std::string> settings);

  [[nodiscard]] std::vector<const char*> Keywords() const;
  [[nodiscard]] std::vector<const char*> Values() const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

/// What came of waiting for a NOTIFY.
enum class Heard : std::uint8_t { kSomething, kNothing, kLost };

/// One session with the server, in pipeline mode: statements are queued and travel together at Run(). Statements are
/// prepared on first use, in the same flight. Not thread-safe.
class Connection {
 public:
  /// Errors: kUnavailable pg.unavailable, with libpq's words (which hold no password).
  static Result<std::unique_ptr<Connection>> Open(const ConnectOptions& options, SteadyTime deadline);

  /// Errors: kInvalidArgument pg.bad_text for a text with a NUL character, which PostgreSQL cannot hold.
  static Result<void> CheckText(const Statement& statement, std::span<const Param> params);

  /// Requires CheckText(). Errors: kInternal pg.query_failed for a name that is too long.
  Result<void> Queue(const Statement& statement, std::span<const Param> params);

  /// Sends what was queued and waits for all answers; one round trip. Gives the last statement's result, or the first
  /// failure. When `deadline` passes the connection is of no more use.
  std::expected<ResultPtr, QueryFailure> Run(SteadyTime deadline);

  /// Waits for a NOTIFY on a channel that this session listens to; not while something is queued. kNothing at
  /// `deadline`, or when `stop_descriptor` becomes readable; kLost when the connection is of no more use.
  Heard AwaitNotification(int stop_descriptor, SteadyTime deadline);

  /// Whether it is of any more use at all.
  [[nodiscard]] bool alive() const { return !broken_ && PQstatus(connection_.get()) == CONNECTION_OK; }

  /// Whether another transaction may use it: it works, and no transaction is open.
  [[nodiscard]] bool reusable() const;

 private:
  struct Entry {
    std::string_view name;
    bool prepares;
  };

  struct Finisher {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };

  explicit Connection(PGconn* connection) : connection_(connection) {}

  [[nodiscard]] QueryFailure Lost(std::string_view name);
  /// Whether an answer is ready; otherwise a failure.
  std::expected<void, QueryFailure> AwaitAnswer(std::string_view name, SteadyTime deadline);
  std::expected<ResultPtr, QueryFailure> NextResult(std::string_view name, SteadyTime deadline);

  std::unique_ptr<PGconn, Finisher> connection_;
  std::unordered_set<std::string_view> prepared_;
  std::vector<Entry> queued_;
  bool broken_ = false;
};

}  // namespace helios::pg::internal
