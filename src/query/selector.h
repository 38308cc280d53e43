// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "tsdb/series.h"

namespace helios::query {

/// Parses matchers as Prometheus writes them: {host="a",job=~"api.*",mode!="idle",az!~"eu.*"}, where
/// strings are quoted with " or ' and take backslash escapes. "" and "{}" give none.
/// Errors: kInvalidArgument query.bad_match, naming the byte.
[[nodiscard]] Result<std::vector<tsdb::Matcher>> ParseMatchers(std::string_view text);

}  // namespace helios::query
