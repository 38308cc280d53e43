// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <span>
#include <string_view>
#include <vector>

namespace helios::training {

/// A public holiday and the days that it falls on.
struct PublicHoliday {
  std::string_view name;
  std::vector<std::chrono::sys_days> days;
};

/// Countries whose holidays are known: ISO 3166-1 codes, rising.
[[nodiscard]] std::span<const std::string_view> HolidayCountries();

/// The holidays of the whole country (for GB those of England and Wales, for US the federal ones) of the years `first`
/// to `last`, by the rules of today; none for a country that is not known. What is moved off a weekend is told by its
/// calendar day. Requires years after 1582.
[[nodiscard]] std::vector<PublicHoliday> PublicHolidays(std::string_view country, int first, int last);

/// Easter Sunday of the Gregorian calendar. Source: Meeus, "Astronomical Algorithms", 2nd ed., ch. 8.
[[nodiscard]] std::chrono::sys_days EasterSunday(int year);

}  // namespace helios::training
