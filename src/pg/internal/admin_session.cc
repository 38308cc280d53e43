// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/internal/admin_session.h"

#include <array>

namespace helios::pg::internal {
namespace {

std::string Trimmed(const char* text) {
  std::string_view all = text == nullptr ? "" : text;
  while (all.ends_with('\n')) all.remove_suffix(1);
  return std::string(all);
}

}  // namespace

Result<AdminSession> AdminSession::Open(const std::string& url) {
  static const std::array<std::string, 4> kSettings = {"TimeZone=UTC", "DateStyle=ISO", "client_min_messages=warning",
                                                       "statement_timeout=0"};
  HELIOS_TRY(const auto options, ConnectOptions::Parse(url, kSettings));
  AdminSession session(PQconnectdbParams(options.Keywords().data(), options.Values().data(), /*expand_dbname=*/0));
  if (PQstatus(session.connection_.get()) != CONNECTION_OK) {
    return Fail(ErrorCode::kUnavailable, "pg.unavailable", "cannot connect to the database: {}",
                Trimmed(PQerrorMessage(session.connection_.get())));
  }
  PQsetNoticeProcessor(session.connection_.get(), [](void*, const char*) {}, nullptr);
  return session;
}

Result<ResultPtr> AdminSession::Check(PGresult* raw) {
  ResultPtr result(raw);
  const ExecStatusType status = PQresultStatus(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return result;
  const std::string cause = Trimmed(PQerrorMessage(connection_.get()));
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    return Fail(ErrorCode::kUnavailable, "pg.unavailable", "cannot query the database: {}", cause);
  }
  return Fail(ErrorCode::kInternal, "pg.query_failed", "{}", cause);
}

Result<ResultPtr> AdminSession::Run(const std::string& sql) {
  return Check(PQexec(connection_.get(), sql.c_str()));
}

Result<ResultPtr> AdminSession::Run(const std::string& sql, std::initializer_list<std::string_view> params) {
  const std::vector<std::string> owned(params.begin(), params.end());
  std::vector<const char*> values;
  for (const std::string& value : owned) values.push_back(value.c_str());
  return Check(PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                            nullptr, nullptr, /*resultFormat=*/0));
}

Result<std::string> AdminSession::Value(const std::string& sql, std::initializer_list<std::string_view> params) {
  HELIOS_TRY(const ResultPtr result, Run(sql, params));
  if (PQntuples(result.get()) == 0) return std::string();
  return std::string(PQgetvalue(result.get(), 0, 0));
}

}  // namespace helios::pg::internal
