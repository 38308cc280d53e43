// SPDX-License-Identifier: Apache-2.0
#include "http/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <limits>

namespace helios::http {
namespace {

using testing::HasSubstr;

std::string Written(const boost::json::value& value) {
  return std::get<std::string>(Json(200, value).body);
}

boost::json::object ObjectOf(std::string_view text) {
  auto value = ParseJson(text);
  EXPECT_TRUE(value.has_value()) << value.error().message;
  return value->as_object();
}

Request RequestWith(std::string body, std::string type) {
  Request request;
  request.body = std::move(body);
  if (!type.empty()) request.headers.Add("content-type", std::move(type));
  return request;
}

TEST(ParseJson, NamesTheByteWhereItStoppedMakingSense) {
  const auto value = ParseJson(R"({"a": 1, "b": x})");
  ASSERT_FALSE(value.has_value());
  EXPECT_EQ(value.error().reason, "http.bad_json");
  EXPECT_EQ(value.error().message, "cannot read JSON: not valid JSON at byte 14");
}

TEST(ParseJson, RefusesWhatEndsEarlyOrGoesOn) {
  EXPECT_THAT(ParseJson(R"({"a": 1)").error().message, HasSubstr("it ends early at byte 7"));
  EXPECT_THAT(ParseJson("").error().message, HasSubstr("it ends early at byte 0"));
  EXPECT_THAT(ParseJson("{} {}").error().message, HasSubstr("something follows the end of the value at byte 3"));
}

TEST(ParseJson, RefusesCommentsTrailingCommasNanAndBrokenUtf8) {
  for (const std::string_view text : {"[1,]", "/* a */ 1", "NaN", "[Infinity]", "\"\xff\"", "\"\xc0\xaf\"", "'a'", "01",
                                      "\"\n\"", "1e999", "-1e999"}) {
    EXPECT_FALSE(ParseJson(text).has_value()) << text;
  }
}

TEST(ParseJson, StopsAtItsDepth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(ParseJson(nested(32)).has_value());
  EXPECT_THAT(ParseJson(nested(33)).error().message, HasSubstr("nested too deep"));
  EXPECT_FALSE(ParseJson(std::string(1'000'000, '[')).has_value());
}

TEST(ParseJson, KeepsTheLastOfTwoFieldsOfOneName) {
  EXPECT_EQ(ObjectOf(R"({"a":1,"a":2})").at("a").as_int64(), 2);
}

TEST(ParseJson, ReadsDoublesToTheLastBit) {
  const auto value = ParseJson("[0.1, 3.141592653589793, 8.41e21, 9007199254740993.0, 5e-324, 1.7976931348623157e308]");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->at(0).as_double(), 0.1);
  EXPECT_EQ(value->at(1).as_double(), 3.141592653589793);
  EXPECT_EQ(value->at(2).as_double(), 8.41e21);
  EXPECT_EQ(value->at(3).as_double(), 9007199254740992.0);  // halfway: ties to even
  EXPECT_EQ(value->at(4).as_double(), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(value->at(5).as_double(), std::numeric_limits<double>::max());
  EXPECT_EQ(ParseJson("2.5")->as_double(), 2.5);  // a number that the end of the text ends
}

TEST(Json, WritesDoublesAsPeopleDo) {
  EXPECT_EQ(Written({0.75, 3.0, -0.1, 1234567.25, 1e300}), "[0.75,3,-0.1,1234567.25,1e+300]");
  EXPECT_EQ(Written({std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}),
            "[null,null]");
}

TEST(Json, WritesNestedValuesAndEscapes) {
  EXPECT_EQ(Written({{"a", {1, "x\"\\\n", nullptr, true}}, {"e", boost::json::array()}, {"o", boost::json::object()}}),
            R"({"a":[1,"x\"\\\u000a",null,true],"e":[],"o":{}})");
  EXPECT_EQ(Written("grün"), "\"grün\"");
  EXPECT_EQ(Json(201, 1).headers.Find("content-type"), "application/json");
}

TEST(JsonBody, TakesJsonTypesAndNoType) {
  for (const char* type : {"application/json", "Application/JSON; charset=utf-8", "application/problem+json", ""}) {
    EXPECT_TRUE(JsonBody(RequestWith("{}", type)).has_value()) << type;
  }
  const auto refused = JsonBody(RequestWith("{}", "text/plain"));
  EXPECT_EQ(refused.error().reason, "http.unsupported_type");
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupportedType);
}

