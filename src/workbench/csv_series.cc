// SPDX-License-Identifier: Apache-2.0
#include "workbench/csv_series.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/file.h"
#include "base/time.h"

namespace helios::workbench {
namespace {

constexpr std::string_view kHeader = "timestamp,value";
/// The year 9999: later times are a mistake of unit.
constexpr double kMostUnixSeconds = 253'402'300'799.0;

std::optional<double> ParseNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return std::numeric_limits<double>::quiet_NaN();
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<TimestampMs> ParseTime(std::string_view text) {
  if (const auto seconds = ParseNumber(text)) {
    if (!(std::abs(*seconds) <= kMostUnixSeconds)) return std::nullopt;
    return FromUnixMs(std::llround(*seconds * 1000.0));
  }
  const auto time = ParseRfc3339(text);
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

Result<std::vector<ml::Sample>> ParseCsvSeries(std::string_view text, std::string_view name) {
  std::vector<ml::Sample> samples;
  std::size_t number = 0;
  bool header = true;
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (header) {
      if (line != kHeader) {
        return Fail(ErrorCode::kInvalidArgument, "workbench.bad_csv",
                    "cannot read {}: line {} is not the header; got '{}'; want '{}'", name, number, line.substr(0, 80),
                    kHeader);
      }
      header = false;
      continue;
    }
    const auto comma = line.find(',');
    const auto time = ParseTime(line.substr(0, comma));
    const auto value = comma == std::string_view::npos ? std::nullopt
                       : comma + 1 == line.size()      ? std::optional(std::numeric_limits<double>::quiet_NaN())
                                                       : ParseNumber(line.substr(comma + 1));
    if (!time || !value) {
      return Fail(ErrorCode::kInvalidArgument, "workbench.bad_csv",
                  "cannot read {}: line {} has no {}; got '{}'; want unix seconds or RFC 3339, a comma and a number",
                  name, number, time ? "number" : "time", line.substr(0, 80));
    }
    samples.push_back({*time, *value});
  }
  if (header) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_csv", "cannot read {}: it is empty; want the header '{}'",
                name, kHeader);
  }
  return samples;
}

Result<std::vector<ml::Sample>> ReadCsvSeries(const std::filesystem::path& path) {
  HELIOS_TRY(const std::string text, ReadFile(path));
  return ParseCsvSeries(text, path.string());
}

}  // namespace helios::workbench
