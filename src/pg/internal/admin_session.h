// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pg/internal/connection.h"

namespace helios::pg::internal {

/// A plain blocking session for whoever sets a database up: migrations and the private cluster. Its errors quote the
/// server, for an operator reads them.
class AdminSession {
 public:
  /// Errors: kInvalidArgument pg.bad_url; kUnavailable pg.unavailable.
  static Result<AdminSession> Open(const std::string& url);

  /// Runs `sql`, one statement or several; gives the last one's result.
  /// Errors: kUnavailable pg.unavailable when the connection broke; kInternal pg.query_failed.
  Result<ResultPtr> Run(const std::string& sql);

  /// Runs one statement with text parameters.
  Result<ResultPtr> Run(const std::string& sql, std::initializer_list<std::string_view> params);

  /// The first column of the first row, or "" where there is no row.
  Result<std::string> Value(const std::string& sql, std::initializer_list<std::string_view> params = {});

 private:
  struct Finisher {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  explicit AdminSession(PGconn* connection) : connection_(connection) {}
  Result<ResultPtr> Check(PGresult* raw);

  std::unique_ptr<PGconn, Finisher> connection_;
};

}  // namespace helios::pg::internal
