// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "transfer/csv_columns.h"
#include "transfer/csv_records.h"
#include "transfer/import_batch.h"
#include "transfer/series_book.h"

namespace helios::transfer {

struct CsvSample {
  const tsdb::SeriesKey* series = nullptr;
  ImportSample sample;
};

/// What became of a file's lines.
struct CsvTally {
  std::uint64_t lines = 0;    ///< records, the header not counted
  std::uint64_t samples = 0;  ///< read
  std::uint64_t gaps = 0;     ///< empty values
  std::uint64_t bad = 0;      ///< lines that were told to be bad; nothing of them is read
};

/// Reads the samples of one CSV file. A line that cannot be read is told and counted, and the next one is read. Not
/// thread-safe.
class CsvReader {
 public:
  using BadLine = std::function<void(std::uint64_t line, std::string_view why)>;

  /// `options` and `book` must outlive it. `file_metric` names the series where nothing else does.
  CsvReader(CsvRecords::Source source, const CsvOptions& options, std::string file_metric, SeriesBook& book,
            BadLine bad_line);

  /// The next line's samples, none of a bad line; false at the end.
  /// Errors: transfer.bad_header and the like, which name the line; those of the source.
  [[nodiscard]] Result<bool> Next(std::vector<CsvSample>& out);

  [[nodiscard]] const CsvTally& tally() const { return tally_; }
  [[nodiscard]] std::uint64_t bytes() const { return records_.bytes(); }

 private:
  [[nodiscard]] Result<void> ReadHeader();
  void ReadLong(TimestampMs time, std::vector<CsvSample>& out);
  void ReadWide(TimestampMs time, std::vector<CsvSample>& out);
  [[nodiscard]] Result<const tsdb::SeriesKey*> SeriesOfRecord();
  void Bad(std::string_view why);

  CsvRecords records_;
  const CsvOptions& options_;
  const std::string file_metric_;
  SeriesBook& book_;
  const BadLine bad_line_;
  CsvRecord record_;
  bool header_read_ = false;
  CsvColumns columns_;
  std::vector<const tsdb::SeriesKey*> wide_;
  /// By the cells that name it, as they stand there.
  std::unordered_map<std::string, const tsdb::SeriesKey*> known_;
  std::string cells_;
  CsvTally tally_;
};

}  // namespace helios::transfer
