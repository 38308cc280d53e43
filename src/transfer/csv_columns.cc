// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/csv_columns.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "tsdb/sample_store.h"

namespace helios::transfer {
namespace {

constexpr std::string_view kLabelPrefix = "label:";
constexpr double kLeastMilliseconds = 1e11;
constexpr double kMostMs = 253'402'300'799'999.0;  // the end of the year 9999

template <class... Args>
std::unexpected<Error> BadHeader(fmt::format_string<Args...> format, Args&&... args) {
  return Fail(ErrorCode::kInvalidArgument, "transfer.bad_header", format, std::forward<Args>(args)...);
}

std::optional<std::size_t> Find(const std::vector<std::string>& header, std::string_view name) {
  const auto found = std::ranges::find(header, name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

std::string Listed(const std::vector<std::string>& header) {
  return fmt::format("'{}'", fmt::join(header, "', '")).substr(0, 200);
}

Result<std::size_t> Require(const std::vector<std::string>& header, std::string_view name) {
  if (const auto found = Find(header, name)) return *found;
  return BadHeader("cannot read the header: there is no column '{}'; got {}", name, Listed(header));
}

Result<void> FindLong(const std::vector<std::string>& header, const CsvOptions& options, CsvColumns& columns) {
  HELIOS_TRY(columns.value, Require(header, options.value_column));
  if (options.metric.empty()) columns.metric = Find(header, "metric");
  if (options.label_columns) {
    for (const std::string& name : *options.label_columns) {
      HELIOS_TRY(const std::size_t column, Require(header, name));
      columns.labels.emplace_back(column, name);
    }
  } else {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (i != columns.time && i != columns.value && i != columns.metric) columns.labels.emplace_back(i, header[i]);
    }
  }
  for (auto& [column, label] : columns.labels) {
    if (label.starts_with(kLabelPrefix)) label.erase(0, kLabelPrefix.size());
    if (label.empty()) return BadHeader("cannot read the header: column {} has no name", column + 1);
  }
  return {};
}

Result<void> FindWide(const std::vector<std::string>& header, const CsvOptions& options, CsvColumns& columns) {
  if (options.metric.empty() != options.column_label.empty()) {
    return BadHeader(
        "cannot name the columns' series: want both --metric and --column-label, or neither for columns that are named "
        "like their series");
  }
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i == columns.time) continue;
    tsdb::SeriesKey key{.metric = options.metric.empty() ? header[i] : options.metric, .labels = options.labels};
    if (!options.column_label.empty()) key.labels.push_back({.name = options.column_label, .value = header[i]});
    HELIOS_CHECK(tsdb::Canonicalize(key));
    columns.series.emplace_back(i, std::move(key));
  }
  if (columns.series.empty()) return BadHeader("cannot read the header: there is no column beside the time");
  return {};
}

}  // namespace

Result<CsvColumns> FindColumns(const std::vector<std::string>& header, const CsvOptions& options,
                               std::string_view file_metric) {
  CsvColumns columns{.count = header.size()};
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (Find(header, header[i]) != i) return BadHeader("cannot read the header: there are two columns '{}'", header[i]);
  }
  if (!options.time_column.empty()) {
    HELIOS_TRY(columns.time, Require(header, options.time_column));
  } else if (const auto timestamp = Find(header, "timestamp")) {
    columns.time = *timestamp;
  } else {
    HELIOS_TRY(columns.time, Require(header, "time"));
  }
  if (options.layout == CsvLayout::kWide) {
    HELIOS_CHECK(FindWide(header, options, columns));
    return columns;
  }
  HELIOS_CHECK(FindLong(header, options, columns));
  if (options.metric.empty() && !columns.metric && file_metric.empty()) {
    return BadHeader("cannot name the series: there is no column 'metric'; want --metric");
  }
  return columns;
}

std::optional<TimestampMs> ParseCsvTime(std::string_view text, TimeUnit unit) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    const auto time = ParseRfc3339(text);
    return time ? std::optional(*time) : std::nullopt;
  }
  const bool seconds = unit == TimeUnit::kSeconds || (unit == TimeUnit::kAuto && number < kLeastMilliseconds);
  const double ms = seconds ? number * 1000 : number;
  if (!(ms >= 0 && ms <= kMostMs)) return std::nullopt;
  return FromUnixMs(std::llround(ms));
}

std::optional<double> ParseCsvValue(std::string_view text) {
  if (text == "stale") return std::bit_cast<double>(tsdb::kStaleMarkerBits);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace helios::transfer
