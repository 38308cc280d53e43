// SPDX-License-Identifier: Apache-2.0
#include "workbench/duration_text.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace helios::workbench {
namespace {

struct Unit {
  std::int64_t ms;
  const char* name;
};
constexpr std::array kUnits = {Unit{86'400'000, "d"}, Unit{3'600'000, "h"}, Unit{60'000, "min"}, Unit{1'000, "s"}};

}  // namespace

Result<std::chrono::minutes> ParseMinutes(std::string_view text) {
  constexpr std::int64_t kMost = 10LL * 366 * 24 * 60;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::int64_t factor = unit.empty() || unit == "m" || unit == "min" ? 1
                              : unit == "h"                                ? 60
                              : unit == "d"                                ? 24 * 60
                              : unit == "w"                                ? 7 * 24 * 60
                                                                           : 0;
  if (error != std::errc() || factor == 0 || number < 1 || number > kMost / factor) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_duration",
                "cannot read the duration '{}': want a whole number of minutes, or such as 90m, 2h, 7d, 1w", text);
  }
  return std::chrono::minutes{number * factor};
}

std::string DurationText(std::chrono::milliseconds duration) {
  std::int64_t left = duration.count();
  std::string text;
  int parts = 0;
  for (const auto& unit : kUnits) {
    if (left < unit.ms && !(parts == 0 && unit.ms == kUnits.back().ms)) {
      if (parts > 0) break;
      continue;
    }
    text += fmt::format("{}{} {}", parts > 0 ? " " : "", left / unit.ms, unit.name);
    left %= unit.ms;
    if (++parts == 2) break;
  }
  return text;
}

}  // namespace helios::workbench
