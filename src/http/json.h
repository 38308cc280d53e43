// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/response.h"

namespace helios::http {

inline constexpr std::size_t kMaxJsonBytes = 4U << 20U;
inline constexpr std::size_t kMaxJsonDepth = 32;

/// Parses strict JSON (UTF-8, no duplicates of a name within an object kept: the last wins).
/// Errors: kInvalidArgument http.bad_json, naming the byte where it stopped making sense.
[[nodiscard]] Result<boost::json::value> ParseJson(std::string_view text, std::size_t max_depth = kMaxJsonDepth);

/// The request's body as a JSON object: decoded, at most kMaxJsonBytes, application/json (or no type).
/// Errors: kUnsupportedType http.unsupported_type; kTooLarge; kInvalidArgument http.bad_json.
[[nodiscard]] Result<boost::json::object> JsonBody(const Request& request);

/// Reads an object field by field; each name asked for is a name allowed.
///
/// Errors are collected: the first one wins, and Finish() returns it, or complains about a field that
/// was never asked for (kInvalidArgument http.unknown_field, naming the nearest known one). Wrong types
/// give kInvalidArgument http.bad_field. `where` prefixes names in messages: "owner." gives "owner.email".
class ObjectReader {
 public:
  explicit ObjectReader(const boost::json::object& object, std::string where = {});

  /// Required ones: absent or null is an error, and a default value comes back.
  std::string String(std::string_view name, std::size_t max_bytes = 2048);
  double Number(std::string_view name);
  TimestampMs Time(std::string_view name);  ///< RFC 3339 text or unix milliseconds
  const boost::json::object& Object(std::string_view name);
  const boost::json::array& Array(std::string_view name);

  /// Optional ones: absent or null gives nullopt.
  std::optional<std::string> OptionalString(std::string_view name, std::size_t max_bytes = 2048);
  std::optional<double> OptionalNumber(std::string_view name);
  std::optional<std::int64_t> OptionalInteger(std::string_view name, std::int64_t minimum, std::int64_t maximum);
  std::optional<bool> OptionalBool(std::string_view name);
  std::optional<TimestampMs> OptionalTime(std::string_view name);
  const boost::json::object* OptionalObject(std::string_view name);
  const boost::json::array* OptionalArray(std::string_view name);
  std::optional<std::vector<std::string>> OptionalStrings(std::string_view name, std::size_t max_items = 1000,
                                                          std::size_t max_bytes = 2048);

  /// An object whose values are strings, such as labels; absent or null gives none.
  std::vector<std::pair<std::string, std::string>> OptionalStringMap(std::string_view name, std::size_t max_items = 100,
                                                                     std::size_t max_bytes = 2048);

  /// Records a failure of the caller's own about a field, such as a value out of range.
  void Reject(std::string_view name, std::string_view got, std::string_view want);

  /// The first error, or one about an unknown field, or success.
  [[nodiscard]] Result<void> Finish();

 private:
  const boost::json::value* Find(std::string_view name);
  const boost::json::value* Require(std::string_view name, std::string_view want);

  const boost::json::object& object_;
  std::string where_;
  std::vector<std::string_view> known_;
  std::optional<Error> error_;
};

/// "a string", "a number", "an object"…: what came, for messages.
[[nodiscard]] std::string_view KindName(const boost::json::value& value);

/// Compact JSON text. Doubles are shortest round-trip; NaN and infinities, which JSON lacks, become null.
[[nodiscard]] std::string JsonBytes(const boost::json::value& value);

/// JsonBytes() as application/json.
[[nodiscard]] Response Json(Status status, const boost::json::value& value);

}  // namespace helios::http
