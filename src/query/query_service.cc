// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "query/query_service.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "http/json.h"
#include "obs/log.h"
#include "query/aggregate.h"
#include "query/selector.h"
#include "tenancy/page.h"

namespace helios::query {
namespace {

constexpr std::size_t kMaxPoints = 1'000'000;
constexpr std::size_t kDefaultSeries = 100;
constexpr std::size_t kMaxSeries = 1'000;

enum class TimeFormat : std::uint8_t { kRfc3339, kUnixMs };

struct SampleQuery {
  tsdb::SeriesSelector selector;
  tsdb::TimeRange range{};
  std::optional<std::chrono::milliseconds> step;
  Aggregate aggregate = Aggregate::kAvg;
  std::optional<std::size_t> max_points;
  std::size_t limit = kDefaultSeries;
  TimeFormat time_format = TimeFormat::kRfc3339;
};

void AddEqualMatchers(const std::vector<std::pair<std::string, std::string>>& labels, tsdb::SeriesSelector& selector) {
  for (const auto& [name, value] : labels) {
    selector.matchers.push_back({.label = name, .kind = tsdb::Matcher::Kind::kEqual, .value = value});
  }
}

/// The series that `metric` and `match` of a request's query mean.
Result<tsdb::SeriesSelector> SelectorOf(const http::Request& request) {
  tsdb::SeriesSelector selector;
  selector.metric = request.Query("metric").value_or("");
  HELIOS_TRY(selector.matchers, ParseMatchers(request.Query("match").value_or("")));
  return selector;
}

Result<SampleQuery> ParseQuery(const boost::json::object& body) {
  SampleQuery query;
  http::ObjectReader reader(body);
  query.selector.metric = reader.String("metric", tsdb::kMaxMetricNameBytes);
  AddEqualMatchers(reader.OptionalStringMap("labels"), query.selector);
  const auto match = reader.OptionalString("match", 8192);
  query.range.first = reader.Time("start");
  query.range.last = reader.Time("end");
  if (const auto seconds = reader.OptionalInteger("step", 1, 366 * 86'400)) {
    query.step = std::chrono::seconds{*seconds};
  }
  if (const auto name = reader.OptionalString("aggregate")) {
    if (const auto aggregate = ParseAggregate(*name)) {
      query.aggregate = *aggregate;
      if (!query.step) reader.Reject("aggregate", "no step", "a step beside it");
    } else {
      reader.Reject("aggregate", *name, "avg, min, max, sum, count or last");
    }
  }
  if (const auto points = reader.OptionalInteger("max_points", 4, static_cast<std::int64_t>(kMaxPoints))) {
    query.max_points = static_cast<std::size_t>(*points);
  }
  if (const auto limit = reader.OptionalInteger("limit", 1, static_cast<std::int64_t>(kMaxSeries))) {
    query.limit = static_cast<std::size_t>(*limit);
  }
  if (const auto format = reader.OptionalString("time_format")) {
    if (*format == "unix_ms") {
      query.time_format = TimeFormat::kUnixMs;
    } else if (*format != "rfc3339") {
      reader.Reject("time_format", *format, "rfc3339 or unix_ms");
    }
  }
  HELIOS_CHECK(reader.Finish());
  if (match) {
    HELIOS_TRY(auto matchers, ParseMatchers(*match));
    std::ranges::move(matchers, std::back_inserter(query.selector.matchers));
  }
  if (query.range.last < query.range.first) {
    return Fail(ErrorCode::kInvalidArgument, "query.bad_range", "cannot query: end {} lies before start {}",
                FormatRfc3339(query.range.last), FormatRfc3339(query.range.first));
  }
  return query;
}

Result<std::vector<Point>> ReadPoints(const tsdb::SampleStore& store, TenantId tenant, tsdb::SeriesId series,
                                      const SampleQuery& query) {
  HELIOS_TRY(const auto cursor, store.Read(tenant, series, query.range));
  std::vector<Point> points;
  for (;;) {
    HELIOS_TRY(const tsdb::SampleColumns columns, cursor->Next());
    if (columns.times.empty()) break;
    if (points.size() + columns.times.size() > 8 * kMaxPoints) {
      return Fail(ErrorCode::kInvalidArgument, "query.too_large",
                  "cannot query: one series has more than {} samples in the range; ask for a shorter one",
                  8 * kMaxPoints);
    }
    for (std::size_t i = 0; i < columns.times.size(); ++i) {
      points.push_back({.time = columns.times[i], .value = columns.values[i]});
    }
  }
  if (query.step) points = AggregateByStep(points, *query.step, query.aggregate);
  if (query.max_points) points = KeepExtremes(points, *query.max_points);
  return points;
}

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  obs::AppendJsonEscaped(out, text);
  out += '"';
}

/// Shortest text that reads back the same, and -0 as -0.0, which readers of JSON else take for a whole number; NaN and
/// infinities as strings, a stale marker as null.
void AppendValue(std::string& out, double value) {
  if (value == 0 && std::signbit(value)) {
    out += "-0.0";
  } else if (std::isfinite(value)) {
    std::array<char, 32> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    out.append(buffer.data(), written.ptr);
  } else if (tsdb::IsStaleMarker(value)) {
    out += "null";
  } else if (std::isnan(value)) {
    out += "\"NaN\"";
  } else {
    out += value > 0 ? "\"+Inf\"" : "\"-Inf\"";
  }
}

void AppendLabels(std::string& out, const tsdb::SeriesKey& key) {
  out += "\"metric\":";
  AppendJsonString(out, key.metric);
  out += ",\"labels\":{";
  for (bool first = true; const tsdb::Label& label : key.labels) {
    if (!std::exchange(first, false)) out += ',';
    AppendJsonString(out, label.name);
    out += ':';
    AppendJsonString(out, label.value);
  }
  out += '}';
}

void AppendSeries(std::string& out, const tsdb::SeriesKey& key, const std::vector<Point>& points, TimeFormat format) {
  out += '{';
  AppendLabels(out, key);
  out += ",\"points\":[";
  for (bool first = true; const Point& point : points) {
    if (!std::exchange(first, false)) out += ',';
    out += '[';
    if (format == TimeFormat::kUnixMs) {
      out += std::to_string(ToUnixMs(point.time));
    } else {
      out += '"';
      out += FormatRfc3339(point.time);
      out += '"';
    }
    out += ',';
    AppendValue(out, point.value);
    out += ']';
  }
  out += "]}";
}

}  // namespace

tenancy::Routes QueryService::MakeRoutes() const {
  using tenancy::Permission;
  const auto bind = [this](Result<http::Response> (QueryService::*method)(const http::Request&,
                                                                          const tenancy::RequestContext&) const) {
    return tenancy::BlockingHandler(
        [this, method](const http::Request& request, const tenancy::RequestContext& context) {
          return (this->*method)(request, context);
        });
  };
  return {{.method = http::Method::kPost,
           .pattern = "/api/v1/query",
           .operation = "query",
           .permission = Permission::kDataRead,
           .handler = bind(&QueryService::Query)},
          {.method = http::Method::kGet,
           .pattern = "/api/v1/series",
           .operation = "listSeries",
           .permission = Permission::kDataRead,
           .handler = bind(&QueryService::Series)},
          {.method = http::Method::kDelete,
           .pattern = "/api/v1/series",
           .operation = "deleteSeries",
           .permission = Permission::kOrganizationManage,
           .max_body_bytes = 0,
           .handler = bind(&QueryService::DeleteSeries)},
          {.method = http::Method::kGet,
           .pattern = "/api/v1/metrics",
           .operation = "listMetrics",
           .permission = Permission::kDataRead,
           .handler = bind(&QueryService::Metrics)}};
}

Result<http::Response> QueryService::Query(const http::Request& request, const tenancy::RequestContext& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_TRY(const SampleQuery query, ParseQuery(body));
  HELIOS_TRY(auto found, store_.FindSeries(context.tenant, query.selector, query.limit + 1));
  const bool truncated = found.size() > query.limit;
  if (truncated) found.pop_back();
  std::string out = "{\"series\":[";
  std::size_t total = 0;
  for (bool first = true; const tsdb::SeriesInfo& info : found) {
    HELIOS_TRY(const auto points, ReadPoints(store_, context.tenant, info.id, query));
    total += points.size();
    if (total > kMaxPoints) {
      return Fail(ErrorCode::kInvalidArgument, "query.too_large",
                  "cannot query: the answer would have more than {} points; ask for fewer series, a shorter range, "
                  "a step or max_points",
                  kMaxPoints);
    }
    if (!std::exchange(first, false)) out += ',';
    AppendSeries(out, info.key, points, query.time_format);
  }
  fmt::format_to(std::back_inserter(out), "],\"truncated\":{}}}", truncated);
  return http::JsonText(200, std::move(out));
}

Result<http::Response> QueryService::DeleteSeries(const http::Request& request,
                                                  const tenancy::RequestContext& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"metric", "match"}));
  HELIOS_TRY(const tsdb::SeriesSelector selector, SelectorOf(request));
  if (selector.metric.empty() && selector.matchers.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "query.no_selector",
                "cannot delete every series: neither metric nor match says which ones are meant");
  }
  boost::json::object details{{"metric", request.Query("metric").value_or("")},
                              {"match", request.Query("match").value_or("")}};
  HELIOS_CHECK(Audit(context, "series.delete", details));
  const auto deleted = store_.DeleteSeries(context.tenant, selector);
  if (deleted) {
    details["deleted"] = *deleted;
  } else {
    details["error"] = deleted.error().reason;
  }
  const auto audited = Audit(context, deleted ? "series.deleted" : "series.delete_failed", details);
  if (!audited) obs::LogFailure("samples.deletion_not_audited", audited.error(), {{"request_id", context.request_id}});
  if (!deleted) return std::unexpected(deleted.error());
  obs::LogInfo("samples.series_deleted", {{"request_id", context.request_id}, {"series", *deleted}});
  return http::Json(200, boost::json::object{{"deleted", *deleted}});
}

