// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "tsdb/series.h"

namespace helios::transfer {

enum class CsvLayout : std::uint8_t {
  kLong,  ///< a line a sample: time, value, and columns that name the series
  kWide,  ///< a line a moment: every column but the time is a series
};

enum class TimeUnit : std::uint8_t { kAuto, kSeconds, kMilliseconds };

/// How a CSV file is to be read. Its first line names the columns.
struct CsvOptions {
  CsvLayout layout = CsvLayout::kLong;
  std::string metric;       ///< empty: what the column "metric" says, else the name of the file, and of a wide column
  std::string time_column;  ///< empty: the one called "timestamp", or "time"
  std::string value_column = "value";  ///< of the long layout
  /// Of numbers as times; kAuto takes those from 1e11 on (the year 5138 in seconds, 1973 in milliseconds) for
  /// milliseconds.
  TimeUnit time_unit = TimeUnit::kAuto;
  /// Of the long layout: columns that are labels; all that are nothing else where it is not said.
  std::optional<std::vector<std::string>> label_columns;
  /// Of the wide layout, beside `metric`: the label that tells the columns apart by their names.
  std::string column_label;
  std::vector<tsdb::Label> labels;     ///< of every series
  std::chrono::milliseconds shift{0};  ///< added to every time
};

/// Where in a record everything is.
struct CsvColumns {
  std::size_t count = 0;
  std::size_t time = 0;
  // Of the long layout.
  std::size_t value = 0;
  std::optional<std::size_t> metric = {};
  std::vector<std::pair<std::size_t, std::string>> labels =
      {};  ///< column and label; "label:x" is the column of label x
  // Of the wide layout.
  std::vector<std::pair<std::size_t, tsdb::SeriesKey>> series = {};
};

/// Reads a file's first line. `file_metric` is the series' name where nothing else says one.
/// Errors: kInvalidArgument transfer.bad_header, those of tsdb::Canonicalize() for the wide layout's names.
[[nodiscard]] Result<CsvColumns> FindColumns(const std::vector<std::string>& header, const CsvOptions& options,
                                             std::string_view file_metric);

/// RFC 3339, or a number by `unit`; nothing where it is neither, or not in the years 1970 to 9999.
[[nodiscard]] std::optional<TimestampMs> ParseCsvTime(std::string_view text, TimeUnit unit);

/// A decimal number, nan, inf, or "stale" for Prometheus' stale marker; nothing for all else, also for a number that no
/// double holds.
[[nodiscard]] std::optional<double> ParseCsvValue(std::string_view text);

}  // namespace helios::transfer
