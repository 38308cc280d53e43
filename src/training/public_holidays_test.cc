// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/public_holidays.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace helios::training {
namespace {

using namespace std::chrono;  // NOLINT(google-build-using-namespace)
using ::testing::Contains;

std::vector<sys_days> DaysOf(std::string_view country, int of) {
  std::vector<sys_days> all;
  for (const auto& holiday : PublicHolidays(country, of, of)) all.push_back(holiday.days.at(0));
  return all;
}

TEST(PublicHolidays, EasterIsWhereTheAlmanacHasIt) {
  EXPECT_EQ(EasterSunday(2024), sys_days{2024y / March / 31});
  EXPECT_EQ(EasterSunday(2025), sys_days{2025y / April / 20});
  EXPECT_EQ(EasterSunday(2026), sys_days{2026y / April / 5});
  EXPECT_EQ(EasterSunday(2038), sys_days{2038y / April / 25}) << "the latest there is";
}

TEST(PublicHolidays, AreThoseOfTheCalendarOf2026) {
  EXPECT_THAT(DaysOf("DE", 2026), Contains(sys_days{2026y / May / 14})) << "Ascension";
  EXPECT_THAT(DaysOf("DE", 2026), Contains(sys_days{2026y / May / 25})) << "Whit Monday";
  EXPECT_THAT(DaysOf("AT", 2026), Contains(sys_days{2026y / June / 4})) << "Corpus Christi";
  EXPECT_THAT(DaysOf("GB", 2026), Contains(sys_days{2026y / August / 31})) << "the last Monday of August";
  EXPECT_THAT(DaysOf("US", 2026), Contains(sys_days{2026y / November / 26})) << "Thanksgiving";
  EXPECT_THAT(DaysOf("US", 2026), Contains(sys_days{2026y / May / 25})) << "Memorial Day";
}

TEST(PublicHolidays, EachCountryThatIsKnownHasSome) {
  for (const auto country : HolidayCountries()) EXPECT_GE(PublicHolidays(country, 2026, 2027).size(), 7U) << country;
  EXPECT_TRUE(PublicHolidays("XX", 2026, 2027).empty());
}

}  // namespace
}  // namespace helios::training
