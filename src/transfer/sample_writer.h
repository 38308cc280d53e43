// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "tsdb/series.h"

namespace helios::transfer {

enum class ExportFormat : std::uint8_t {
  kCsv,        ///< metric, timestamp, value and a column a label: the long layout that CsvReader reads back
  kJsonLines,  ///< {"metric","labels","timestamp","value"}, a line a sample
};

/// Samples as text. Times are RFC 3339; values the shortest text that reads back the same, "NaN", "+Inf", "-Inf", and
/// for a stale marker "stale", or null in JSON. Not thread-safe.
class SampleWriter {
 public:
  /// `label_names` are the columns; a label that is called like one of the others gets the column "label:<name>".
  SampleWriter(ExportFormat format, std::vector<std::string> label_names);

  /// What stands before all samples.
  [[nodiscard]] std::string Header() const;

  /// Appends a line to `out`. `series` is canonical, and has labels of `label_names` alone.
  void Append(const tsdb::SeriesKey& series, TimestampMs time, double value, std::string& out);

 private:
  void BeginSeries(const tsdb::SeriesKey& series);

  const ExportFormat format_;
  const std::vector<std::string> label_names_;  ///< sorted
  const tsdb::SeriesKey* series_ = nullptr;     ///< of the two below
  std::string before_time_;
  std::string behind_value_;
};

}  // namespace helios::transfer
