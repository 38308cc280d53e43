// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/sample_query.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

#include "http/json.h"
#include "transfer/csv_columns.h"
#include "transfer/form.h"
#include "transfer/range_query.h"

namespace helios::transfer {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr milliseconds kFirstWindow = std::chrono::days{1};
constexpr milliseconds kLeastWindow = std::chrono::minutes{1};
constexpr std::size_t kFewPoints = 200'000;

std::unexpected<Error> BadAnswer(std::string_view what) {
  return Fail(ErrorCode::kInvalidArgument, "transfer.bad_answer", "cannot read the platform's answer: {}", what);
}

std::unexpected<Error> Failed(const http::ClientResponse& response) {
  return Fail(ErrorCode::kUnavailable, "transfer.source_failed", "cannot export: the platform answers {}",
              Says(response));
}

/// Matchers but the metric's, as `match` takes them.
std::string MatchText(const tsdb::SeriesSelector& selector) {
  return FormatSelector({.metric = {}, .matchers = selector.matchers});
}

std::optional<tsdb::SeriesKey> KeyOf(const json::value& value) {
  const json::object* object = value.if_object();
  const json::value* metric = object != nullptr ? object->if_contains("metric") : nullptr;
  const json::value* labels = object != nullptr ? object->if_contains("labels") : nullptr;
  if (metric == nullptr || !metric->is_string() || labels == nullptr || !labels->is_object()) return std::nullopt;
  tsdb::SeriesKey key{.metric = std::string(std::string_view(metric->as_string())), .labels = {}};
  for (const auto& [name, text] : labels->as_object()) {
    if (!text.is_string()) return std::nullopt;
    key.labels.push_back({.name = std::string(name), .value = std::string(std::string_view(text.as_string()))});
  }
  std::ranges::sort(key.labels);
  return key;
}

/// [1767441600250, 0.5], with "NaN", "+Inf" and "-Inf" for what JSON has no number for, and null for a stale marker.
std::optional<ImportSample> PointOf(const json::value& value) {
  const json::array* pair = value.if_array();
  if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_int64()) return std::nullopt;
  const json::value& number = (*pair)[1];
  std::optional<double> read;
  if (number.is_null()) read = std::bit_cast<double>(tsdb::kStaleMarkerBits);
  if (number.is_number()) read = number.to_number<double>();
  if (number.is_string()) read = ParseCsvValue(std::string_view(number.as_string()));
  if (!read) return std::nullopt;
  return ImportSample{.time = FromUnixMs((*pair)[0].as_int64()), .value = *read};
}

}  // namespace

Result<std::vector<tsdb::SeriesKey>> SampleQuery::List(const tsdb::SeriesSelector& selector) {
  std::string first = "/api/v1/series?limit=1000&match=" + FormEncoded(MatchText(selector));
  if (!selector.metric.empty()) first += "&metric=" + FormEncoded(selector.metric);
  std::vector<tsdb::SeriesKey> keys;
  for (std::string target = first;;) {
    HELIOS_TRY(const http::ClientResponse response, client_.Send(http::Method::kGet, target, {}, {}));
    if (response.status != 200) return Failed(response);
    HELIOS_TRY(const json::value body, http::ParseJson(response.body));
    const json::object* page = body.if_object();
    const json::value* data = page != nullptr ? page->if_contains("data") : nullptr;
    if (data == nullptr || !data->is_array()) return BadAnswer("it has no 'data'");
    for (const json::value& one : data->as_array()) {
      auto key = KeyOf(one);
      if (!key) return BadAnswer("a series has no metric and labels");
      keys.push_back(*std::move(key));
    }
    const json::value* next = page->if_contains("next_cursor");
    if (next == nullptr || !next->is_string()) return keys;
    target = first + "&cursor=" + FormEncoded(std::string_view(next->as_string()));
  }
}

Result<std::vector<RemoteSeries>> SampleQuery::Ask(const tsdb::SeriesSelector& selector, tsdb::TimeRange window) {
  const std::string question = http::JsonBytes(json::object{{"metric", selector.metric},
                                                            {"match", MatchText(selector)},
                                                            {"start", ToUnixMs(window.first)},
                                                            {"end", ToUnixMs(window.last)},
                                                            {"limit", kMostSeries},
                                                            {"time_format", "unix_ms"}});
  HELIOS_TRY(const http::ClientResponse response,
             client_.Send(http::Method::kPost, "/api/v1/query", "application/json", question));
  if (response.status == 400 && response.body.contains("query.too_large")) {
    return Fail(ErrorCode::kTooLarge, "transfer.answer_too_large", "cannot read so much at once: {}", Says(response));
  }
  if (response.status != 200) return Failed(response);
  HELIOS_TRY(const json::value body, http::ParseJson(response.body));
  const json::object* answer = body.if_object();
  const json::value* list = answer != nullptr ? answer->if_contains("series") : nullptr;
  if (list == nullptr || !list->is_array()) return BadAnswer("it has no 'series'");
  if (const json::value* truncated = answer->if_contains("truncated"); truncated != nullptr && *truncated == true) {
    return BadAnswer("series came meanwhile, and there are more than one answer has; start it again");
  }
  std::vector<RemoteSeries> all;
  for (const json::value& one : list->as_array()) {
    auto key = KeyOf(one);
    if (!key) return BadAnswer("a series has no metric and labels");
    RemoteSeries series{.key = *std::move(key), .samples = {}};
    const json::value* points = one.as_object().if_contains("points");
    if (points == nullptr || !points->is_array()) return BadAnswer("a series has no 'points'");
    series.samples.reserve(points->as_array().size());
    for (const json::value& point : points->as_array()) {
      const auto sample = PointOf(point);
      if (!sample) return BadAnswer("a point is no pair of a time and a number");
      series.samples.push_back(*sample);
    }
    all.push_back(std::move(series));
  }
  return all;
}

Result<void> SampleQuery::Read(const tsdb::SeriesSelector& selector, tsdb::TimeRange range, const Take& take) {
  const double whole = static_cast<double>((range.last - range.first).count()) + 1;
  milliseconds width = kFirstWindow;
  for (TimestampMs at = range.first; at <= range.last;) {
    const TimestampMs last = range.last - at < width ? range.last : at + width - milliseconds{1};
    const auto series = Ask(selector, {.first = at, .last = last});
    if (!series) {
      if (series.error().code != ErrorCode::kTooLarge || width <= kLeastWindow) return std::unexpected(series.error());
      width = std::max(kLeastWindow, width / 2);
      continue;
    }
    at = last + milliseconds{1};
    HELIOS_CHECK(take(*series, static_cast<double>((at - range.first).count()) / whole));
    std::size_t points = 0;
    for (const RemoteSeries& one : *series) points += one.samples.size();
    if (points < kFewPoints) width = std::min(2 * width, milliseconds::max() / 4);
  }
  return {};
}

}  // namespace helios::transfer
