// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "tsdb/series.h"

namespace helios::live {

/// One event as it goes over the wire: `id:` unless empty, `event:`, `data:`, and the empty line.
/// Source: WHATWG HTML, section 9.2.5, "Parsing an event stream".
[[nodiscard]] std::string EventText(std::string_view name, const boost::json::value& data, std::string_view id = {});

/// {"series", "metric", "labels"}: what later events call by its number alone.
[[nodiscard]] boost::json::object SeriesIntroduction(tsdb::SeriesId series, const tsdb::SeriesKey& key);

/// [time in unix milliseconds, value]: NaN and infinities as texts, a stale marker as null, as POST /query gives them.
[[nodiscard]] boost::json::array PointJson(TimestampMs time, double value);

/// `gap`: what lies between the two has to be read again.
[[nodiscard]] std::string GapText(TimestampMs from, TimestampMs to, std::string_view id = {});

/// `end`: the stream's last event, and why.
[[nodiscard]] std::string EndText(std::string_view reason, std::string_view detail);

}  // namespace helios::live