TEST(JsonBody, RefusesAnEmptyBodyAnArrayAndTooMuch) {
  EXPECT_EQ(JsonBody(RequestWith("", "")).error().reason, "http.bad_json");
  EXPECT_THAT(JsonBody(RequestWith("[]", "")).error().message, HasSubstr("got an array; want an object"));
  EXPECT_EQ(JsonBody(RequestWith(std::string(kMaxJsonBytes + 1, ' '), "")).error().code, ErrorCode::kTooLarge);
}

TEST(ObjectReader, ReadsEachKindOfField) {
  const auto object = ObjectOf(R"({"s":"x","n":1.5,"i":7,"w":3.0,"b":true,"t":"1970-01-01T00:00:01Z","u":2000,
                                   "o":{"k":1},"a":[1],"l":["p","q"],"z":null})");
  ObjectReader reader(object);
  EXPECT_EQ(reader.String("s"), "x");
  EXPECT_EQ(reader.Number("n"), 1.5);
  EXPECT_EQ(reader.OptionalInteger("i", 0, 10), 7);
  EXPECT_EQ(reader.OptionalInteger("w", 0, 10), 3);
  EXPECT_EQ(reader.OptionalBool("b"), true);
  EXPECT_EQ(ToUnixMs(reader.Time("t")), 1000);
  EXPECT_EQ(ToUnixMs(reader.Time("u")), 2000);
  EXPECT_EQ(reader.Object("o").size(), 1U);
  EXPECT_EQ(reader.Array("a").size(), 1U);
  EXPECT_EQ(reader.OptionalStrings("l"), (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(reader.OptionalString("z"), std::nullopt);
  EXPECT_EQ(reader.OptionalNumber("absent"), std::nullopt);
  EXPECT_TRUE(reader.Finish().has_value());
}

TEST(ObjectReader, ReportsTheFirstErrorWithItsPlace) {
  const auto object = ObjectOf(R"({"email":5,"name":7})");
  ObjectReader reader(object, "owner.");
  EXPECT_EQ(reader.String("email"), "");
  EXPECT_EQ(reader.String("name"), "");
  const auto outcome = reader.Finish();
  EXPECT_EQ(outcome.error().reason, "http.bad_field");
  EXPECT_EQ(outcome.error().message, "cannot read field 'owner.email': got a number; want a string");
}

TEST(ObjectReader, TellsAbsentFromNull) {
  const auto object = ObjectOf(R"({"a":null})");
  ObjectReader null_reader(object);
  null_reader.String("a");
  EXPECT_EQ(null_reader.Finish().error().message, "cannot read field 'a': got null; want a string");
  ObjectReader absent_reader(object);
  absent_reader.String("b");
  EXPECT_EQ(absent_reader.Finish().error().message, "cannot read field 'b': got nothing; want a string");
}

TEST(ObjectReader, NamesTheNearestFieldForAnUnknownOne) {
  const auto object = ObjectOf(R"({"horizon":[15]})");
  ObjectReader reader(object);
  reader.OptionalArray("horizons");
  const auto outcome = reader.Finish();
  EXPECT_EQ(outcome.error().reason, "http.unknown_field");
  EXPECT_EQ(outcome.error().message, "cannot read field 'horizon': no such field; did you mean 'horizons'?");
}

TEST(ObjectReader, RefusesValuesOutOfRange) {
  const auto refused = [](std::string_view text, auto read) {
    const auto object = ObjectOf(text);
    ObjectReader reader(object);
    read(reader);
    const auto outcome = reader.Finish();
    return outcome ? std::string() : outcome.error().message;
  };
  EXPECT_THAT(refused(R"({"i":11})", [](auto& r) { r.OptionalInteger("i", 0, 10); }),
              HasSubstr("got 11; want an integer from 0 to 10"));
  EXPECT_THAT(refused(R"({"i":1.5})", [](auto& r) { r.OptionalInteger("i", 0, 10); }), HasSubstr("got 1.5"));
  EXPECT_THAT(refused(R"({"s":"abc"})", [](auto& r) { r.String("s", 2); }), HasSubstr("got 3 bytes; want at most 2"));
  EXPECT_THAT(refused(R"({"s":"a\u0000"})", [](auto& r) { r.String("s"); }), HasSubstr("NUL"));
  EXPECT_THAT(refused(R"({"t":"yesterday"})", [](auto& r) { r.Time("t"); }), HasSubstr("RFC 3339"));
  EXPECT_THAT(refused(R"({"t":-1})", [](auto& r) { r.Time("t"); }), HasSubstr("got -1"));
  EXPECT_THAT(refused(R"({"t":1e300})", [](auto& r) { r.Time("t"); }), HasSubstr("RFC 3339"));
  EXPECT_THAT(refused(R"({"l":["a",1]})", [](auto& r) { r.OptionalStrings("l"); }), HasSubstr("'l[1]'"));
}

}  // namespace
}  // namespace helios::http
