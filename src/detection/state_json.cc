// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/state_json.h"

#include <boost/json/array.hpp>

#include <charconv>

#include "http/json.h"

namespace helios::detection {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMostCount = 0xffff;

json::object ToJson(const ml::AnomalySpan& span) {
  return {{"start", ToUnixMs(span.start)}, {"end", ToUnixMs(span.end)}, {"worst", ToUnixMs(span.worst)},
          {"value", span.value},           {"expected", span.expected}, {"lower", span.lower},
          {"upper", span.upper},           {"score", span.score},       {"kinds", span.kinds},
          {"samples", span.samples}};
}

ml::AnomalySpan SpanOf(http::ObjectReader& fields) {
  http::ObjectReader reader(fields.Object("span"), "span.");
  ml::AnomalySpan span;
  span.start = reader.Time("start");
  span.end = reader.Time("end");
  span.worst = reader.Time("worst");
  span.value = reader.Number("value");
  span.expected = reader.Number("expected");
  span.lower = reader.Number("lower");
  span.upper = reader.Number("upper");
  span.score = reader.Number("score");
  span.severity = ml::SeverityOf(span.score);
  span.kinds = static_cast<std::uint8_t>(reader.OptionalInteger("kinds", 0, 255).value_or(0));
  span.samples = static_cast<std::uint32_t>(reader.OptionalInteger("samples", 0, 0xffff'ffff).value_or(0));
  if (auto read = reader.Finish(); !read) fields.Reject("span", read.error().message, "an anomaly");
  return span;
}

TenantId TenantOf(http::ObjectReader& fields) {
  const auto tenant = TenantId::Parse(fields.String("tenant"));
  if (!tenant) fields.Reject("tenant", "something else", "an id");
  return tenant.value_or(TenantId{});
}

Result<void> RestoreOpen(const json::object& object, StreamDetector& detector) {
  http::ObjectReader fields(object);
  const TenantId tenant = TenantOf(fields);
  const std::string id = fields.String("series");
  ml::AnomalyTracker::Memory memory;
  memory.open = SpanOf(fields);
  memory.normal = static_cast<std::uint16_t>(fields.OptionalInteger("normal", 0, kMostCount).value_or(0));
  memory.quiet = static_cast<std::uint16_t>(fields.OptionalInteger("quiet", 0, kMostCount).value_or(0));
  const TimestampMs detected_at = fields.Time("detected_at");
  HELIOS_CHECK(fields.Finish());
  tsdb::SeriesId series;
  std::from_chars(id.data(), id.data() + id.size(), series.value);
  detector.RestoreOpen(tenant, series, memory, detected_at);
  return {};
}

Result<void> RestoreReport(const json::object& object, ReportOutbox& outbox) {
  http::ObjectReader fields(object);
  AnomalyReport report;
  report.tenant = TenantOf(fields);
  report.series.metric = fields.String("metric", tsdb::kMaxMetricNameBytes);
  for (auto& [name, value] : fields.OptionalStringMap("labels", tsdb::kMaxLabels, tsdb::kMaxLabelValueBytes)) {
    report.series.labels.push_back({.name = name, .value = value});
  }
  report.span = SpanOf(fields);
  report.ended = fields.OptionalBool("ended").value_or(false);
  report.detected_at = fields.Time("detected_at");
  HELIOS_CHECK(fields.Finish());
  report.series_key = SeriesDigest(report.series);
  static_cast<void>(outbox.Put(std::move(report)));
  return {};
}

Result<void> RestoreClock(const json::object& object, WatchTable& table) {
  constexpr std::int64_t kMost = 1'000'000'000;
  http::ObjectReader fields(object);
  const TenantId tenant = TenantOf(fields);
  const std::string zone = fields.String("zone");
  const auto shift = fields.OptionalInteger("shift_seconds", -kMost, kMost);
  HELIOS_CHECK(fields.Finish());
  table.Of(tenant).clock = WatchClock(zone, std::chrono::seconds{shift.value_or(0)});
  return {};
}

}  // namespace

json::object OpenToJson(TenantId tenant, tsdb::SeriesId series, const OpenAnomaly& open) {
  const ml::AnomalyTracker::Memory memory = open.tracker.memory();
  return {{"tenant", tenant.ToString()},
          {"series", std::to_string(series.value)},
          {"span", ToJson(memory.open.value_or(ml::AnomalySpan{}))},
          {"normal", memory.normal},
          {"quiet", memory.quiet},
          {"detected_at", ToUnixMs(open.detected_at)}};
}

json::object ReportToJson(const AnomalyReport& report) {
  json::object labels;
  for (const tsdb::Label& label : report.series.labels) labels[label.name] = label.value;
  return {{"tenant", report.tenant.ToString()},
          {"metric", report.series.metric},
          {"labels", std::move(labels)},
          {"span", ToJson(report.span)},
          {"ended", report.ended},
          {"detected_at", ToUnixMs(report.detected_at)}};
}

json::object ClockToJson(TenantId tenant, const WatchClock& clock) {
  return {{"tenant", tenant.ToString()}, {"zone", clock.zone()}, {"shift_seconds", clock.shift().count()}};
}

Result<void> RestoreFromJson(std::string_view text, StreamDetector& detector, ReportOutbox& outbox) {
  const auto restore = [&]() -> Result<void> {
    HELIOS_TRY(const json::value parsed, http::ParseJson(text));
    if (!parsed.is_object()) {
      return Fail(ErrorCode::kDataCorruption, "detection.bad_state", "cannot restore anomalies: they are no object");
    }
    http::ObjectReader fields(parsed.as_object());
    const json::array& open = fields.Array("open");
    const json::array& waiting = fields.Array("waiting");
    const json::array* clocks = fields.OptionalArray("clocks");
    HELIOS_CHECK(fields.Finish());
    for (const json::value& one : clocks == nullptr ? json::array{} : *clocks) {
      if (one.is_object()) HELIOS_CHECK(RestoreClock(one.as_object(), detector.table()));
    }
    for (const json::value& one : open) {
      if (one.is_object()) HELIOS_CHECK(RestoreOpen(one.as_object(), detector));
    }
    for (const json::value& one : waiting) {
      if (one.is_object()) HELIOS_CHECK(RestoreReport(one.as_object(), outbox));
    }
    return {};
  };
  if (auto restored = restore(); !restored) {
    return Fail(ErrorCode::kDataCorruption, "detection.bad_state", "cannot restore anomalies: {}",
                restored.error().message);
  }
  return {};
}

}  // namespace helios::detection
