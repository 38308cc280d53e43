// SPDX-License-Identifier: Apache-2.0
#include "config/reader.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include "base/file.h"
#include "base/nearest_name.h"

namespace helios::config {
namespace {

std::string VariableOf(const std::string& key) {
  std::string name = "HELIOS_";
  for (const char c : key) {
    name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

}  // namespace

std::optional<std::string> ProcessEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

Result<Reader> Reader::Open(const std::filesystem::path& file, Environment environment) {
  std::map<std::string, Value> values;
  if (file.empty()) return Reader(std::move(values), {}, std::move(environment));
  HELIOS_TRY(const std::string text, ReadFile(file));

  std::optional<std::string> odd_key;
  const std::function<void(const toml::table&, const std::string&)> flatten = [&](const toml::table& table,
                                                                                  const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const std::string key = prefix + std::string(name.str());
      if (const auto* inner = node.as_table()) {
        flatten(*inner, key + ".");
      } else if (const auto* text_value = node.as_string()) {
        values[key] = text_value->get();
      } else if (const auto* integer = node.as_integer()) {
        values[key] = integer->get();
      } else if (const auto* number = node.as_floating_point()) {
        values[key] = number->get();
      } else if (const auto* flag = node.as_boolean()) {
        values[key] = flag->get();
      } else if (const auto* array = node.as_array()) {
        std::vector<std::string> texts;
        for (const auto& item : *array) {
          if (const auto* item_text = item.as_string()) {
            texts.push_back(item_text->get());
          } else {
            odd_key = key;
          }
        }
        values[key] = std::move(texts);
      } else {
        odd_key = key;
      }
    }
  };
  try {
    flatten(toml::parse(text, file.string()), "");
  } catch (const toml::parse_error& error) {
    return Fail(ErrorCode::kInvalidArgument, "config.bad_toml", "cannot read {}: line {}, column {}: {}", file.string(),
                error.source().begin.line, error.source().begin.column, error.description());
  }
  Reader reader(std::move(values), file.string(), std::move(environment));
  if (odd_key)
    reader.Complain(*odd_key, "a value of another kind", "a string, a number, true, false or a list of strings");
  return reader;
}

std::optional<std::string> Reader::Overridden(const std::string& key) {
  known_.push_back(key);
  return environment_(VariableOf(key));
}

void Reader::Complain(const std::string& key, std::string_view got, std::string_view want) {
  if (error_) return;
  error_ = Error{ErrorCode::kInvalidArgument, "config.bad_value",
                 fmt::format("cannot use the setting {} (or {}): got {}; want {}", key, VariableOf(key), got, want)};
}

std::optional<std::string> Reader::String(const std::string& key) {
  if (auto text = Overridden(key)) return text;
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&found->second)) return *text;
  Complain(key, "another kind of value", "a string");
  return std::nullopt;
}

std::optional<std::int64_t> Reader::Integer(const std::string& key, std::int64_t minimum, std::int64_t maximum) {
  std::optional<std::int64_t> number;
  std::string got = "another kind of value";
  if (const auto text = Overridden(key)) {
    std::int64_t parsed = 0;
    const auto end = std::from_chars(text->data(), text->data() + text->size(), parsed);
    if (end.ec == std::errc{} && end.ptr == text->data() + text->size()) number = parsed;
    got = fmt::format("'{}'", *text);
  } else if (const auto found = values_.find(key); found != values_.end()) {
    if (const auto* value = std::get_if<std::int64_t>(&found->second)) number = *value;
    if (number) got = std::to_string(*number);
  } else {
    return std::nullopt;
  }
  if (number && *number >= minimum && *number <= maximum) return number;
  Complain(key, got, fmt::format("a whole number from {} to {}", minimum, maximum));
  return std::nullopt;
}

std::optional<bool> Reader::Bool(const std::string& key) {
  if (const auto text = Overridden(key)) {
    if (*text == "true" || *text == "1") return true;
    if (*text == "false" || *text == "0") return false;
    Complain(key, fmt::format("'{}'", *text), "true or false");
    return std::nullopt;
  }
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  if (const auto* flag = std::get_if<bool>(&found->second)) return *flag;
  Complain(key, "another kind of value", "true or false");
  return std::nullopt;
}

std::optional<std::vector<std::string>> Reader::Strings(const std::string& key) {
  if (const auto text = Overridden(key)) {
    std::vector<std::string> items;
    std::string_view rest = *text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      items.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return items;
  }
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  if (const auto* items = std::get_if<std::vector<std::string>>(&found->second)) return *items;
  Complain(key, "another kind of value", "a list of strings");
  return std::nullopt;
}

Result<void> Reader::Finish() {
  if (error_) return std::unexpected(*error_);
  const std::vector<std::string_view> names(known_.begin(), known_.end());
  for (const auto& [key, value] : values_) {
    if (std::ranges::find(names, key) != names.end()) continue;
    const std::string_view nearest = NearestName(key, names);
    if (nearest.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "config.unknown_key", "cannot use {}: there is no setting {}", file_,
                  key);
    }
    return Fail(ErrorCode::kInvalidArgument, "config.unknown_key",
                "cannot use {}: there is no setting {}; did you mean {}?", file_, key, nearest);
  }
  return {};
}

}  // namespace helios::config
