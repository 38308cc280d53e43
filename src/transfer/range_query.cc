// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/range_query.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cmath>
#include <optional>
#include <utility>

#include "http/json.h"
#include "transfer/csv_columns.h"
#include "transfer/form.h"

namespace helios::transfer {
namespace {

namespace json = boost::json;

constexpr double kMostSeconds = 253'402'300'799.0;  // the end of the year 9999

std::string_view Operator(tsdb::Matcher::Kind kind) {
  switch (kind) {
    case tsdb::Matcher::Kind::kEqual: return "=";
    case tsdb::Matcher::Kind::kNotEqual: return "!=";
    case tsdb::Matcher::Kind::kRegex: return "=~";
    case tsdb::Matcher::Kind::kNotRegex: return "!~";
  }
  return "=";
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string Seconds(std::int64_t ms) {
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

std::unexpected<Error> BadAnswer(std::string_view what) {
  return Fail(ErrorCode::kInvalidArgument, "transfer.bad_answer",
              "cannot read the answer: {}; want what /api/v1/query_range of a Prometheus answers", what);
}

const json::value* Member(const json::value* value, std::string_view name) {
  const json::object* object = value != nullptr ? value->if_object() : nullptr;
  return object != nullptr ? object->if_contains(name) : nullptr;
}

/// [1767441600.25, "0.5"]
std::optional<ImportSample> ReadPoint(const json::value& value) {
  const json::array* pair = value.if_array();
  if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_number() || !(*pair)[1].is_string()) return std::nullopt;
  const auto seconds = (*pair)[0].to_number<double>();
  if (!(seconds >= 0 && seconds <= kMostSeconds)) return std::nullopt;
  const auto number = ParseCsvValue(std::string_view((*pair)[1].as_string()));
  if (!number) return std::nullopt;
  return ImportSample{.time = FromUnixMs(std::llround(seconds * 1000)), .value = *number};
}

}  // namespace

std::string FormatSelector(const tsdb::SeriesSelector& selector) {
  std::string text = "{";
  const auto add = [&text](std::string_view label, std::string_view operation, std::string_view value) {
    if (text.size() > 1) text += ',';
    text += fmt::format("{}{}\"{}\"", label, operation, Escaped(value));
  };
  if (!selector.metric.empty()) add("__name__", "=", selector.metric);
  for (const tsdb::Matcher& matcher : selector.matchers) add(matcher.label, Operator(matcher.kind), matcher.value);
  return text + "}";
}

std::string EncodeRangeQuery(const tsdb::SeriesSelector& selector, tsdb::TimeRange range,
                             std::chrono::milliseconds step) {
  return fmt::format("query={}&start={}&end={}&step={}", FormEncoded(FormatSelector(selector)),
                     Seconds(ToUnixMs(range.first)), Seconds(ToUnixMs(range.last)), Seconds(step.count()));
}

Result<std::vector<RemoteSeries>> DecodeRangeAnswer(std::string_view body) {
  HELIOS_TRY(const json::value answer, http::ParseJson(body));
  const json::value* data = Member(&answer, "data");
  const json::value* type = Member(data, "resultType");
  const json::value* result = Member(data, "result");
  if (type == nullptr || *type != "matrix" || result == nullptr || !result->is_array())
    return BadAnswer("it has no matrix");
  std::vector<RemoteSeries> all;
  for (const json::value& one : result->as_array()) {
    RemoteSeries series;
    const json::value* metric = Member(&one, "metric");
    if (metric == nullptr || !metric->is_object()) return BadAnswer("a series has no 'metric'");
    for (const auto& [name, value] : metric->as_object()) {
      if (!value.is_string()) return BadAnswer("a label is no text");
      if (name == "__name__") {
        series.key.metric = std::string_view(value.as_string());
      } else {
        series.key.labels.push_back(
            {.name = std::string(name), .value = std::string(std::string_view(value.as_string()))});
      }
    }
    if (const json::value* values = Member(&one, "values"); values != nullptr) {
      if (!values->is_array()) return BadAnswer("'values' is no array");
      series.samples.reserve(values->as_array().size());
      for (const json::value& value : values->as_array()) {
        const auto sample = ReadPoint(value);
        if (!sample) return BadAnswer("a point is no pair of a time and a number as text");
        series.samples.push_back(*sample);
      }
    }
    if (const json::value* histograms = Member(&one, "histograms"); histograms != nullptr && histograms->is_array()) {
      series.histograms = histograms->as_array().size();
    }
    all.push_back(std::move(series));
  }
  return all;
}

}  // namespace helios::transfer
