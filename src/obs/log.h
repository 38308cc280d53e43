// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace helios::obs {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

/// "debug", "info", "warning" or "error"; anything else: kInvalidArgument obs.bad_log_level.
[[nodiscard]] Result<LogLevel> ParseLogLevel(std::string_view name);

/// One field of a log line. Borrows its text: build it inside the call.
struct Field {
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  Field(std::string_view field_key, std::string_view text) : key(field_key), value(text) {}
  Field(std::string_view field_key, const std::string& text) : key(field_key), value(std::string_view(text)) {}
  Field(std::string_view field_key, const char* text) : key(field_key), value(std::string_view(text)) {}
  Field(std::string_view field_key, bool flag) : key(field_key), value(flag) {}
  Field(std::string_view field_key, std::floating_point auto number)
      : key(field_key), value(static_cast<double>(number)) {}
  Field(std::string_view field_key, std::signed_integral auto number)
      : key(field_key), value(static_cast<std::int64_t>(number)) {}
  Field(std::string_view field_key, std::unsigned_integral auto number)
      : key(field_key), value(static_cast<std::uint64_t>(number)) {}

  std::string_view key;
  Value value;
};

/// Lines below `level` are dropped from here on. Thread-safe; the level at start is info.
void SetLogLevel(LogLevel level);

/// Writes one line of JSON to standard error: time, level, event, then the fields in their order.
///
/// `event` is a stable dotted name, such as "http.request" or "tsdb.opened". Thread-safe. Lines below
/// warning may wait in memory for up to a second; FlushLogs() writes them at once.
/// Never put a key, a password or a cookie into a field.
void Log(LogLevel level, std::string_view event, std::initializer_list<Field> fields = {});

inline void LogDebug(std::string_view event, std::initializer_list<Field> fields = {}) {
  Log(LogLevel::kDebug, event, fields);
}
inline void LogInfo(std::string_view event, std::initializer_list<Field> fields = {}) {
  Log(LogLevel::kInfo, event, fields);
}
inline void LogWarning(std::string_view event, std::initializer_list<Field> fields = {}) {
  Log(LogLevel::kWarning, event, fields);
}
inline void LogError(std::string_view event, std::initializer_list<Field> fields = {}) {
  Log(LogLevel::kError, event, fields);
}

/// Logs an Error with its code, reason and message beside `fields`.
void LogFailure(std::string_view event, const Error& error, std::initializer_list<Field> fields = {});

void FlushLogs();

/// `text` as a JSON string without its quotes; invalid UTF-8 becomes U+FFFD.
void AppendJsonEscaped(std::string& out, std::string_view text);

}  // namespace helios::obs
