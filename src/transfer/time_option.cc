// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/time_option.h"

#include <array>
#include <charconv>
#include <utility>

#include "transfer/csv_columns.h"

namespace helios::transfer {
namespace {

using std::chrono::seconds;

constexpr std::array<std::pair<std::string_view, seconds>, 6> kUnits = {{{"", seconds{1}},
                                                                         {"s", seconds{1}},
                                                                         {"m", std::chrono::minutes{1}},
                                                                         {"h", std::chrono::hours{1}},
                                                                         {"d", std::chrono::days{1}},
                                                                         {"w", std::chrono::weeks{1}}}};
constexpr std::int64_t kMostSeconds = 100LL * 366 * 86'400;

}  // namespace

Result<std::chrono::milliseconds> ParseDurationOption(std::string_view text, bool negative) {
  const bool minus = negative && text.starts_with('-');
  const std::string_view digits = text.substr(minus ? 1 : 0);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(digits.data() + digits.size() - end));
  for (const auto& [name, length] : kUnits) {
    if (error != std::errc{} || unit != name) continue;
    const std::int64_t length_s = static_cast<std::int64_t>(number) * length.count();
    if (length_s > kMostSeconds) break;
    return seconds{minus ? -length_s : length_s};
  }
  return Fail(ErrorCode::kInvalidArgument, "transfer.bad_option",
              "cannot read the duration '{}': want a number with s, m, h, d or w behind it, at most 100 years", text);
}

Result<TimestampMs> ParseTimeOption(std::string_view text, TimestampMs now) {
  if (text == "now") return now;
  if (text.starts_with("now-")) {
    HELIOS_TRY(const auto before, ParseDurationOption(text.substr(4)));
    return now - before;
  }
  if (const auto time = ParseCsvTime(text, TimeUnit::kSeconds)) return *time;
  return Fail(ErrorCode::kInvalidArgument, "transfer.bad_option",
              "cannot read the time '{}': want RFC 3339, unix seconds, 'now', or 'now-14d'", text);
}

}  // namespace helios::transfer
