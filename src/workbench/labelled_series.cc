// SPDX-License-Identifier: Apache-2.0
#include "workbench/labelled_series.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <optional>

#include "base/file.h"
#include "workbench/csv_series.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMostUnixSeconds = 253'402'300'799;  // the end of the year 9999

std::optional<TimestampMs> ReadTime(const json::value& value) {
  if (value.is_int64()) {
    const auto seconds = value.get_int64();
    if (seconds < -kMostUnixSeconds || seconds > kMostUnixSeconds) return std::nullopt;
    return FromUnixMs(seconds * 1000);
  }
  if (!value.is_string()) return std::nullopt;
  std::string text(std::string_view(value.get_string()));
  constexpr std::size_t kSeparator = 10;
  if (text.size() > kSeparator && text[kSeparator] == ' ') text[kSeparator] = 'T';
  if (text.find_first_of("Zz+", kSeparator) == std::string::npos) text += 'Z';
  const auto time = ParseRfc3339(text);
  return time ? std::optional(*time) : std::nullopt;
}

std::optional<TimeSpan> ReadSpan(const json::value& value) {
  const auto* pair = value.if_array();
  if (pair == nullptr || pair->size() != 2) return std::nullopt;
  const auto first = ReadTime((*pair)[0]);
  const auto last = ReadTime((*pair)[1]);
  if (!first || !last || *last < *first) return std::nullopt;
  return TimeSpan{*first, *last};
}

/// Rows of `span`, from the first that is not before it to the last before one that is after it.
std::optional<ml::RowRange> RowsOf(const std::vector<ml::Sample>& samples, const TimeSpan& span) {
  const auto first = std::ranges::find_if(samples, [&](const ml::Sample& sample) { return sample.time >= span.first; });
  const auto end =
      std::find_if(first, samples.end(), [&](const ml::Sample& sample) { return sample.time > span.last; });
  if (first == end) return std::nullopt;
  return ml::RowRange{static_cast<std::size_t>(first - samples.begin()),
                      static_cast<std::size_t>(end - samples.begin()) - 1};
}

}  // namespace

std::string_view SeriesLabels::family() const {
  return std::string_view(path).substr(0, path.find('/'));
}

Result<std::vector<SeriesLabels>> ParseLabels(std::string_view text, std::string_view name) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !parsed.is_object()) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_labels",
                "cannot read {}: {}; want a JSON object of path: [[first, last], …]", name,
                error ? error.message() : "it is no object");
  }
  std::vector<SeriesLabels> all;
  for (const auto& [path, spans] : parsed.get_object()) {
    SeriesLabels labels{.path = std::string(std::string_view(path)), .spans = {}};
    const auto* list = spans.if_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      const auto span = ReadSpan((*list)[i]);
      if (!span) {
        list = nullptr;
        break;
      }
      labels.spans.push_back(*span);
    }
    if (list == nullptr) {
      return Fail(ErrorCode::kInvalidArgument, "workbench.bad_labels",
                  "cannot read {}: '{}' has labels that are no list of [first, last] in unix seconds or RFC 3339", name,
                  labels.path);
    }
    std::ranges::sort(labels.spans, {}, &TimeSpan::first);
    all.push_back(std::move(labels));
  }
  std::ranges::sort(all, {}, &SeriesLabels::path);
  return all;
}

Result<std::vector<LabelledSeries>> ReadLabelledSeries(const std::filesystem::path& directory,
                                                       std::string_view labels) {
  const auto path = directory / labels;
  HELIOS_TRY(const std::string text, ReadFile(path));
  HELIOS_TRY(const auto all, ParseLabels(text, path.string()));
  std::vector<LabelledSeries> series;
  for (const auto& one : all) {
    HELIOS_TRY(auto samples, ReadCsvSeries(directory / one.path));
    LabelledSeries read{one.path, std::string(one.family()), std::move(samples), {}};
    for (const auto& span : one.spans) {
      const auto rows = RowsOf(read.samples, span);
      if (!rows) continue;
      if (!read.ranges.empty() && rows->first <= read.ranges.back().last) {
        return Fail(ErrorCode::kInvalidArgument, "workbench.bad_labels",
                    "cannot read {}: two labels of '{}' share a sample", path.string(), one.path);
      }
      read.ranges.push_back(*rows);
    }
    series.push_back(std::move(read));
  }
  return series;
}

}  // namespace helios::workbench
