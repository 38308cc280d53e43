// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/custom_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace helios::training {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

Result<CustomModelDefinition> Read(std::string_view text) {
  const auto body = boost::json::parse(text);
  http::ObjectReader reader(body.as_object());
  auto definition = ReadDefinition(reader);
  HELIOS_CHECK(reader.Finish());
  HELIOS_CHECK(CheckDefinition(definition));
  return definition;
}

TEST(CustomModelDefinition, IsReadAndWrittenBackAsItWas) {
  const std::string text =
      R"({"models":["prophet","theta"],"seasonalities":[{"period_minutes":1440,"order":6},{"period_minutes":10080}],)"
      R"("holiday_country":"DE","holidays":[{"name":"sale","dates":["2026-11-27"],"days_before":1,"days_after":2}],)"
      R"("horizons":[15,1440]})";
  const auto read = Read(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(boost::json::serialize(ToJson(*read)), text);
  EXPECT_EQ(read->holidays.at(0).days.at(0), std::chrono::sys_days{2026y / 11 / 27});
}

TEST(CustomModelDefinition, NeedsAModelAlone) {
  const auto read = Read(R"({"models": ["mstl"]})");
  ASSERT_TRUE(read) << read.error().message;
  const auto options = OptionsOf(*read, {}, FromUnixMs(0), FromUnixMs(1));
  EXPECT_EQ(options.horizons, (std::vector<std::chrono::minutes>{15min, 30min, 60min})) << "the organization's";
  EXPECT_TRUE(options.holidays.empty());
}

TEST(CustomModelDefinition, SaysWhatIsWrongWithIt) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({})", "models"},
      {R"({"models": []})", "models"},
      {R"({"models": ["arima"]})", "arima"},
      {R"({"models": [1]})", "models"},
      {R"({"models": ["theta", "theta"]})", "twice"},
      {R"({"models": ["theta"], "horizons": []})", "horizons"},
      {R"({"models": ["theta"], "horizons": [1441]})", "1441"},
      {R"({"models": ["theta"], "horizons": [0]})", "horizons"},
      {R"({"models": ["theta"], "horizons": [1,2,3,4,5,6,7,8,9,10,11,12,13]})", "13"},
      {R"({"models": ["theta"], "seasonalities": [{"period_minutes": 7}]})", "period_minutes"},
      {R"({"models": ["theta"], "seasonalities": [{"period_minutes": 12}]})", "multiples of 5"},
      {R"({"models": ["theta"], "seasonalities": [{"period_minutes": 20165}]})", "period_minutes"},
      {R"({"models": ["theta"], "seasonalities": [{}]})", "period_minutes"},
      {R"({"models": ["theta"], "seasonalities": [{"period_minutes": 60}, {"period_minutes": 60}]})", "rising"},
      {R"({"models": ["theta"], "seasonalities": [{"period_minutes": 60, "order": 21}]})", "order"},
      {R"({"models": ["prophet"], "holiday_country": "XX"})", "XX"},
      {R"({"models": ["theta"], "holiday_country": "DE"})", "prophet"},
      {R"({"models": ["prophet"], "holidays": [{"name": "x", "dates": ["2026-02-30"]}]})", "2026-02-30"},
      {R"({"models": ["prophet"], "holidays": [{"name": "x", "dates": []}]})", "without dates"},
      {R"({"models": ["prophet"], "holidays": [{"dates": ["2026-01-01"]}]})", "name"},
      {R"({"models": ["prophet"], "holidays": [{"name": "x", "dates": ["2026-01-01"], "days_after": 8}]})",
       "days_after"},
      {R"({"models": ["prophet"], "regressors": []})", "regressors"},
  };
  for (const auto& [text, names] : wrong) {
    const auto read = Read(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument) << text;
    EXPECT_THAT(read.error().message, HasSubstr(names)) << text;
  }
}

TEST(CustomModelDefinition, GivesProphetTheCountrysDaysOfTheYearsAroundTheHistory) {
  const auto read = Read(R"({"models": ["prophet"], "holiday_country": "US"})");
  const auto time = *ParseRfc3339("2026-12-20T00:00:00Z");
  const auto options = OptionsOf(*read, {}, time, time);
  ASSERT_EQ(options.holidays.size(), 11U);
  EXPECT_EQ(options.holidays.front().days,
            (std::vector<TimestampMs>{*ParseRfc3339("2026-01-01T12:00:00Z"), *ParseRfc3339("2027-01-01T12:00:00Z")}));
}

TEST(HasCustomModels, FromTheProfessionalPlanOn) {
  EXPECT_FALSE(HasCustomModels(tenancy::Plan::kStarter));
  EXPECT_TRUE(HasCustomModels(tenancy::Plan::kProfessional));
  EXPECT_TRUE(HasCustomModels(tenancy::Plan::kEnterprise));
}

}  // namespace
}  // namespace helios::training
