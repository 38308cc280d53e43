// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace helios::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

std::string_view MethodName(Method method);

/// Header fields in the order they came. Names compare without case.
class Headers {
 public:
  void Add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// Replaces every field of that name.
  void Set(std::string_view name, std::string value);
  /// The first field of that name, or nullopt.
  [[nodiscard]] std::optional<std::string_view> Find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// A complete request: the server hands it over once the body has arrived.
struct Request {
  Method method = Method::kGet;
  std::string target;                                                ///< as sent, such as "/api/v1/series?metric=cpu"
  std::string path;                                                  ///< decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;            ///< decoded, in order
  std::vector<std::pair<std::string, std::string>> path_parameters;  ///< set by the router: {"id", "…"}
  Headers headers;
  std::string body;        ///< as sent; DecodedBody() undoes Content-Encoding
  std::string peer;        ///< the connection's address, without the port
  std::string request_id;  ///< made by the server, or taken from a valid X-Request-Id
  bool secure = false;     ///< came over TLS
  std::chrono::steady_clock::time_point received_at;

  [[nodiscard]] std::optional<std::string_view> Query(std::string_view name) const;
  /// Value of a path parameter that the route's pattern names.
  [[nodiscard]] std::string_view PathParameter(std::string_view name) const;
  /// The media type of Content-Type in lower case, without parameters; "" where absent.
  [[nodiscard]] std::string ContentType() const;

  /// The body with gzip or deflate undone (Content-Encoding; none or identity: the body as it is).
  /// Errors: kTooLarge http.body_too_large above `max_bytes`, found while inflating; kInvalidArgument
  /// http.bad_encoding; kUnsupportedType http.unsupported_encoding for any other coding.
  [[nodiscard]] Result<std::string> DecodedBody(std::size_t max_bytes) const;
};

/// Splits a target into its decoded path and query.
/// Errors: kInvalidArgument http.bad_target for a broken escape, a NUL, invalid UTF-8 or an escaped '/' in the path.
[[nodiscard]] Result<void> ParseTarget(std::string_view target, Request& request);

}  // namespace helios::http
