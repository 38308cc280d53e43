// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Forecasts through the front door, of a history whose continuation is known.
#include <boost/json/array.hpp>
#include <cmath>
#include <memory>
#include <numbers>

#include "http/json.h"
#include "tests/support/caller.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr std::chrono::minutes kStep{5};
constexpr int kSamples = 3 * 288;  // three days

/// A daily sine around 100, of amplitude 40, with noise of at most 2 that belongs to the time alone.
double Truth(TimestampMs time) {
  const std::int64_t ms = ToUnixMs(time);
  const double turn = 2 * std::numbers::pi * static_cast<double>(ms % 86'400'000) / 86'400'000;
  auto mixed = static_cast<std::uint64_t>(ms / 300'000) * 0x9e3779b97f4a7c15ULL;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  return 100 + 40 * std::sin(turn) + 4 * (static_cast<double>((mixed >> 40U) % 1000) / 1000 - 0.5);
}

/// Three days that end at `newest`.
std::vector<Sample> History(const std::string& metric, TimestampMs newest) {
  std::vector<Sample> samples;
  for (int i = kSamples - 1; i >= 0; --i) {
    const TimestampMs time = newest - i * kStep;
    samples.push_back({.metric = metric, .time = time, .value = Truth(time), .labels = {{"host", "web-1"}}});
  }
  return samples;
}

json::array InRequest(const std::vector<Sample>& samples) {
  json::array history;
  for (const Sample& sample : samples) {
    history.push_back({{"timestamp", ToUnixMs(sample.time)}, {"value", sample.value}});
  }
  return history;
}

double Number(const json::value& object, std::string_view field) {
  return object.at(field).to_number<double>();
}

TimestampMs TimeOf(const json::value& point) {
  return *ParseRfc3339(TextOf(point, "time"));
}

/// The only prediction of an answer; numbers exact.
json::value Only(const Answer& answer) {
  EXPECT_EQ(answer.status, 200) << answer;
  auto body = http::ParseJson(answer.body);
  if (answer.status != 200 || !body) return {};
  EXPECT_EQ(body->at("predictions").as_array().size(), 1U);
  return body->at("predictions").at(0);
}

class PredictTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<Server>();
    ASSERT_TRUE(server_->Start());
    acme_ = std::make_unique<Tenant>(server_->NewTenant("acme", "professional"));  // keeps 30 days
    const std::int64_t now = ToUnixMs(SystemClock().Now());
    newest_ = FromUnixMs(now - now % 300'000);
    const Answer stored = acme_->Ingest(History("requests", newest_));
    ASSERT_EQ(stored.status, 200) << stored;
  }
  static void TearDownTestSuite() {
    acme_.reset();
    server_.reset();
  }
  static Tenant& acme() { return *acme_; }
  static TimestampMs newest() { return newest_; }

  static Answer Predict(const json::value& body) { return acme().api.Post("/api/v1/predict", body); }

 private:
  static std::unique_ptr<Server> server_;
  static std::unique_ptr<Tenant> acme_;
  static TimestampMs newest_;
};

std::unique_ptr<Server> PredictTest::server_;
std::unique_ptr<Tenant> PredictTest::acme_;
TimestampMs PredictTest::newest_;

/// Every half hour of a day.
json::array HalfHours() {
  json::array horizons;
  for (int minutes = 30; minutes <= 1440; minutes += 30) horizons.emplace_back(minutes);
  return horizons;
}

TEST_F(PredictTest, ADailySeasonIsFoundAndItsContinuationLiesWithinTheInterval) {
  const json::value prediction = Only(Predict({{"metric", "requests"}, {"horizons", HalfHours()}}));
  EXPECT_EQ(TextOf(prediction, "metric"), "requests");
  EXPECT_EQ(TextOf(prediction.at("labels"), "host"), "web-1");
  EXPECT_EQ(TextOf(prediction, "origin"), FormatRfc3339(newest()));
  EXPECT_EQ(Number(prediction.at("history"), "samples"), kSamples);
  EXPECT_EQ(Number(prediction.at("history"), "seconds"), (kSamples - 1) * 300);
  EXPECT_EQ(Number(prediction.at("model"), "season_seconds"), 86'400);

  const json::array& points = prediction.at("points").as_array();
  ASSERT_EQ(points.size(), 48U);
  int inside = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto horizon = std::chrono::minutes{30 * (i + 1)};
    EXPECT_EQ(Number(points[i], "horizon_minutes"), static_cast<double>(horizon.count()));
    EXPECT_EQ(TimeOf(points[i]), newest() + horizon);
    const double truth = Truth(newest() + horizon);
    EXPECT_NEAR(Number(points[i], "predicted_value"), truth, 12) << horizon.count() << " minutes ahead";
    if (Number(points[i], "confidence_lower") <= truth && truth <= Number(points[i], "confidence_upper")) ++inside;
  }
  EXPECT_GE(inside, 44) << "of 48, at a level of 0.95";

  const json::value& metrics = prediction.at("model").at("metrics");
  EXPECT_GE(Number(metrics, "origins"), 5);
  EXPECT_GT(Number(metrics, "mae"), 0);
  EXPECT_LT(Number(metrics, "mae"), 4);
  EXPECT_GT(Number(metrics, "mase"), 0);
  EXPECT_LT(Number(metrics, "smape"), 10);
  EXPECT_GE(Number(metrics, "coverage"), 0.85);
}

