// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace helios::config {

/// Looks an environment variable up; std::getenv in a program, a map in tests.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

/// The process's own environment.
[[nodiscard]] std::optional<std::string> ProcessEnvironment(const std::string& name);

/// Reads typed settings out of a TOML file, each of which an environment variable may override:
/// "http.threads" is HELIOS_HTTP_THREADS.
///
/// Each key asked for is a key known. Errors are collected: Finish() returns the first one, or complains
/// about a key of the file that was never asked for, naming the nearest known one.
class Reader {
 public:
  /// An empty path is an empty file.
  /// Errors: kNotFound file.not_found; kInvalidArgument config.bad_toml, naming line and column.
  [[nodiscard]] static Result<Reader> Open(const std::filesystem::path& file,
                                           Environment environment = ProcessEnvironment);

  [[nodiscard]] std::optional<std::string> String(const std::string& key);
  [[nodiscard]] std::optional<std::int64_t> Integer(const std::string& key, std::int64_t minimum, std::int64_t maximum);
  [[nodiscard]] std::optional<bool> Bool(const std::string& key);
  /// A list of strings; in the environment separated by commas.
  [[nodiscard]] std::optional<std::vector<std::string>> Strings(const std::string& key);

  /// Errors: kInvalidArgument config.bad_value, config.unknown_key.
  [[nodiscard]] Result<void> Finish();

 private:
  using Value = std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>>;

  Reader(std::map<std::string, Value> values, std::string file, Environment environment)
      : values_(std::move(values)), file_(std::move(file)), environment_(std::move(environment)) {}

  /// The variable's text where it is set; remembers the key as known.
  [[nodiscard]] std::optional<std::string> Overridden(const std::string& key);
  void Complain(const std::string& key, std::string_view got, std::string_view want);

  std::map<std::string, Value> values_;  ///< by dotted key
  std::string file_;
  Environment environment_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace helios::config