Result<void> QueryService::Audit(const tenancy::RequestContext& context, std::string_view action,
                                 const boost::json::object& details) const {
  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(audit_.Record(tx, context, action, context.tenant.value, boost::json::serialize(details)));
  return tx.Commit();
}

Result<http::Response> QueryService::Series(const http::Request& request,
                                            const tenancy::RequestContext& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"metric", "match", "limit", "cursor"}));
  HELIOS_TRY(const tsdb::SeriesSelector selector, SelectorOf(request));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(auto found, store_.FindSeries(context.tenant, selector, page.offset + page.limit + 1));

  std::string out = "{\"data\":[";
  const std::size_t end = std::min(found.size(), page.offset + page.limit);
  for (std::size_t i = page.offset; i < end; ++i) {
    if (i != page.offset) out += ',';
    out += '{';
    AppendLabels(out, found[i].key);
    fmt::format_to(std::back_inserter(out), ",\"first_seen\":\"{}\",\"last_seen\":\"{}\"}}",
                   FormatRfc3339(found[i].first_seen), FormatRfc3339(found[i].last_seen));
  }
  out += "],\"next_cursor\":";
  if (found.size() > end) {
    AppendJsonString(out, tenancy::NextCursor(request, context.tenant, cursors_, end));
  } else {
    out += "null";
  }
  out += '}';
  return http::JsonText(200, std::move(out));
}

Result<http::Response> QueryService::Metrics(const http::Request& request,
                                             const tenancy::RequestContext& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  const std::vector<std::string> names = store_.MetricNames(context.tenant);
  const std::size_t end = std::min(names.size(), page.offset + page.limit);
  boost::json::array data;
  for (std::size_t i = page.offset; i < end; ++i) data.emplace_back(names[i]);
  boost::json::object answer{{"data", std::move(data)}, {"next_cursor", nullptr}};
  if (names.size() > end) answer["next_cursor"] = tenancy::NextCursor(request, context.tenant, cursors_, end);
  return http::Json(200, answer);
}

}  // namespace helios::query
