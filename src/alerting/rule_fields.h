// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <functional>
#include <string_view>
#include <vector>

#include "alerting/alert_rule.h"
#include "base/result.h"
#include "tsdb/series.h"

namespace helios::alerting {

/// Reads matchers as text: {host=~"web.*"}. Errors: kInvalidArgument query.bad_match.
using MatchParser = std::function<Result<std::vector<tsdb::Matcher>>(std::string_view)>;

/// Puts the fields of a JSON object over `rule`, and checks the whole. A new rule begins with a RuleDefinition{} and
/// `is_new`, and then needs name, metric and condition; a change keeps what it does not name. What the condition does
/// not use is refused.
/// Errors: kInvalidArgument http.bad_field, http.unknown_field, alerting.bad_rule, query.bad_match.
[[nodiscard]] Result<RuleDefinition> ApplyFields(RuleDefinition rule, const boost::json::object& body, bool is_new,
                                                 const MatchParser& parse_match);

/// What can be said of a change without knowing the rule: http.bad_field, http.unknown_field.
[[nodiscard]] Result<void> CheckFields(const boost::json::object& body);

/// The series that the rule is about. Errors: kInvalidArgument query.bad_match.
[[nodiscard]] Result<tsdb::SeriesSelector> SelectorOf(const RuleDefinition& rule, const MatchParser& parse_match);

}  // namespace helios::alerting
