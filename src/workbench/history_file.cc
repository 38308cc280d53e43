// SPDX-License-Identifier: Apache-2.0
#include "workbench/history_file.h"

#include <boost/json/parse.hpp>
#include <limits>
#include <optional>

#include "base/file.h"
#include "workbench/csv_series.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMostUnixMs = 253'402'300'799'999;  // the end of the year 9999

std::optional<TimestampMs> ReadTime(const json::value& value) {
  if (value.is_int64()) {
    const auto ms = value.get_int64();
    return ms >= -kMostUnixMs && ms <= kMostUnixMs ? std::optional(FromUnixMs(ms)) : std::nullopt;
  }
  if (!value.is_string()) return std::nullopt;
  const auto time = ParseRfc3339(std::string_view(value.get_string()));
  return time ? std::optional(*time) : std::nullopt;
}

std::optional<double> ReadValue(const json::value& value) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  return value.is_number() ? std::optional(value.to_number<double>()) : std::nullopt;
}

std::optional<ml::Sample> ReadSample(const json::value& value) {
  const auto* object = value.if_object();
  const auto* time = object == nullptr ? nullptr : object->if_contains("timestamp");
  const auto* number = object == nullptr ? nullptr : object->if_contains("value");
  if (time == nullptr || number == nullptr) return std::nullopt;
  const auto at = ReadTime(*time);
  const auto read = ReadValue(*number);
  if (!at || !read) return std::nullopt;
  return ml::Sample{*at, *read};
}

}  // namespace

Result<std::vector<ml::Sample>> ParseJsonHistory(std::string_view text, std::string_view name) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  const auto* object = parsed.if_object();
  const json::value* history = object == nullptr ? &parsed : object->if_contains("history");
  const auto* list = error || history == nullptr ? nullptr : history->if_array();
  if (list == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_history",
                "cannot read {}: {}; want [{{\"timestamp\", \"value\"}}, …] or {{\"history\": […]}}", name,
                error ? error.message() : "it holds no history");
  }
  std::vector<ml::Sample> samples;
  samples.reserve(list->size());
  for (const auto& value : *list) {
    const auto sample = ReadSample(value);
    if (!sample) {
      return Fail(
          ErrorCode::kInvalidArgument, "workbench.bad_history",
          "cannot read {}: sample {} is no {{\"timestamp\", \"value\"}}; want RFC 3339 or unix milliseconds, and "
          "a number or null",
          name, samples.size() + 1);
    }
    samples.push_back(*sample);
  }
  return samples;
}

Result<std::vector<ml::Sample>> ReadHistory(const std::filesystem::path& path) {
  HELIOS_TRY(const std::string text, ReadFile(path));
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && (text[first] == '[' || text[first] == '{');
  return json ? ParseJsonHistory(text, path.string()) : ParseCsvSeries(text, path.string());
}

}  // namespace helios::workbench
