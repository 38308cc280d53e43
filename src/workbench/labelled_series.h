// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ml/grid.h"
#include "ml/row_range.h"

namespace helios::workbench {

/// A stretch of time, both ends in it.
struct TimeSpan {
  TimestampMs first{};
  TimestampMs last{};
};

/// What a file of labels says about one series.
struct SeriesLabels {
  std::string path;  ///< of its CSV file, relative to the directory
  std::vector<TimeSpan> spans;

  /// The part of `path` before its first '/'.
  [[nodiscard]] std::string_view family() const;
};

/// A series with its labels as rows.
struct LabelledSeries {
  std::string path;
  std::string family;
  std::vector<ml::Sample> samples;   ///< in the file's order
  std::vector<ml::RowRange> ranges;  ///< in order and apart; a span without samples has none
};

/// Parses labels: a JSON object of path: [[first, last], …], times in unix seconds or RFC 3339 (without a
/// zone, and with a space for the T too: the benchmark's own spelling, in UTC). Sorted by path.
/// Errors: kInvalidArgument workbench.bad_labels, which names the path.
[[nodiscard]] Result<std::vector<SeriesLabels>> ParseLabels(std::string_view text, std::string_view name);

/// Reads `directory`/`labels`, and every series that it names.
/// Errors: those of ParseLabels(), ReadFile() and ReadCsvSeries(); kInvalidArgument workbench.bad_labels.
[[nodiscard]] Result<std::vector<LabelledSeries>> ReadLabelledSeries(const std::filesystem::path& directory,
                                                                     std::string_view labels);

}  // namespace helios::workbench
