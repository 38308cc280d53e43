// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/detect_query.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>

namespace helios::detection {
namespace {

namespace json = boost::json;

std::string_view ReasonOf(const json::object& body) {
  const auto parsed = ParseDetectQuery(body);
  return parsed ? std::string_view{} : parsed.error().reason;
}

TEST(ParseDetectQuery, TakesAMetricWithLabelsAndARange) {
  const auto query = ParseDetectQuery(
      {{"metric", "cpu"}, {"labels", {{"host", "a"}}}, {"start", 1'000}, {"end", 2'000}, {"sensitivity", 3}});
  ASSERT_TRUE(query);
  const auto& selector = std::get<tsdb::SeriesSelector>(query->subject);
  EXPECT_EQ(selector.metric, "cpu");
  ASSERT_EQ(selector.matchers.size(), 1U);
  EXPECT_EQ(selector.matchers[0].value, "a");
  EXPECT_EQ(query->start, FromUnixMs(1'000));
  EXPECT_EQ(query->sensitivity, 3.0);
}

TEST(ParseDetectQuery, TakesHowManyJudgedSamplesToGive) {
  EXPECT_EQ(ParseDetectQuery({{"metric", "cpu"}})->judged_points, 0U);
  EXPECT_EQ(ParseDetectQuery({{"metric", "cpu"}, {"judged_points", 600}})->judged_points, 600U);
  for (const int points : {3, 1'001}) {
    EXPECT_EQ(ReasonOf({{"metric", "cpu"}, {"judged_points", points}}), "http.bad_field");
  }
  EXPECT_EQ(ReasonOf({{"history", json::array{}}, {"judged_points", 600}}), "detection.bad_subject");
}

TEST(ParseDetectQuery, PutsAHistoryInOrder) {
  const json::array history = {{{"timestamp", 2'000}, {"value", 2}}, {{"timestamp", 1'000}, {"value", 1}}};
  const auto query = ParseDetectQuery({{"history", history}});
  ASSERT_TRUE(query);
  const auto& samples = std::get<std::vector<ml::Sample>>(query->subject);
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].value, 1.0);
}

TEST(ParseDetectQuery, RefusesWhatMakesNoSense) {
  const json::array history = {{{"timestamp", 1}, {"value", 1}}};
  EXPECT_EQ(ReasonOf({}), "detection.bad_subject");
  EXPECT_EQ(ReasonOf({{"metric", "cpu"}, {"history", history}}), "detection.bad_subject");
  EXPECT_EQ(ReasonOf({{"history", history}, {"start", 1}}), "detection.bad_subject");
  EXPECT_EQ(ReasonOf({{"metric", "cpu"}, {"start", 2}, {"end", 1}}), "detection.bad_range");
  EXPECT_EQ(ReasonOf({{"metric", "cpu"}, {"sensitivity", 5.1}}), "detection.bad_sensitivity");
  EXPECT_EQ(ReasonOf({{"metric", "cpu"}, {"sensitivity", "high"}}), "http.bad_field");
  EXPECT_EQ(ReasonOf({{"metrik", "cpu"}}), "http.unknown_field");
  EXPECT_EQ(ReasonOf({{"history", json::array{1}}}), "http.bad_field");
  EXPECT_EQ(ReasonOf({{"history", json::array(kMostHistorySamples + 1)}}), "detection.history_too_long");
}

TEST(ParseBacktestQuery, TakesEverySeriesByDefaultAndRefusesLabelsAlone) {
  const auto query = ParseBacktestQuery({{"budget_per_week", 5}});
  ASSERT_TRUE(query);
  EXPECT_TRUE(query->selector.metric.empty());
  EXPECT_EQ(query->days, 14);
  EXPECT_EQ(query->budget_per_week, 5);
  const auto labels = ParseBacktestQuery({{"labels", {{"host", "a"}}}});
  ASSERT_FALSE(labels);
  EXPECT_EQ(labels.error().reason, "detection.bad_backtest");
}

}  // namespace
}  // namespace helios::detection
