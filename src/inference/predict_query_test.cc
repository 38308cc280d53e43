// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "inference/predict_query.h"

#include <gtest/gtest.h>

#include <cmath>

#include "http/json.h"

namespace helios::inference {
namespace {

Result<PredictQuery> Parse(std::string_view text) {
  return ParsePredictQuery(http::ParseJson(text)->as_object());
}

TEST(ParsePredictQuery, FillsInDefaults) {
  const auto query = Parse(R"({"metric":"cpu","labels":{"host":"a"}})");
  ASSERT_TRUE(query.has_value()) << query.error().message;
  const auto& selector = std::get<tsdb::SeriesSelector>(query->subject);
  EXPECT_EQ(selector.metric, "cpu");
  ASSERT_EQ(selector.matchers.size(), 1U);
  EXPECT_EQ(selector.matchers[0].value, "a");
  EXPECT_EQ(query->options.horizons.size(), 3U);
  EXPECT_EQ(query->options.level, 0.95);
  EXPECT_FALSE(query->allow_stale);
}

TEST(ParsePredictQuery, ReadsAHistory) {
  const auto query = Parse(R"({"history":[{"timestamp":1767441600000,"value":1},
                                          {"timestamp":"2026-01-03T12:01:00Z","value":2.5},
                                          {"timestamp":"2026-01-03T12:02:00Z","value":null}],"horizons":[5]})");
  ASSERT_TRUE(query.has_value()) << query.error().message;
  const auto& history = std::get<std::vector<ml::Sample>>(query->subject);
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[1].time - history[0].time, std::chrono::minutes{1});
  EXPECT_TRUE(std::isnan(history[2].value));  // a gap
}

TEST(ParsePredictQuery, RefusesBadInputByName) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({})", "inference.bad_subject"},
      {R"({"metric":"a","history":[]})", "inference.bad_subject"},
      {R"({"history":[],"labels":{}})", "inference.bad_subject"},
      {R"({"metric":"a","horizons":[]})", "inference.bad_horizon"},
      {R"({"metric":"a","horizons":[0]})", "inference.bad_horizon"},
      {R"({"metric":"a","horizons":[10081]})", "inference.bad_horizon"},
      {R"({"metric":"a","horizons":["15"]})", "inference.bad_horizon"},
      {R"({"metric":"a","level":1})", "inference.bad_level"},
      {R"({"metric":"a","level":"high"})", "http.bad_field"},
      {R"({"metric":"a","horizon":[15]})", "http.unknown_field"},
      {R"({"history":[{"timestamp":1}]})", "http.bad_field"},
      {R"({"history":[1]})", "http.bad_field"},
  };
  for (const auto& [text, reason] : cases) {
    const auto query = Parse(text);
    ASSERT_FALSE(query.has_value()) << text;
    EXPECT_EQ(query.error().reason, reason) << text;
  }
}

}  // namespace
}  // namespace helios::inference
