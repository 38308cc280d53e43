// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/cron.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

namespace helios::jobs {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;

// A leap day that a century's rule leaves out comes again after eight years.
constexpr days kHorizon{9 * 366};
constexpr std::size_t kMaxBytes = 200;

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
  std::string_view name;
  unsigned least;
  unsigned most;
  std::span<const std::string_view> names;  ///< of the values from `least` on
};

const std::array<Field, 5> kFields = {{{"minute", 0, 59, {}},
                                       {"hour", 0, 23, {}},
                                       {"day of month", 1, 31, {}},
                                       {"month", 1, 12, kMonths},
                                       {"day of week", 0, 7, kWeekdays}}};

std::unexpected<Error> Bad(std::string_view text, std::string_view field, std::string_view got, std::string_view want) {
  return Fail(ErrorCode::kInvalidArgument, "jobs.bad_cron", "cannot read the schedule '{}': {}: got '{}'; want {}",
              text.substr(0, kMaxBytes), field, got.substr(0, 40), want);
}

std::vector<std::string_view> Split(std::string_view text, std::string_view separators, bool keep_empty) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    if (keep_empty || end != 0) {
      if (const auto part = text.substr(0, end); keep_empty || !part.empty()) parts.push_back(part);
    }
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<unsigned> Number(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::optional<unsigned> Value(const Field& field, std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (unsigned i = 0; i < field.names.size(); ++i) {
    if (lower == field.names[i]) return field.least + i;
  }
  const auto number = Number(text);
  if (!number || *number < field.least || *number > field.most) return std::nullopt;
  return number;
}

/// The values of one field, as bits.
Result<std::bitset<60>> ParseField(std::string_view whole, const Field& field, std::string_view text) {
  const std::string want = fmt::format("{} to {}{}", field.least, field.most,
                                       field.names.empty() ? "" : fmt::format(", or {} …", field.names.front()));
  std::bitset<60> bits;
  for (const std::string_view item : Split(text, ",", /*keep_empty=*/true)) {
    const std::size_t slash = item.find('/');
    const std::string_view range = item.substr(0, slash);
    const std::size_t dash = range.find('-');
    unsigned first = field.least;
    unsigned last = field.most;
    if (range != "*") {
      const auto from = Value(field, range.substr(0, dash));
      const auto to = dash == std::string_view::npos ? from : Value(field, range.substr(dash + 1));
      if (!from || !to) return Bad(whole, field.name, item, want);
      if (*from > *to) return Bad(whole, field.name, item, "a range that rises");
      first = *from;
      last = *to;
    }
    unsigned step = 1;
    if (slash != std::string_view::npos) {
      const auto number = Number(item.substr(slash + 1));
      const bool single = range != "*" && dash == std::string_view::npos;
      if (!number || *number == 0 || *number > field.most || single) {
        return Bad(whole, field.name, item, "a step of at least 1 behind * or a range, such as */15 or 8-18/2");
      }
      step = *number;
    }
    for (unsigned value = first; value <= last; value += step) bits.set(value);
  }
  return bits;
}

template <std::size_t Bits>
std::bitset<Bits> Narrow(const std::bitset<60>& bits) {
  return std::bitset<Bits>(bits.to_ullong() & ((1ULL << Bits) - 1));
}

}  // namespace

Result<Cron> Cron::Parse(std::string_view text) {
  if (text.size() > kMaxBytes) return Bad(text, "its length", std::to_string(text.size()), "at most 200 bytes");
  const auto parts = Split(text, " \t", /*keep_empty=*/false);
  if (parts.size() != kFields.size()) {
    return Bad(text, "fields", std::to_string(parts.size()), "5: minute, hour, day of month, month, day of week");
  }
  std::array<std::bitset<60>, 5> bits;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    HELIOS_TRY(bits[i], ParseField(text, kFields[i], parts[i]));
  }
  Cron cron;
  cron.minutes_ = bits[0];
  cron.hours_ = Narrow<24>(bits[1]);
  cron.days_ = Narrow<32>(bits[2]);
  cron.months_ = Narrow<13>(bits[3]);
  if (bits[4].test(7)) bits[4].set(0);
  cron.weekdays_ = Narrow<7>(bits[4]);
  cron.any_day_ = parts[2].starts_with('*');
  cron.any_weekday_ = parts[4].starts_with('*');

  static constexpr std::array<unsigned, 12> kLongest = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool comes = !cron.any_weekday_;
  for (unsigned month = 1; month <= 12 && !comes; ++month) {
    for (unsigned day = 1; day <= kLongest.at(month - 1); ++day) {
      comes = comes || (cron.months_.test(month) && cron.days_.test(day));
    }
  }
  if (!comes) return Bad(text, "day of month", parts[2], "a day that one of its months has");
  return cron;
}

bool Cron::FitsDay(local_days day) const {
  const std::chrono::year_month_day date{day};
  if (!months_.test(static_cast<unsigned>(date.month()))) return false;
  const bool fits_day = days_.test(static_cast<unsigned>(date.day()));
  const bool fits_weekday = weekdays_.test(std::chrono::weekday{day}.c_encoding());
  return any_day_ || any_weekday_ ? fits_day && fits_weekday : fits_day || fits_weekday;
}

bool Cron::Fits(LocalMinutes local) const {
  const auto day = std::chrono::floor<days>(local);
  const auto within = local - day;
  const auto hour = std::chrono::floor<hours>(within);
  return FitsDay(day) && hours_.test(static_cast<std::size_t>(hour.count())) &&
         minutes_.test(static_cast<std::size_t>((within - hour).count()));
}

std::optional<TimestampMs> Cron::NextByTheWall(TimestampMs after, const TimeZone& zone) const {
  const LocalMinutes start = zone.ToLocal(after);
  const local_days first_day = std::chrono::floor<days>(start);
  for (local_days day = first_day; day <= first_day + kHorizon; day += days{1}) {
    if (!FitsDay(day)) continue;
    for (int hour = 0; hour < 24; ++hour) {
      if (!hours_.test(static_cast<std::size_t>(hour))) continue;
      if (day + hours{hour + 1} <= start) continue;
      for (int minute = 0; minute < 60; ++minute) {
        if (!minutes_.test(static_cast<std::size_t>(minute))) continue;
        const TimestampMs time = zone.FirstTime(day + hours{hour} + minutes{minute});
        if (time > after) return time;
      }
    }
  }
  return std::nullopt;
}

std::optional<TimestampMs> Cron::Next(TimestampMs after, const TimeZone& zone) const {
  const auto next = NextByTheWall(after, zone);
  if (!next || !hours_.all()) return next;
  // By time elapsed: what the wall's clock shows again may come before what it has not shown yet.
  TimestampMs from = after;
  while (true) {
    const TimeZone::Repeated again = zone.NextRepeated(from, *next);
    if (again.begin == again.end) return next;
    const TimestampMs minute_after = std::chrono::floor<minutes>(after) + minutes{1};
    const TimestampMs begin = std::max(again.begin, minute_after);
    for (TimestampMs time = begin; time < again.end && time < *next; time += minutes{1}) {
      if (Fits(zone.ToLocal(time))) return time;
    }
    from = again.end;
  }
}

}  // namespace helios::jobs
