// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/rule_fields.h"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include <string>

#include "alerting/rule_backtest.h"

namespace helios::alerting {
namespace {

Result<std::vector<tsdb::Matcher>> ParseNothing(std::string_view text) {
  if (text.empty()) return std::vector<tsdb::Matcher>{};
  return Fail(ErrorCode::kInvalidArgument, "query.bad_match", "cannot read '{}'", text);
}

Result<RuleDefinition> Make(std::string_view json) {
  return ApplyFields({}, boost::json::parse(json).as_object(), true, ParseNothing);
}

std::string ReasonOf(std::string_view json) {
  const auto rule = Make(json);
  return rule ? "" : std::string(rule.error().reason);
}

TEST(ApplyFields, TakesTheSmallestRuleAndFillsInTheRest) {
  const auto rule = Make(R"({"name":"hot","metric":"cpu","condition":"above","threshold":90})");
  ASSERT_TRUE(rule) << rule.error().message;
  EXPECT_EQ(rule->threshold, 90);
  EXPECT_EQ(rule->severity, "medium");
  EXPECT_TRUE(rule->enabled);
  EXPECT_EQ(rule->hold.count(), 0);
}

TEST(ApplyFields, AChangeKeepsWhatItDoesNotName) {
  auto rule = Make(R"({"name":"hot","metric":"cpu","labels":{"host":"a"},"condition":"above","threshold":90})");
  ASSERT_TRUE(rule);
  const auto changed =
      ApplyFields(*rule, boost::json::parse(R"({"enabled":false,"threshold":95})").as_object(), false, ParseNothing);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->name, "hot");
  EXPECT_EQ(changed->labels, rule->labels);
  EXPECT_EQ(changed->threshold, 95);
  EXPECT_FALSE(changed->enabled);
}

TEST(ApplyFields, RefusesWhatIsNoRule) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"metric":"cpu","condition":"above","threshold":1})", "http.bad_field"},
      {R"({"name":"a","condition":"above","threshold":1})", "http.bad_field"},
      {R"({"name":"a","metric":"cpu"})", "http.bad_field"},
      {R"({"name":"","metric":"cpu","condition":"above","threshold":1})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"","condition":"above","threshold":1})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"above"})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"near","threshold":1})", "http.bad_field"},
      {R"({"name":"a","metric":"cpu","condition":"above","threshold":"x"})", "http.bad_field"},
      {R"({"name":"a","metric":"cpu","condition":"above","threshold":1,"horizon_minutes":5})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"above","threshold":1,"probability":0.5})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"above","threshold":1,"sensitivity":1})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"no_data","threshold":1,"for_seconds":60})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"no_data"})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"no_data","for_seconds":59})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"no_data","for_seconds":86401})", "http.bad_field"},
      {R"({"name":"a","metric":"cpu","condition":"outside_expected","sensitivity":6})", "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"forecast_breach","threshold":1,"probability":0.99})",
       "alerting.bad_rule"},
      {R"({"name":"a","metric":"cpu","condition":"forecast_breach","threshold":1,"horizon_minutes":0})",
       "http.bad_field"},
      {R"({"name":"a","metric":"cpu","condition":"forecast_breach","threshold":1,"direction":"up"})", "http.bad_field"},
      {R"({"name":"a","metric":"cpu","condition":"above","threshold":1,"severity":"bad"})", "http.bad_field"},
      {R"({"name":"a","metric":"cpu","condition":"above","threshold":1,"match":"{"})", "query.bad_match"},
      {R"({"name":"a","metric":"cpu","condition":"above","threshold":1,"channels":["x"]})", "http.bad_field"},
      {R"({"name":"a","metric":"cpu","condition":"above","threshold":1,"treshold":1})", "http.unknown_field"},
  };
  for (const auto& [json, reason] : cases) EXPECT_EQ(ReasonOf(json), reason) << json;
}

TEST(JoinSpans, OverlappingSpansAreOneIncidentWithTheWorstSeriesFirst) {
  const auto at = [](int minute) { return FromUnixMs(1'767'441'600'000) + std::chrono::minutes{minute}; };
  const auto span = [&](const char* host, int start, std::optional<int> end, double excess) {
    FiredSpan made{.key = {.metric = "cpu", .labels = {{"host", host}}},
                   .started_at = at(start),
                   .ended_at = {},
                   .value = 0,
                   .excess = excess};
    if (end) made.ended_at = at(*end);
    return made;
  };
  const auto incidents = JoinSpans(
      {span("c", 30, 40, 1), span("a", 0, 10, 1), span("b", 5, 20, 9), span("a", 50, {}, 1), span("b", 90, 95, 1)});
  ASSERT_EQ(incidents.size(), 3U);
  EXPECT_EQ(incidents[0].started_at, at(0));
  EXPECT_EQ(incidents[0].ended_at, at(20));
  EXPECT_EQ(incidents[0].series.front().key.Find("host"), "b");
  EXPECT_EQ(incidents[1].started_at, at(30));
  EXPECT_EQ(incidents[2].ended_at, std::nullopt);
  EXPECT_EQ(incidents[2].series.size(), 2U);
}

}  // namespace
}  // namespace helios::alerting
