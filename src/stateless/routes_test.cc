// SPDX-License-Identifier: Apache-2.0
#include "stateless/routes.h"

#include <gmock/gmock.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "http/json.h"
#include "http/problem.h"
#include "ml/synthetic_series.h"

namespace helios::stateless {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

http::Request Asking(std::string body) {
  http::Request request;
  request.method = http::Method::kPost;
  request.body = std::move(body);
  return request;
}

json::object BodyOf(const Result<http::Response>& answer) {
  EXPECT_TRUE(answer) << answer.error().message;
  if (!answer) return {};
  EXPECT_EQ(answer->status, 200);
  return http::ParseJson(std::get<std::string>(answer->body))->as_object();
}

std::string HistoryOf(std::span<const ml::Sample> samples) {
  json::array history;
  for (const auto& sample : samples) {
    history.push_back({{"timestamp", ToUnixMs(sample.time)}, {"value", sample.value}});
  }
  return http::JsonBytes(history);
}

constexpr std::string_view kThree =
    R"([{"timestamp":0,"value":1},{"timestamp":60000,"value":2},{"timestamp":120000,"value":3}])";

TEST(Predict, ForecastsAHistory) {
  const auto body = BodyOf(Predict(Asking(fmt::format(R"({{"history":{},"horizons":[5,1],"level":0.5}})", kThree))));
  ASSERT_EQ(body.at("predictions").as_array().size(), 1U);
  const auto& prediction = body.at("predictions").at(0).as_object();
  EXPECT_TRUE(prediction.at("metric").is_null());
  EXPECT_EQ(prediction.at("origin"), "1970-01-01T00:02:00Z");
  EXPECT_EQ(prediction.at("history").at("samples"), 3);
  const auto& points = prediction.at("points").as_array();
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].at("time"), "1970-01-01T00:07:00Z");
  EXPECT_EQ(points[1].at("horizon_minutes"), 1);
  EXPECT_TRUE(body.at("skipped").as_array().empty());
}

TEST(Predict, AsksForAQuarterToAnHourWhereNoHorizonIsNamed) {
  const auto body = BodyOf(Predict(Asking(fmt::format(R"({{"history":{}}})", kThree))));
  EXPECT_EQ(body.at("predictions").at(0).at("points").as_array().size(), 3U);
}

TEST(Predict, RefusesWhatItCannotAnswerByACode) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "http.bad_json"},
      {"{", "http.bad_json"},
      {"[]", "http.bad_json"},
      {"{}", "inference.bad_subject"},
      {R"({"history":null})", "inference.bad_subject"},
      {R"({"metric":"cpu"})", "inference.bad_subject"},
      {R"({"history":{}})", "http.bad_field"},
      {R"({"history":[],"horizon":[5]})", "http.unknown_field"},
      {R"({"history":[NaN]})", "http.bad_json"},
      {R"({"history":[]})", "inference.not_enough_history"},
      {R"({"history":[{"timestamp":0,"value":1}]})", "inference.not_enough_history"},
      {R"({"history":[{"timestamp":0,"value":null},{"timestamp":1,"value":null},{"timestamp":2,"value":null}]})",
       "inference.not_enough_history"},
      {fmt::format(R"({{"history":{},"horizons":[]}})", kThree), "inference.bad_horizon"},
      {fmt::format(R"({{"history":{},"horizons":[0]}})", kThree), "inference.bad_horizon"},
      {fmt::format(R"({{"history":{},"horizons":[10081]}})", kThree), "inference.bad_horizon"},
      {fmt::format(R"({{"history":{},"level":1}})", kThree), "inference.bad_level"},
      {fmt::format(R"({{"history":{},"level":"high"}})", kThree), "http.bad_field"},
  };
  for (const auto& [text, code] : cases) {
    const auto answer = Predict(Asking(text));
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().reason, code) << text;
  }
}

TEST(Predict, TakesFiftyThousandSamplesAndNotOneMore) {
  std::vector<ml::Sample> samples;
  for (int i = 0; i < 50'000; ++i) samples.push_back({FromUnixMs(i * 60'000LL), static_cast<double>(i % 7)});
  const auto body = BodyOf(Predict(Asking(fmt::format(R"({{"history":{}}})", HistoryOf(samples)))));
  EXPECT_GT(body.at("predictions").at(0).at("history").at("samples").as_int64(), 1'000);
  samples.push_back({FromUnixMs(50'000 * 60'000LL), 0.0});
  const auto refused = Predict(Asking(fmt::format(R"({{"history":{}}})", HistoryOf(samples))));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "inference.history_too_long");
  EXPECT_THAT(refused.error().message, HasSubstr("50001"));
}

TEST(Detect, FindsAnOutage) {
  auto samples = ml::SyntheticSeries{.daily_amplitude = 20.0, .noise = 3.0}.Make();
  for (std::size_t i = 2'980; i < 3'010; ++i) samples[i].value = 5.0;
  const auto body = BodyOf(Detect(Asking(fmt::format(R"({{"history":{}}})", HistoryOf(samples)))));
  ASSERT_EQ(body.at("series").as_array().size(), 1U);
  const auto& series = body.at("series").at(0).as_object();
  EXPECT_EQ(series.at("history").at("samples").as_int64(), static_cast<std::int64_t>(samples.size()));
  bool found = false;
  for (const auto& anomaly : series.at("anomalies").as_array()) {
    const auto start = ParseRfc3339(std::string_view(anomaly.at("started_at").as_string()));
    ASSERT_TRUE(start);
    found = found || (*start >= samples[2'975].time && *start <= samples[3'010].time);
  }
  EXPECT_TRUE(found);
}

TEST(Detect, RefusesWhatItCannotAnswerByACode) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"{}", "inference.bad_subject"},
      {R"({"metric":"cpu","start":0})", "inference.bad_subject"},
      {R"({"history":[]})", "inference.not_enough_history"},
      {fmt::format(R"({{"history":{},"sensitivity":5.5}})", kThree), "ml.bad_sensitivity"},
      {fmt::format(R"({{"history":{},"sensitivity":-1}})", kThree), "ml.bad_sensitivity"},
      {fmt::format(R"({{"history":{},"level":0.9}})", kThree), "http.unknown_field"},
  };
  for (const auto& [text, code] : cases) {
    const auto answer = Detect(Asking(text));
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().reason, code) << text;
  }
}

TEST(Detect, OfThreeSamplesFindsNothing) {
  const auto body = BodyOf(Detect(Asking(fmt::format(R"({{"history":{}}})", kThree))));
  EXPECT_TRUE(body.at("series").at(0).at("anomalies").as_array().empty());
}

}  // namespace
}  // namespace helios::stateless
