// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include <span>
#include <string_view>

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

namespace helios::http {

/// The HTTP status of an error: DESIGN §3 rule 15, and nowhere else.
[[nodiscard]] Status StatusOf(ErrorCode code);

/// "Bad Request", "Not Found", … of any status this server sends.
[[nodiscard]] std::string_view StatusText(Status status);

/// The error as application/problem+json (RFC 9457), with its stable code and the request's id.
/// Errors of our own side (kInternal, kDataCorruption) keep their words to the log: the client is told
/// that it was us, and the id to ask about. 503 carries Retry-After.
[[nodiscard]] Response Problem(const Error& error, std::string_view request_id,
                               const boost::json::object& extensions = {});

/// A problem of a status that no ErrorCode stands for, such as 405 or 408.
[[nodiscard]] Response Problem(Status status, std::string_view code, std::string_view detail,
                               std::string_view request_id, const boost::json::object& extensions = {});

/// 404 http.no_such_route; `hint` says where to find what there is.
[[nodiscard]] Response NoSuchRoute(const Request& request, std::string_view hint);

/// 405 http.method_not_allowed, with the header Allow.
[[nodiscard]] Response MethodNotAllowed(const Request& request, std::span<const Method> allowed);

}  // namespace helios::http