TEST_F(PredictTest, WhatWasAnsweredIsKeptOnceAndMeetsItsActualValue) {
  const TimestampMs origin = newest() - 2 * kStep;  // so that the first moment has come
  ASSERT_EQ(acme().Ingest(History("kept", origin)).status, 200);
  const json::object question = {{"metric", "kept"}, {"horizons", json::array{5, 60}}};
  const json::value told = Only(Predict(question));
  Only(Predict(question));
  const auto kept = [](const std::string& query) {
    return BodyOf(acme().api.Get("/api/v1/predictions?metric=kept" + query)).at("data").as_array();
  };
  ASSERT_TRUE(Eventually([&] { return !kept("").empty(); }));
  const json::array rows = kept("");
  ASSERT_EQ(rows.size(), 2U) << "the same question was asked twice";
  EXPECT_EQ(Number(rows[0], "horizon_minutes"), 60);
  EXPECT_NEAR(Number(rows[1], "predicted_value"), Number(told.at("points").at(0), "predicted_value"), 1e-9);
  EXPECT_EQ(TextOf(rows[1], "model_id"), TextOf(told.at("model"), "id"));
  EXPECT_EQ(TextOf(rows[1], "time"), FormatRfc3339(origin + kStep));
  EXPECT_EQ(TextOf(rows[1], "state"), "waiting");
  EXPECT_TRUE(rows[1].at("actual_value").is_null());

  const std::vector<Sample> sample = {
      {.metric = "kept", .time = origin + kStep, .value = 123.5, .labels = {{"host", "web-1"}}}};
  ASSERT_EQ(acme().Ingest(sample).status, 200);
  ASSERT_TRUE(Eventually([&] { return kept("&state=met").size() == 1; }));
  EXPECT_EQ(Number(kept("&state=met").at(0), "actual_value"), 123.5);
  EXPECT_EQ(kept("&state=waiting").size(), 1U);
}

TEST_F(PredictTest, AHistoryInTheRequestGivesWhatTheSameOneStoredGives) {
  const json::value stored = Only(Predict({{"metric", "requests"}, {"horizons", {15, 60, 720}}}));
  const json::value sent = Only(Predict({{"history", InRequest(History("", newest()))}, {"horizons", {15, 60, 720}}}));
  EXPECT_EQ(sent.at("points"), stored.at("points"));
  EXPECT_EQ(sent.at("origin"), stored.at("origin"));
  EXPECT_EQ(sent.at("history"), stored.at("history"));
  EXPECT_EQ(sent.at("model").at("metrics"), stored.at("model").at("metrics"));
  EXPECT_EQ(sent.at("model").at("reason"), stored.at("model").at("reason"));
  EXPECT_TRUE(sent.at("metric").is_null());
  EXPECT_TRUE(sent.at("model").at("id").is_null());

  // Also of another level than the one before: its coverage is measured at its own.
  const json::value narrow = Only(Predict({{"metric", "requests"}, {"horizons", {15, 60, 720}}, {"level", 0.5}}));
  const json::value sent_narrow =
      Only(Predict({{"history", InRequest(History("", newest()))}, {"horizons", {15, 60, 720}}, {"level", 0.5}}));
  EXPECT_EQ(narrow.at("points"), sent_narrow.at("points"));
  EXPECT_EQ(narrow.at("model").at("metrics"), sent_narrow.at("model").at("metrics"));

  // In any order, and a value that is sent twice counts once.
  std::vector<Sample> shuffled = History("", newest());
  std::ranges::reverse(shuffled);
  shuffled.push_back(shuffled.front());
  const json::value again = Only(Predict({{"history", InRequest(shuffled)}, {"horizons", {15, 60, 720}}}));
  EXPECT_EQ(again.at("points"), stored.at("points"));
}

