// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/sample_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "obs/log.h"
#include "tsdb/sample_store.h"

namespace helios::transfer {
namespace {

constexpr std::array<std::string_view, 4> kColumns = {"metric", "timestamp", "time", "value"};

std::string CsvCell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  obs::AppendJsonEscaped(quoted, text);
  return quoted + "\"";
}

std::string ValueText(double value, bool json) {
  if (std::isfinite(value)) return fmt::format("{}", value);
  if (tsdb::IsStaleMarker(value)) return json ? "null" : "stale";
  const std::string_view text = std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return json ? Quoted(text) : std::string(text);
}

std::vector<std::string> Sorted(std::vector<std::string> names) {
  std::ranges::sort(names);
  return names;
}

}  // namespace

SampleWriter::SampleWriter(ExportFormat format, std::vector<std::string> label_names)
    : format_(format), label_names_(Sorted(std::move(label_names))) {}

std::string SampleWriter::Header() const {
  if (format_ == ExportFormat::kJsonLines) return {};
  std::string header = "metric,timestamp,value";
  for (const std::string& name : label_names_) {
    const bool taken = std::ranges::find(kColumns, name) != kColumns.end() || name.starts_with("label:");
    header += "," + CsvCell(taken ? "label:" + name : name);
  }
  return header + "\n";
}

void SampleWriter::BeginSeries(const tsdb::SeriesKey& series) {
  series_ = &series;
  if (format_ == ExportFormat::kCsv) {
    before_time_ = CsvCell(series.metric) + ",";
    behind_value_.clear();
    for (const std::string& name : label_names_) behind_value_ += "," + CsvCell(series.Find(name));
    behind_value_ += "\n";
    return;
  }
  before_time_ = "{\"metric\":" + Quoted(series.metric) + ",\"labels\":{";
  for (bool first = true; const tsdb::Label& label : series.labels) {
    if (!std::exchange(first, false)) before_time_ += ",";
    before_time_ += Quoted(label.name) + ":" + Quoted(label.value);
  }
  before_time_ += "},\"timestamp\":\"";
  behind_value_ = "}\n";
}

void SampleWriter::Append(const tsdb::SeriesKey& series, TimestampMs time, double value, std::string& out) {
  if (series_ != &series) BeginSeries(series);
  const bool json = format_ == ExportFormat::kJsonLines;
  out += before_time_;
  out += FormatRfc3339(time);
  out += json ? "\",\"value\":" : ",";
  out += ValueText(value, json);
  out += behind_value_;
}

}  // namespace helios::transfer
