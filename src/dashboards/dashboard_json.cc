// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "dashboards/dashboard_json.h"

#include <boost/json/serialize.hpp>

#include <algorithm>

#include "http/json.h"

namespace helios::dashboards {
namespace {

constexpr std::size_t kMaxTitle = 200;
constexpr std::size_t kMaxMetric = 255;
constexpr std::size_t kMaxMatch = 2048;
constexpr std::string_view kAggregates[] = {"avg", "min", "max", "sum", "count", "last"};

Chart ReadFields(http::ObjectReader& reader) {
  const auto integer = [&reader](std::string_view name, std::int64_t least, std::int64_t most) {
    const auto value = reader.OptionalInteger(name, least, most);
    if (!value) reader.Reject(name, "nothing", "a whole number");
    return value.value_or(least);
  };
  Chart chart;
  chart.title = reader.String("title", kMaxTitle);
  chart.metric = reader.String("metric", kMaxMetric);
  chart.match = reader.OptionalString("match", kMaxMatch).value_or("");
  chart.aggregate = reader.OptionalString("aggregate").value_or(chart.aggregate);
  chart.hours = reader.OptionalInteger("hours", 1, kMaxHours).value_or(chart.hours);
  chart.forecast = reader.OptionalBool("forecast").value_or(false);
  chart.x = integer("x", 0, kColumns - 1);
  chart.y = integer("y", 0, kMaxRow);
  chart.width = integer("width", 1, kColumns);
  chart.height = integer("height", 1, kMaxHeight);
  if (chart.title.empty()) reader.Reject("title", "nothing", "1 to 200 bytes");
  if (chart.metric.empty()) reader.Reject("metric", "nothing", "the name of a metric");
  if (std::ranges::find(kAggregates, chart.aggregate) == std::end(kAggregates)) {
    reader.Reject("aggregate", chart.aggregate, "avg, min, max, sum, count or last");
  }
  if (chart.x + chart.width > kColumns) {
    reader.Reject("width", fmt::format("{} at column {}", chart.width, chart.x), "a chart within 12 columns");
  }
  return chart;
}

bool Overlap(const Chart& a, const Chart& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

std::unexpected<Error> BadCharts(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, "http.bad_field", "cannot use 'charts': {}", message);
}

}  // namespace

Result<std::vector<Chart>> ReadCharts(const boost::json::array& charts, const MatchCheck& check_match) {
  if (charts.size() > kMaxCharts)
    return BadCharts(fmt::format("got {} charts; want at most {}", charts.size(), kMaxCharts));
  std::vector<Chart> read;
  for (std::size_t i = 0; i < charts.size(); ++i) {
    if (!charts[i].is_object()) {
      return BadCharts(fmt::format("got {} at [{}]; want an object", http::KindName(charts[i]), i));
    }
    http::ObjectReader reader(charts[i].as_object(), fmt::format("charts[{}].", i));
    Chart chart = ReadFields(reader);
    HELIOS_CHECK(reader.Finish());
    HELIOS_CHECK(check_match(chart.match));
    for (std::size_t before = 0; before < read.size(); ++before) {
      if (Overlap(read[before], chart)) {
        return BadCharts(fmt::format("[{}] lies over [{}]; want each cell of the grid used once", i, before));
      }
    }
    read.push_back(std::move(chart));
  }
  return read;
}

boost::json::array ToJson(const std::vector<Chart>& charts) {
  boost::json::array rows;
  for (const Chart& chart : charts) {
    rows.push_back({{"title", chart.title},
                    {"metric", chart.metric},
                    {"match", chart.match},
                    {"aggregate", chart.aggregate},
                    {"hours", chart.hours},
                    {"forecast", chart.forecast},
                    {"x", chart.x},
                    {"y", chart.y},
                    {"width", chart.width},
                    {"height", chart.height}});
  }
  return rows;
}

boost::json::object ToJson(const Dashboard& dashboard) {
  boost::json::value created_by;
  if (dashboard.created_by) created_by = dashboard.created_by->ToString();
  return {{"id", dashboard.id.ToString()},
          {"name", dashboard.name},
          {"charts", ToJson(dashboard.charts)},
          {"shared", dashboard.shared},
          {"version", dashboard.version},
          {"created_by", std::move(created_by)},
          {"created_at", FormatRfc3339(dashboard.created_at)},
          {"updated_at", FormatRfc3339(dashboard.updated_at)}};
}

std::string ToLayout(const std::vector<Chart>& charts, bool shared) {
  return boost::json::serialize(boost::json::object{{"charts", ToJson(charts)}, {"shared", shared}});
}

std::vector<Chart> FromLayout(std::string_view layout) {
  const auto parsed = http::ParseJson(layout);
  if (!parsed || !parsed->is_object()) return {};
  const boost::json::value* const charts = parsed->as_object().if_contains("charts");
  if (charts == nullptr || !charts->is_array()) return {};
  return ReadCharts(charts->as_array(), [](std::string_view) { return Result<void>(); }).value_or(std::vector<Chart>{});
}

}  // namespace helios::dashboards
