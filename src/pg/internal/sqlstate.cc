// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/internal/sqlstate.h"

#include "obs/log.h"

namespace helios::pg::internal {
namespace {

std::string_view FieldOf(const PGresult& result, int field) {
  const char* text = PQresultErrorField(&result, field);
  return text == nullptr ? std::string_view{} : std::string_view{text};
}

Error MakeError(ErrorCode code, std::string_view reason, std::string_view name, std::string_view cause) {
  return Error{code, reason, fmt::format("cannot run {}: {}", name, cause)};
}

// Classes and codes: PostgreSQL 15 documentation, appendix A.
bool IsServerAway(std::string_view state) {
  return state.starts_with("08") ||   // connection exception
         state.starts_with("53") ||   // out of connections, memory or disk
         state.starts_with("57P") ||  // shut down, crashed, starting up
         state == "25006" ||          // read-only: a standby that was primary a moment ago
         state == "58030";            // input/output error
}

// Whether the session is over, rather than only the transaction.
bool IsSessionOver(std::string_view state) {
  return state.starts_with("08") || state.starts_with("57P");
}

Error Translate(std::string_view name, std::string_view state, std::string_view constraint) {
  if (state == "23505") {
    return MakeError(ErrorCode::kConflict, "pg.unique_violation", name,
                     fmt::format("unique constraint {} is violated", constraint));
  }
  if (state == "40001" || state == "40P01") {
    return MakeError(ErrorCode::kConflict, "pg.serialization_failure", name, "a concurrent transaction was in the way");
  }
  if (state == "23503") {
    return MakeError(ErrorCode::kFailedPrecondition, "pg.foreign_key_violation", name,
                     fmt::format("foreign key {} is violated", constraint));
  }
  if (state == "23514") {
    return MakeError(ErrorCode::kFailedPrecondition, "pg.check_violation", name,
                     fmt::format("check {} is violated", constraint));
  }
  if (state == "22001") {
    return MakeError(ErrorCode::kInvalidArgument, "pg.value_too_long", name, "a text is longer than its column");
  }
  if (state == "22021" || state == "22P05") {
    return MakeError(ErrorCode::kInvalidArgument, "pg.bad_text", name, "a text is not valid UTF-8");
  }
  if (state == "57014" || state == "55P03") {
    return MakeError(ErrorCode::kDeadlineExceeded, "pg.statement_timeout", name, "it took too long");
  }
  if (IsServerAway(state)) {
    return MakeError(ErrorCode::kUnavailable, "pg.unavailable", name, "the database is away");
  }
  return MakeError(ErrorCode::kInternal, "pg.query_failed", name, fmt::format("SQLSTATE {}", state));
}

}  // namespace

QueryFailure ToFailure(std::string_view name, const PGresult& result) {
  const std::string_view state = FieldOf(result, PG_DIAG_SQLSTATE);
  const std::string_view primary = FieldOf(result, PG_DIAG_MESSAGE_PRIMARY);
  // libpq makes results of its own, without a SQLSTATE, when a connection breaks.
  if (state.empty()) return ConnectionLost(name, PQresultErrorMessage(&result));

  QueryFailure failure{Translate(name, state, FieldOf(result, PG_DIAG_CONSTRAINT_NAME)), IsSessionOver(state)};
  if (failure.error.code == ErrorCode::kInternal) {
    obs::LogError("pg.query_failed", {{"statement", name}, {"sqlstate", state}, {"cause", primary}});
  } else {
    obs::LogDebug("pg.query_refused", {{"statement", name}, {"sqlstate", state}, {"cause", primary}});
  }
  return failure;
}

QueryFailure ConnectionLost(std::string_view name, std::string_view cause) {
  obs::LogWarning("pg.connection_lost", {{"statement", name}, {"cause", cause}});
  return {MakeError(ErrorCode::kUnavailable, "pg.unavailable", name, "the connection to the database broke"), true};
}

QueryFailure TimedOut(std::string_view name) {
  return {MakeError(ErrorCode::kDeadlineExceeded, "pg.statement_timeout", name, "it took too long"), true};
}

}  // namespace helios::pg::internal
