// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ml/grid.h"

namespace helios::workbench {

/// Parses a history as JSON: an array of {"timestamp", "value"}, or an object with that array as "history",
/// as the API takes it. A timestamp is RFC 3339 or unix milliseconds; a value is a number or null, a gap.
/// Errors: kInvalidArgument workbench.bad_history, which names the sample's field ("history[3].value").
[[nodiscard]] Result<std::vector<ml::Sample>> ParseJsonHistory(std::string_view text, std::string_view name);

/// One series out of a CSV file (csv_series.h), or out of a JSON file when the text starts with '[' or '{'.
/// Errors: those of ReadFile(), ParseCsvSeries() and ParseJsonHistory().
[[nodiscard]] Result<std::vector<ml::Sample>> ReadHistory(const std::filesystem::path& path);

}  // namespace helios::workbench
