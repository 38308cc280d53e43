// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/event_text.h"

#include <cmath>

#include "http/json.h"
#include "tsdb/sample_store.h"

namespace helios::live {

namespace json = boost::json;

std::string EventText(std::string_view name, const json::value& data, std::string_view id) {
  std::string out;
  if (!id.empty()) out.append("id: ").append(id).append("\n");
  out.append("event: ").append(name).append("\ndata: ");
  out += http::JsonBytes(data);  // JSON escapes line breaks, so that the data is one line
  out += "\n\n";
  return out;
}

json::object SeriesIntroduction(tsdb::SeriesId series, const tsdb::SeriesKey& key) {
  json::object labels;
  for (const tsdb::Label& label : key.labels) labels[label.name] = label.value;
  return {{"series", fmt::to_string(series.value)}, {"metric", key.metric}, {"labels", std::move(labels)}};
}

json::array PointJson(TimestampMs time, double value) {
  json::value shown = value;
  if (tsdb::IsStaleMarker(value)) {
    shown = nullptr;
  } else if (std::isnan(value)) {
    shown = "NaN";
  } else if (std::isinf(value)) {
    shown = value > 0 ? "+Inf" : "-Inf";
  }
  return json::array{ToUnixMs(time), std::move(shown)};
}

std::string GapText(TimestampMs from, TimestampMs to, std::string_view id) {
  return EventText("gap", json::object{{"from", ToUnixMs(from)}, {"to", ToUnixMs(to)}}, id);
}

std::string EndText(std::string_view reason, std::string_view detail) {
  return EventText("end", json::object{{"reason", reason}, {"detail", detail}});
}

}  // namespace helios::live
