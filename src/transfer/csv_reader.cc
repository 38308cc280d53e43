// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/csv_reader.h"

#include <utility>

#include "tsdb/sample_batch.h"

namespace helios::transfer {
namespace {

/// A cell in a message.
std::string Shown(std::string_view cell) {
  return fmt::format("'{}'", tsdb::ReadableBytes(cell.substr(0, 80)));
}

constexpr std::size_t kMostKnown = 1'000'000;

}  // namespace

CsvReader::CsvReader(CsvRecords::Source source, const CsvOptions& options, std::string file_metric, SeriesBook& book,
                     BadLine bad_line)
    : records_(std::move(source)),
      options_(options),
      file_metric_(std::move(file_metric)),
      book_(book),
      bad_line_(std::move(bad_line)) {}

void CsvReader::Bad(std::string_view why) {
  ++tally_.bad;
  bad_line_(record_.line, why);
}

Result<void> CsvReader::ReadHeader() {
  HELIOS_TRY(const bool there, records_.Next(record_));
  if (!there) {
    return Fail(ErrorCode::kInvalidArgument, "transfer.bad_header", "cannot read it: it is empty; want a header");
  }
  if (!record_.problem.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "transfer.bad_header", "cannot read the header in line {}: {}",
                record_.line, record_.problem);
  }
  HELIOS_TRY(columns_, FindColumns(record_.fields, options_, file_metric_));
  for (const auto& [column, key] : columns_.series) {
    HELIOS_TRY(const tsdb::SeriesKey* series, book_.Enter(key));
    wide_.push_back(series);
  }
  header_read_ = true;
  return {};
}

Result<bool> CsvReader::Next(std::vector<CsvSample>& out) {
  out.clear();
  if (!header_read_) HELIOS_CHECK(ReadHeader());
  HELIOS_TRY(const bool there, records_.Next(record_));
  if (!there) return false;
  ++tally_.lines;
  if (!record_.problem.empty()) {
    Bad(record_.problem);
    return true;
  }
  if (record_.fields.size() != columns_.count) {
    Bad(fmt::format("it has {} fields; want {}", record_.fields.size(), columns_.count));
    return true;
  }
  const std::string& cell = record_.fields[columns_.time];
  const auto time = ParseCsvTime(cell, options_.time_unit);
  if (!time) {
    Bad(fmt::format("{} is no time; want RFC 3339, or seconds or milliseconds since 1970", Shown(cell)));
    return true;
  }
  if (options_.layout == CsvLayout::kWide) {
    ReadWide(*time + options_.shift, out);
  } else {
    ReadLong(*time + options_.shift, out);
  }
  tally_.samples += out.size();
  return true;
}

Result<const tsdb::SeriesKey*> CsvReader::SeriesOfRecord() {
  cells_.clear();
  if (columns_.metric) tsdb::AppendNamePart(record_.fields[*columns_.metric], cells_);
  for (const auto& [column, label] : columns_.labels) tsdb::AppendNamePart(record_.fields[column], cells_);
  if (const auto found = known_.find(cells_); found != known_.end()) return found->second;
  tsdb::SeriesKey key{.metric = options_.metric, .labels = options_.labels};
  if (key.metric.empty()) key.metric = columns_.metric ? record_.fields[*columns_.metric] : file_metric_;
  for (const auto& [column, label] : columns_.labels) {
    key.labels.push_back({.name = label, .value = record_.fields[column]});
  }
  HELIOS_TRY(const tsdb::SeriesKey* series, book_.Enter(std::move(key)));
  if (known_.size() < kMostKnown) known_.emplace(cells_, series);
  return series;
}

void CsvReader::ReadLong(TimestampMs time, std::vector<CsvSample>& out) {
  const auto series = SeriesOfRecord();
  if (!series) return Bad(series.error().message);
  const std::string& cell = record_.fields[columns_.value];
  if (cell.empty()) {
    ++tally_.gaps;
    return;
  }
  const auto value = ParseCsvValue(cell);
  if (!value) return Bad(fmt::format("{} is no number", Shown(cell)));
  out.push_back({.series = *series, .sample = {.time = time, .value = *value, .line = record_.line}});
}

void CsvReader::ReadWide(TimestampMs time, std::vector<CsvSample>& out) {
  std::uint64_t gaps = 0;
  for (std::size_t i = 0; i < wide_.size(); ++i) {
    const std::string& cell = record_.fields[columns_.series[i].first];
    if (cell.empty()) {
      ++gaps;
      continue;
    }
    const auto value = ParseCsvValue(cell);
    if (!value) {
      out.clear();
      return Bad(fmt::format("{} in column {} is no number", Shown(cell), columns_.series[i].first + 1));
    }
    out.push_back({.series = wide_[i], .sample = {.time = time, .value = *value, .line = record_.line}});
  }
  tally_.gaps += gaps;
}

}  // namespace helios::transfer
