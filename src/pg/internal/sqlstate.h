// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <libpq-fe.h>

#include <string_view>

#include "base/result.h"

namespace helios::pg::internal {

/// What a failed query became. `lost` says that the server went away, or is about to: the connection is of no more
/// use, and nothing uncommitted has survived.
struct QueryFailure {
  Error error;
  bool lost = false;
};

/// The failure of the query `name`. The server's own words, which may quote SQL and values, are logged and kept out
/// of the error's message.
QueryFailure ToFailure(std::string_view name, const PGresult& result);

/// The failure of the query `name` whose connection broke or that a client-side deadline ended.
QueryFailure ConnectionLost(std::string_view name, std::string_view cause);
QueryFailure TimedOut(std::string_view name);

}  // namespace helios::pg::internal
