// SPDX-License-Identifier: Apache-2.0
#include "wire/history_json.h"

#include <gmock/gmock.h>

#include <cmath>

#include "http/json.h"

namespace helios::wire {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

boost::json::array Array(std::string_view text) {
  return http::ParseJson(text)->as_array();
}

TEST(ReadHistory, TakesBothKindsOfTimeAndNullAsAGap) {
  const auto history = ReadHistory(Array(R"([{"timestamp":1767441600000,"value":1},
                                             {"timestamp":"2026-01-03T12:01:00Z","value":2.5},
                                             {"timestamp":1767441720000,"value":null}])"));
  ASSERT_TRUE(history) << history.error().message;
  ASSERT_EQ(history->size(), 3U);
  EXPECT_EQ((*history)[0].time, FromUnixMs(1'767'441'600'000));
  EXPECT_EQ((*history)[0].value, 1.0);
  EXPECT_EQ((*history)[1].time, FromUnixMs(1'767'441'660'000));
  EXPECT_EQ((*history)[1].value, 2.5);
  EXPECT_TRUE(std::isnan((*history)[2].value));
}

TEST(ReadHistory, NamesTheFieldThatItCannotRead) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"(5)", "'history[1]'"},
      {R"({"value":1})", "'history[1].timestamp'"},
      {R"({"timestamp":null,"value":1})", "'history[1].timestamp'"},
      {R"({"timestamp":"yesterday","value":1})", "'history[1].timestamp'"},
      {R"({"timestamp":-1,"value":1})", "'history[1].timestamp'"},
      {R"({"timestamp":9223372036854775807,"value":1})", "'history[1].timestamp'"},
      {R"({"timestamp":1})", "'history[1].value'"},
      {R"({"timestamp":1,"value":"1"})", "'history[1].value'"},
      {R"({"timestamp":1,"value":1,"valu":1})", "'history[1].valu'"},
  };
  for (const auto& [item, name] : cases) {
    const auto history = ReadHistory(Array(fmt::format(R"([{{"timestamp":0,"value":0}},{}])", item)));
    ASSERT_FALSE(history) << item;
    EXPECT_EQ(history.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(history.error().message, HasSubstr(std::string(name))) << item;
  }
}

TEST(ReadHistory, RefusesMoreSamplesThanAllowed) {
  const auto two = Array(R"([{"timestamp":0,"value":0},{"timestamp":1,"value":0}])");
  EXPECT_TRUE(ReadHistory(two, 2));
  const auto refused = ReadHistory(two, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "inference.history_too_long");
}

TEST(ReadHorizons, TakesWholeMinutesOfAWeek) {
  EXPECT_THAT(ReadHorizons(Array("[15,1,10080]")).value(), ElementsAre(minutes{15}, minutes{1}, minutes{10'080}));
  for (const char* text : {"[]", "[0]", "[10081]", "[-5]", "[1.5]", R"(["15"])", "[18446744073709551615]"}) {
    const auto horizons = ReadHorizons(Array(text));
    ASSERT_FALSE(horizons) << text;
    EXPECT_EQ(horizons.error().reason, "inference.bad_horizon");
  }
  EXPECT_TRUE(ReadHorizons(boost::json::array(2016, 1)));
  EXPECT_FALSE(ReadHorizons(boost::json::array(2017, 1)));
}

TEST(ReadLevel, LiesBetweenNothingAndEverything) {
  EXPECT_EQ(ReadLevel(0.8), 0.8);
  for (const double level : {0.0, 1.0, -1.0, 95.0, std::nan("")}) EXPECT_FALSE(ReadLevel(level)) << level;
}

}  // namespace
}  // namespace helios::wire
