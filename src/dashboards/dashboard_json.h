// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <string_view>

#include "base/result.h"
#include "dashboards/dashboard.h"

namespace helios::dashboards {

/// Whether a text is matchers as POST /query takes them. Errors: kInvalidArgument query.bad_match.
using MatchCheck = std::function<Result<void>(std::string_view)>;

/// Charts of a request, checked: at most kMaxCharts, each within its bounds and the grid, none over another.
/// Errors: kInvalidArgument http.bad_field, http.unknown_field, naming the field, such as "charts[2].width"; those of
/// `check_match`.
[[nodiscard]] Result<std::vector<Chart>> ReadCharts(const boost::json::array& charts, const MatchCheck& check_match);

[[nodiscard]] boost::json::array ToJson(const std::vector<Chart>& charts);
[[nodiscard]] boost::json::object ToJson(const Dashboard& dashboard);

/// What dashboards.layout holds. A layout that cannot be read has no charts.
[[nodiscard]] std::string ToLayout(const std::vector<Chart>& charts, bool shared);
[[nodiscard]] std::vector<Chart> FromLayout(std::string_view layout);

}  // namespace helios::dashboards
