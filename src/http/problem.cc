// SPDX-License-Identifier: Apache-2.0
#include "http/problem.h"

#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "http/internal/json_writer.h"

namespace helios::http {
namespace {

/// Of a path, in a message.
constexpr std::size_t kShownBytes = 256;

}  // namespace

Status StatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return 400;
    case ErrorCode::kUnauthenticated: return 401;
    case ErrorCode::kPermissionDenied: return 403;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kConflict: return 409;
    case ErrorCode::kFailedPrecondition: return 422;
    case ErrorCode::kQuotaExceeded: return 429;
    case ErrorCode::kUnavailable: return 503;
    case ErrorCode::kDeadlineExceeded: return 504;
    case ErrorCode::kTooLarge: return 413;
    case ErrorCode::kUnsupportedType: return 415;
    case ErrorCode::kDataCorruption:
    case ErrorCode::kInternal: return 500;
  }
  return 500;
}

std::string_view StatusText(Status status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

Response Problem(Status status, std::string_view code, std::string_view detail, std::string_view request_id,
                 const boost::json::object& extensions) {
  boost::json::object body{{"type", "about:blank"}, {"title", StatusText(status)}, {"status", status}, {"code", code},
                           {"detail", detail},      {"request_id", request_id}};
  for (const auto& member : extensions) body[member.key()] = member.value();
  std::string text;
  internal::AppendJson(text, body);  // a detail may quote a client's bytes, which need not be UTF-8
  Response response = Text(status, std::move(text), "application/problem+json");
  if (status == 503) response.headers.Set("Retry-After", "1");
  return response;
}

Response Problem(const Error& error, std::string_view request_id, const boost::json::object& extensions) {
  const Status status = StatusOf(error.code);
  if (status == 500) {
    return Problem(status, error.reason, "something went wrong on our side; tell support the request_id", request_id,
                   extensions);
  }
  return Problem(status, error.reason, error.message, request_id, extensions);
}

Response NoSuchRoute(const Request& request, std::string_view hint) {
  return Problem(404, "http.no_such_route",
                 fmt::format("cannot find {} here; {}", request.path.substr(0, kShownBytes), hint), request.request_id);
}

Response MethodNotAllowed(const Request& request, std::span<const Method> allowed) {
  std::vector<std::string_view> names;
  names.reserve(allowed.size());
  for (const Method method : allowed) names.push_back(MethodName(method));
  const std::string list = fmt::format("{}", fmt::join(names, ", "));
  Response response = Problem(
      405, "http.method_not_allowed",
      fmt::format("cannot {} {}; want {}", MethodName(request.method), request.path.substr(0, kShownBytes), list),
      request.request_id);
  response.headers.Set("Allow", list);
  return response;
}

}  // namespace helios::http
