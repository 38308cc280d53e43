// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ml/grid.h"

namespace helios::workbench {

/// Parses a series written as CSV: the header `timestamp,value`, then a line a sample in any order of time.
///
/// A timestamp is in unix seconds, with a fraction where wanted, or RFC 3339. A value is a decimal number;
/// an empty one, `nan` and `inf` are a gap. Empty lines are passed over, and a carriage return at a line's
/// end. `name` stands for the text in messages.
/// Errors: kInvalidArgument workbench.bad_csv, which names the line.
[[nodiscard]] Result<std::vector<ml::Sample>> ParseCsvSeries(std::string_view text, std::string_view name);

/// ParseCsvSeries() of a file of at most 64 MiB. Errors: those, and those of ReadFile().
[[nodiscard]] Result<std::vector<ml::Sample>> ReadCsvSeries(const std::filesystem::path& path);

}  // namespace helios::workbench
