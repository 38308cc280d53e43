// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/public_holidays.h"

#include <algorithm>
#include <array>

namespace helios::training {
namespace {

using namespace std::chrono;  // NOLINT(google-build-using-namespace): January, Monday, last

/// How a holiday's day of a year is found.
struct Rule {
  enum class Kind : unsigned char { kFixed, kEaster, kNthWeekday, kLastWeekday };

  std::string_view country;
  std::string_view name;
  Kind kind;
  int a;  ///< month; days after Easter Sunday
  int b;  ///< day of the month; weekday, 0 for Sunday
  int c;  ///< which such weekday of the month
};

constexpr auto kFixed = Rule::Kind::kFixed;
constexpr auto kEaster = Rule::Kind::kEaster;
constexpr auto kNth = Rule::Kind::kNthWeekday;
constexpr auto kLast = Rule::Kind::kLastWeekday;

constexpr std::array<std::string_view, 8> kCountries = {"AT", "DE", "ES", "FR", "GB", "IT", "NL", "US"};

constexpr Rule kRules[] = {
    {"AT", "New Year", kFixed, 1, 1, 0},
    {"AT", "Epiphany", kFixed, 1, 6, 0},
    {"AT", "Easter Monday", kEaster, 1, 0, 0},
    {"AT", "Labour Day", kFixed, 5, 1, 0},
    {"AT", "Ascension", kEaster, 39, 0, 0},
    {"AT", "Whit Monday", kEaster, 50, 0, 0},
    {"AT", "Corpus Christi", kEaster, 60, 0, 0},
    {"AT", "Assumption", kFixed, 8, 15, 0},
    {"AT", "National Day", kFixed, 10, 26, 0},
    {"AT", "All Saints", kFixed, 11, 1, 0},
    {"AT", "Immaculate Conception", kFixed, 12, 8, 0},
    {"AT", "Christmas", kFixed, 12, 25, 0},
    {"AT", "St Stephen", kFixed, 12, 26, 0},

    {"DE", "New Year", kFixed, 1, 1, 0},
    {"DE", "Good Friday", kEaster, -2, 0, 0},
    {"DE", "Easter Monday", kEaster, 1, 0, 0},
    {"DE", "Labour Day", kFixed, 5, 1, 0},
    {"DE", "Ascension", kEaster, 39, 0, 0},
    {"DE", "Whit Monday", kEaster, 50, 0, 0},
    {"DE", "German Unity", kFixed, 10, 3, 0},
    {"DE", "Christmas", kFixed, 12, 25, 0},
    {"DE", "St Stephen", kFixed, 12, 26, 0},

    {"ES", "New Year", kFixed, 1, 1, 0},
    {"ES", "Epiphany", kFixed, 1, 6, 0},
    {"ES", "Good Friday", kEaster, -2, 0, 0},
    {"ES", "Labour Day", kFixed, 5, 1, 0},
    {"ES", "Assumption", kFixed, 8, 15, 0},
    {"ES", "National Day", kFixed, 10, 12, 0},
    {"ES", "All Saints", kFixed, 11, 1, 0},
    {"ES", "Constitution Day", kFixed, 12, 6, 0},
    {"ES", "Immaculate Conception", kFixed, 12, 8, 0},
    {"ES", "Christmas", kFixed, 12, 25, 0},

    {"FR", "New Year", kFixed, 1, 1, 0},
    {"FR", "Easter Monday", kEaster, 1, 0, 0},
    {"FR", "Labour Day", kFixed, 5, 1, 0},
    {"FR", "Victory Day", kFixed, 5, 8, 0},
    {"FR", "Ascension", kEaster, 39, 0, 0},
    {"FR", "Whit Monday", kEaster, 50, 0, 0},
    {"FR", "National Day", kFixed, 7, 14, 0},
    {"FR", "Assumption", kFixed, 8, 15, 0},
    {"FR", "All Saints", kFixed, 11, 1, 0},
    {"FR", "Armistice", kFixed, 11, 11, 0},
    {"FR", "Christmas", kFixed, 12, 25, 0},

    {"GB", "New Year", kFixed, 1, 1, 0},
    {"GB", "Good Friday", kEaster, -2, 0, 0},
    {"GB", "Easter Monday", kEaster, 1, 0, 0},
    {"GB", "Early May", kNth, 5, 1, 1},
    {"GB", "Spring", kLast, 5, 1, 0},
    {"GB", "Summer", kLast, 8, 1, 0},
    {"GB", "Christmas", kFixed, 12, 25, 0},
    {"GB", "Boxing Day", kFixed, 12, 26, 0},

    {"IT", "New Year", kFixed, 1, 1, 0},
    {"IT", "Epiphany", kFixed, 1, 6, 0},
    {"IT", "Easter Monday", kEaster, 1, 0, 0},
    {"IT", "Liberation Day", kFixed, 4, 25, 0},
    {"IT", "Labour Day", kFixed, 5, 1, 0},
    {"IT", "Republic Day", kFixed, 6, 2, 0},
    {"IT", "Assumption", kFixed, 8, 15, 0},
    {"IT", "All Saints", kFixed, 11, 1, 0},
    {"IT", "Immaculate Conception", kFixed, 12, 8, 0},
    {"IT", "Christmas", kFixed, 12, 25, 0},
    {"IT", "St Stephen", kFixed, 12, 26, 0},

    {"NL", "New Year", kFixed, 1, 1, 0},
    {"NL", "Easter Monday", kEaster, 1, 0, 0},
    {"NL", "King's Day", kFixed, 4, 27, 0},
    {"NL", "Ascension", kEaster, 39, 0, 0},
    {"NL", "Whit Monday", kEaster, 50, 0, 0},
    {"NL", "Christmas", kFixed, 12, 25, 0},
    {"NL", "Second Christmas Day", kFixed, 12, 26, 0},

    {"US", "New Year", kFixed, 1, 1, 0},
    {"US", "Martin Luther King Day", kNth, 1, 1, 3},
    {"US", "Washington's Birthday", kNth, 2, 1, 3},
    {"US", "Memorial Day", kLast, 5, 1, 0},
    {"US", "Juneteenth", kFixed, 6, 19, 0},
    {"US", "Independence Day", kFixed, 7, 4, 0},
    {"US", "Labor Day", kNth, 9, 1, 1},
    {"US", "Columbus Day", kNth, 10, 1, 2},
    {"US", "Veterans Day", kFixed, 11, 11, 0},
    {"US", "Thanksgiving", kNth, 11, 4, 4},
    {"US", "Christmas", kFixed, 12, 25, 0},
};

sys_days DayOf(const Rule& rule, int year_number) {
  const year of{year_number};
  const month in{static_cast<unsigned>(rule.a)};
  const weekday on{static_cast<unsigned>(rule.b)};
  switch (rule.kind) {
    case kFixed: return sys_days{of / in / day{static_cast<unsigned>(rule.b)}};
    case kEaster: return EasterSunday(year_number) + days{rule.a};
    case kNth: return sys_days{of / in / on[static_cast<unsigned>(rule.c)]};
    case kLast: return sys_days{of / in / on[last]};
  }
  return {};
}

}  // namespace

std::span<const std::string_view> HolidayCountries() {
  return kCountries;
}

sys_days EasterSunday(int year_number) {
  const int a = year_number % 19;
  const int b = year_number / 100;
  const int c = year_number % 100;
  const int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
  const int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
  return sys_days{year{year_number} / month{static_cast<unsigned>(f / 31)} / day{static_cast<unsigned>(f % 31 + 1)}};
}

std::vector<PublicHoliday> PublicHolidays(std::string_view country, int first, int last_year) {
  std::vector<PublicHoliday> holidays;
  for (const Rule& rule : kRules) {
    if (rule.country != country) continue;
    auto& holiday = holidays.emplace_back(PublicHoliday{.name = rule.name, .days = {}});
    for (int year_number = first; year_number <= last_year; ++year_number) {
      holiday.days.push_back(DayOf(rule, year_number));
    }
  }
  return holidays;
}

}  // namespace helios::training