TEST_F(PredictTest, AHigherLevelHoldsALowerOne) {
  json::array inner;
  for (const double level : {0.5, 0.8, 0.95, 0.99}) {
    const json::value prediction = Only(Predict({{"metric", "requests"}, {"horizons", HalfHours()}, {"level", level}}));
    const json::array outer = prediction.at("points").as_array();
    for (std::size_t i = 0; i < outer.size(); ++i) {
      EXPECT_LE(Number(outer[i], "confidence_lower"), Number(outer[i], "predicted_value"));
      EXPECT_GE(Number(outer[i], "confidence_upper"), Number(outer[i], "predicted_value"));
      if (inner.empty()) continue;
      EXPECT_EQ(outer[i].at("predicted_value"), inner[i].at("predicted_value")) << level;
      EXPECT_LE(Number(outer[i], "confidence_lower"), Number(inner[i], "confidence_lower")) << level;
      EXPECT_GE(Number(outer[i], "confidence_upper"), Number(inner[i], "confidence_upper")) << level;
    }
    inner = outer;
  }
}

TEST_F(PredictTest, AWeekOfEveryFiveMinutesIsOneRequest) {
  json::array horizons;
  for (int minutes = 5; minutes <= 10'080; minutes += 5) horizons.emplace_back(minutes);
  ASSERT_EQ(horizons.size(), 2016U);
  EXPECT_EQ(Only(Predict({{"metric", "requests"}, {"horizons", horizons}})).at("points").as_array().size(), 2016U);
  horizons.emplace_back(1);
  EXPECT_EQ(Predict({{"metric", "requests"}, {"horizons", horizons}}).Code(), "inference.bad_horizon");
  EXPECT_EQ(Predict({{"metric", "requests"}, {"horizons", {10'081}}}).Code(), "inference.bad_horizon");
}

TEST_F(PredictTest, TheModelIsListedAndReadById) {
  const json::value model = Only(Predict({{"metric", "requests"}})).at("model");
  const json::value one = BodyOf(acme().api.Get("/api/v1/models/" + TextOf(model, "id")));
  EXPECT_EQ(TextOf(one, "name"), "requests_forecast");
  EXPECT_EQ(TextOf(one, "target_metric"), "requests");
  EXPECT_EQ(TextOf(one, "status"), "active");
  EXPECT_EQ(one.at("version"), model.at("version"));
  EXPECT_THAT(BodyOf(acme().api.Get("/api/v1/models")).at("data").as_array(), Contains(one));
}

TEST_F(PredictTest, TooLittleHistoryIs422AndThreeSamplesAreEnough) {
  std::vector<Sample> samples = {{.metric = "young", .time = newest() - 2min, .value = 1},
                                 {.metric = "young", .time = newest() - 1min, .value = 2}};
  ASSERT_EQ(acme().Ingest(samples).status, 200);
  const Answer refused = acme().Predict("young");
  EXPECT_EQ(refused.status, 422) << refused;
  EXPECT_EQ(refused.Code(), "inference.not_enough_history");
  EXPECT_THAT(refused.body, HasSubstr("want at least 3"));
  EXPECT_EQ(Predict({{"history", InRequest(samples)}}).Code(), "inference.not_enough_history");
  EXPECT_EQ(Predict({{"history", json::array{}}}).Code(), "inference.not_enough_history");

  samples = {{.metric = "young", .time = newest(), .value = 3}};
  ASSERT_EQ(acme().Ingest(samples).status, 200);
  EXPECT_EQ(Number(Only(acme().Predict("young")).at("history"), "samples"), 3);
}

TEST_F(PredictTest, ASilentSeriesIs422UnlessItIsAskedForNevertheless) {
  ASSERT_EQ(acme().Ingest(History("silent", newest() - 2h)).status, 200);
  const Answer refused = acme().Predict("silent");
  EXPECT_EQ(refused.status, 422) << refused;
  EXPECT_EQ(refused.Code(), "inference.stale_series");
  const json::value prediction = Only(Predict({{"metric", "silent"}, {"allow_stale", true}}));
  EXPECT_EQ(TextOf(prediction, "origin"), FormatRfc3339(newest() - 2h));
  EXPECT_EQ(Number(prediction.at("model"), "season_seconds"), 86'400);
}

TEST_F(PredictTest, ASampleThatComesLateIsPartOfTheNextForecast) {
  const std::vector<Sample> first = {{.metric = "late", .time = newest() - 3min, .value = 1},
                                     {.metric = "late", .time = newest() - 2min, .value = 1},
                                     {.metric = "late", .time = newest(), .value = 1}};
  ASSERT_EQ(acme().Ingest(first).status, 200);
  EXPECT_EQ(Number(Only(acme().Predict("late")).at("history"), "samples"), 3);
  const std::vector<Sample> late = {{.metric = "late", .time = newest() - 1min, .value = 1}};
  ASSERT_EQ(acme().Ingest(late).status, 200);
  EXPECT_EQ(Number(Only(acme().Predict("late")).at("history"), "samples"), 4);
}

}  // namespace
}  // namespace helios::testing
