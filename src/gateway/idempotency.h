// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>

#include "http/request.h"
#include "http/response.h"
#include "pg/database.h"
#include "tenancy/request_context.h"
#include "tenancy/route.h"

namespace helios::gateway {

/// Runs `handle` unless the request's Idempotency-Key was answered before within a day: then the first
/// answer is given again, marked "Idempotency-Replayed: true". A request without the header just runs.
///
/// An answer of 500 and above, and one that says to send it again, is forgotten, so that a retry runs. A first request
/// that never finished (a crash) stands in the way for a minute.
///
/// Errors: kInvalidArgument idempotency.bad_key; kFailedPrecondition idempotency.key_reused (another request had this
/// key); kConflict idempotency.in_flight, idempotency.secret_shown.
[[nodiscard]] Result<http::Response> RunOnce(pg::Database& database, const tenancy::Route& route,
                                             const http::Request& request, const tenancy::RequestContext& context,
                                             const std::function<Result<http::Response>()>& handle);

}  // namespace helios::gateway
