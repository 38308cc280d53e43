// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <fmt/chrono.h>

#include <charconv>
#include <optional>

namespace helios {
namespace {

/// Reads exactly `digits` decimal digits from the front of `text`.
std::optional<int> TakeNumber(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool TakeChar(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<TimestampMs> Parse(std::string_view text) {
  using namespace std::chrono;
  const auto y = TakeNumber(text, 4);
  if (!y || !TakeChar(text, "-")) return std::nullopt;
  const auto mo = TakeNumber(text, 2);
  if (!mo || !TakeChar(text, "-")) return std::nullopt;
  const auto d = TakeNumber(text, 2);
  if (!d || !TakeChar(text, "Tt ")) return std::nullopt;
  const auto h = TakeNumber(text, 2);
  if (!h || !TakeChar(text, ":")) return std::nullopt;
  const auto mi = TakeNumber(text, 2);
  if (!mi || !TakeChar(text, ":")) return std::nullopt;
  const auto s = TakeNumber(text, 2);
  if (!s) return std::nullopt;

  const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
  if (*y < 1970 || !date.ok() || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;

  int ms = 0;
  if (TakeChar(text, ".")) {
    int scale = 100;
    std::size_t digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      ms += (text.front() - '0') * scale;
      scale /= 10;
      ++digits;
      text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
  }

  minutes offset{0};
  if (!TakeChar(text, "Zz")) {
    const bool negative = !text.empty() && text.front() == '-';
    if (!TakeChar(text, "+-")) return std::nullopt;
    const auto oh = TakeNumber(text, 2);
    if (!oh || !TakeChar(text, ":")) return std::nullopt;
    const auto om = TakeNumber(text, 2);
    if (!om || *oh > 23 || *om > 59) return std::nullopt;
    offset = hours{*oh} + minutes{*om};
    if (negative) offset = -offset;
  }
  if (!text.empty()) return std::nullopt;
  return TimestampMs{sys_days{date} + hours{*h} + minutes{*mi} + seconds{*s} + milliseconds{ms} - offset};
}

}  // namespace

Result<TimestampMs> ParseRfc3339(std::string_view text) {
  if (const auto time = Parse(text)) return *time;
  return Fail(ErrorCode::kInvalidArgument, "time.not_rfc3339",
              "cannot read a time: got '{}'; want RFC 3339, such as 2026-01-03T12:00:00Z", text.substr(0, 64));
}

std::string FormatRfc3339(TimestampMs time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (const auto ms = clock.subseconds().count(); ms != 0) fmt::format_to(std::back_inserter(text), ".{:03}", ms);
  text += 'Z';
  return text;
}

}  // namespace helios
