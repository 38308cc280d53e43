// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// helios-core, the real program: as a server on a free port, and what it says to a wrong command line.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "tests/support/api_client.h"
#include "tests/support/child_process.h"
#include "tests/support/raw_request.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

/// A directory of the test's own, and programs in it.
class CoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string directory = "/tmp/helios-core-test-XXXXXX";
    ASSERT_NE(::mkdtemp(directory.data()), nullptr);
    directory_ = directory;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<ChildProcess> Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), HELIOS_CORE_PROGRAM);
    return std::make_unique<ChildProcess>(ChildProcess::Start{.command = std::move(arguments),
                                                              .environment = {},
                                                              .scratch = directory_,
                                                              .name = fmt::format("run-{}", ++runs_)});
  }

  std::filesystem::path directory_;

 private:
  int runs_ = 0;
};

/// With a server that listens.
class CoreServeTest : public CoreTest {
 protected:
  void SetUp() override {
    CoreTest::SetUp();
    server_ = Run({"serve", "--listen", "127.0.0.1:0", "--workers", "2"});
    while (Output().find('\n') == std::string::npos && !server_->Wait(10ms)) continue;
    ASSERT_THAT(Output(), MatchesRegex("helios-core is ready on http://127\\.0\\.0\\.1:[0-9]+; .*\n"))
        << server_->Errors();
    port_ = static_cast<std::uint16_t>(std::stoi(Output().substr(Output().find("127.0.0.1:") + 10)));
  }

  [[nodiscard]] std::string Output() const { return server_->Output(); }
  [[nodiscard]] std::string Origin() const { return fmt::format("http://127.0.0.1:{}", port_); }
  [[nodiscard]] Answer Post(std::string_view target, const json::value& body) const {
    return ApiClient(Origin()).Post(target, body);
  }
  /// Status and code of the answer to a body as it is.
  [[nodiscard]] std::string Refusal(std::string_view target, std::string_view body) const {
    return Said(ApiClient(Origin()).Send(http::Method::kPost, target, body));
  }
  static std::string Said(const Answer& answer) { return fmt::format("{} {}", answer.status, answer.Code()); }

  std::unique_ptr<ChildProcess> server_;
  std::uint16_t port_ = 0;
};

/// A daily sine, every five minutes.
json::array History(int samples) {
  json::array history;
  for (int i = 0; i < samples; ++i) {
    history.push_back(
        {{"timestamp", 1'767'225'600'000 + i * 300'000LL}, {"value", 100 + 40 * std::sin(i * 6.283185 / 288)}});
  }
  return history;
}

json::array Nulls(int samples) {
  json::array history;
  for (int i = 0; i < samples; ++i) history.push_back({{"timestamp", i * 60'000}, {"value", nullptr}});
  return history;
}

TEST_F(CoreServeTest, ForecastsAndDetectsUnderBothPaths) {
  for (const char* prefix : {"", "/api/v1"}) {
    const Answer predicted =
        Post(fmt::format("{}/predict", prefix), {{"history", History(1'000)}, {"horizons", {15, 60}}, {"level", 0.9}});
    ASSERT_EQ(predicted.status, 200) << predicted;
    EXPECT_EQ(predicted.Header("Content-Type"), "application/json");
    EXPECT_EQ(predicted.Json().at("skipped").as_array().size(), 0U);
    const json::value prediction = predicted.Json().at("predictions").at(0);
    EXPECT_TRUE(prediction.at("metric").is_null());
    EXPECT_EQ(prediction.at("history").at("samples"), 1'000);
    EXPECT_EQ(prediction.at("model").at("season_seconds"), 86'400);
    const json::array& points = prediction.at("points").as_array();
    ASSERT_EQ(points.size(), 2U);
    const double truth = 100 + 40 * std::sin((999 + 12) * 6.283185 / 288);
    EXPECT_NEAR(points[1].at("predicted_value").to_number<double>(), truth, 8);
    EXPECT_LE(points[1].at("confidence_lower").to_number<double>(), truth);
    EXPECT_GE(points[1].at("confidence_upper").to_number<double>(), truth);

    json::array history = History(4'000);
    for (int i = 3'500; i < 3'520; ++i) history[static_cast<std::size_t>(i)].as_object()["value"] = 900;
    const Answer detected =
        Post(fmt::format("{}/detect", prefix), {{"history", std::move(history)}, {"sensitivity", 2.5}});
    ASSERT_EQ(detected.status, 200) << detected;
    const json::value series = detected.Json().at("series").at(0);
    EXPECT_EQ(series.at("history").at("samples"), 4'000);
    ASSERT_GE(series.at("anomalies").as_array().size(), 1U) << detected;
    EXPECT_GE(series.at("anomalies").at(0).at("anomaly_score").to_number<double>(), 0.5);
  }
  EXPECT_EQ(ApiClient(Origin()).Get("/healthz").body, "ok\n");
}

TEST_F(CoreServeTest, RefusesBadRequestsByStatusAndCode) {
  for (const char* target : {"/predict", "/detect", "/api/v1/predict", "/api/v1/detect"}) {
    EXPECT_EQ(Refusal(target, ""), "400 http.bad_json");
    EXPECT_EQ(Refusal(target, "{"), "400 http.bad_json");
    EXPECT_EQ(Refusal(target, "[1]"), "400 http.bad_json");
    EXPECT_EQ(Refusal(target, R"({"history":[{"timestamp":1,"value":NaN}]})"), "400 http.bad_json");
    EXPECT_EQ(Refusal(target, std::string(100, '[')), "400 http.bad_json");
    EXPECT_EQ(Refusal(target, "{}"), "400 inference.bad_subject");
    EXPECT_EQ(Refusal(target, R"({"metric":"cpu"})"), "400 inference.bad_subject");
    EXPECT_EQ(Refusal(target, R"({"history":[7]})"), "400 http.bad_field");
    EXPECT_EQ(Refusal(target, R"({"history":[],"historry":[]})"), "400 http.unknown_field");
    EXPECT_EQ(Said(Post(target, {{"history", json::array{}}})), "422 inference.not_enough_history");
    EXPECT_EQ(Said(Post(target, {{"history", History(1)}})), "422 inference.not_enough_history");
    EXPECT_EQ(Said(Post(target, {{"history", Nulls(100)}})), "422 inference.not_enough_history");
    EXPECT_EQ(Said(Post(target, {{"history", History(50'001)}})), "400 inference.history_too_long");
    EXPECT_EQ(Post(target, {{"history", History(50'000)}}).status, 200);
    EXPECT_EQ(Refusal(target, std::string((4U << 20U) + 1, ' ')), "413 http.body_too_large");
    http::Headers text;
    text.Add("Content-Type", "text/plain");
    EXPECT_EQ(Said(ApiClient(Origin()).Send(http::Method::kPost, target, "{}", text)), "415 http.unsupported_type");
  }
  for (const int horizon : {0, -1, 10'081}) {
    EXPECT_EQ(Said(Post("/predict", {{"history", History(10)}, {"horizons", {horizon}}})), "400 inference.bad_horizon");
  }
  EXPECT_EQ(Said(Post("/predict", {{"history", History(10)}, {"horizons", json::array{}}})),
            "400 inference.bad_horizon");
  EXPECT_EQ(Said(Post("/predict", {{"history", History(10)}, {"horizons", json::array(2'017, 5)}})),
            "400 inference.bad_horizon");
  EXPECT_EQ(Said(Post("/predict", {{"history", History(10)}, {"level", 95}})), "400 inference.bad_level");
  EXPECT_EQ(Said(Post("/detect", {{"history", History(10)}, {"sensitivity", 6}})), "400 ml.bad_sensitivity");
}

TEST_F(CoreServeTest, RecommendsReplicasForAHistoryAndRefusesBadTargets) {
  const json::object target = {{"per_replica_capacity", 10}, {"current_replicas", 1}, {"max_replicas", 50}};
  const json::array history = History(3 * 1'440);
  for (const char* path : {"/recommend", "/api/v1/recommend"}) {
    const Answer answer = Post(path, {{"history", history}, {"target", target}, {"horizon_minutes", 30}});
    ASSERT_EQ(answer.status, 200) << answer;
    const json::value advice = answer.Json().at("recommendations").at(0);
    const double newest = history.back().at("value").to_number<double>();
    EXPECT_GE(advice.at("recommended_replicas").to_number<double>() * 10, newest);
    EXPECT_EQ(advice.at("schedule").as_array().size(), 6U);
    for (const char* way : {"ours", "hpa", "static", "oracle"}) {
      EXPECT_GE(advice.at("replay").at(way).at("replica_hours").to_number<double>(), 0.0) << way;
    }
    EXPECT_EQ(Said(Post(path, {{"history", history}})), "400 http.bad_field");
    EXPECT_EQ(Said(Post(path, {{"target", target}})), "400 inference.bad_subject");
    EXPECT_EQ(Said(Post(path, {{"metric", "cpu"}, {"target", target}})), "400 inference.bad_subject");
    json::object useless = target;
    useless["per_replica_capacity"] = 0;
    EXPECT_EQ(Said(Post(path, {{"history", history}, {"target", useless}})), "400 scaling.bad_target");
    EXPECT_EQ(Said(Post(path, {{"history", history}, {"target", target}, {"horizon_minutes", 0}})),
              "400 http.bad_field");
    EXPECT_EQ(Said(Post(path, {{"history", history}, {"target", target}, {"horizn", 5}})), "400 http.unknown_field");
    EXPECT_EQ(Said(Post(path, {{"history", json::array{}}, {"target", target}})), "422 scaling.not_enough_history");
    EXPECT_EQ(Said(Post(path, {{"history", History(50'001)}, {"target", target}})), "400 inference.history_too_long");
  }
}

TEST_F(CoreServeTest, SaysWhatThereIsWhereNothingIs) {
  const Answer lost = ApiClient(Origin()).Get("/api/v1/models");
  EXPECT_EQ(Said(lost), "404 http.no_such_route");
  EXPECT_EQ(lost.Header("Content-Type"), "application/problem+json");
  EXPECT_THAT(lost.body, HasSubstr("POST /predict"));
  EXPECT_EQ(std::string_view(lost.Json().at("request_id").as_string()), lost.Header("X-Request-Id"));
  const Answer got = ApiClient(Origin()).Get("/predict");
  EXPECT_EQ(Said(got), "405 http.method_not_allowed");
  EXPECT_EQ(got.Header("Allow"), "POST");
}

TEST_F(CoreServeTest, EndsWhatIsNoHttpAndServesOn) {
  EXPECT_EQ(RawRequest(port_, "nonsense\r\n\r\n").status, 400);
  EXPECT_EQ(RawRequest(port_, "POST /predict HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n").status, 413);
  EXPECT_EQ(RawRequest(port_, "GET /healthz HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n").status,
            431);
  EXPECT_EQ(ApiClient(Origin()).Get("/healthz").status, 200);
}

TEST_F(CoreServeTest, ServesManyAtOnceAndStaysHealthy) {
  const json::value body = {{"history", History(4'032)}};
  const std::string alone = Post("/predict", body).body;
  std::atomic<int> alike = 0;
  std::atomic<int> healthy = 0;
  std::vector<std::jthread> clients;
  for (int client = 0; client < 16; ++client) {
    clients.emplace_back([&] {
      ApiClient api(Origin());
      for (int i = 0; i < 4; ++i) alike += api.Post("/predict", body).body == alone ? 1 : 0;
      healthy += api.Get("/healthz").status == 200 ? 1 : 0;
    });
  }
  clients.clear();
  EXPECT_EQ(alike, 64);
  EXPECT_EQ(healthy, 16);
}

TEST_F(CoreServeTest, EndsOnSigtermAndAnswersWhatItHasBegun) {
  const json::value body = {{"history", History(50'000)}};
  std::atomic<int> begun = 0;
  std::atomic<int> answered = 0;
  std::atomic<int> broken = 0;
  std::vector<std::jthread> clients;
  for (int client = 0; client < 4; ++client) {
    clients.emplace_back([&] {
      ApiClient api(Origin());
      for (;;) {
        ++begun;
        const Answer answer = api.Post("/predict", body);
        if (answer.status == 0) return;  // it is gone: neither accepted nor begun
        ++(answer.status == 200 ? answered : broken);
      }
    });
  }
  while (answered == 0) std::this_thread::sleep_for(1ms);
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait(), 0) << server_->Errors();
  clients.clear();
  EXPECT_EQ(broken, 0);
  EXPECT_EQ(answered, begun - 4);
  EXPECT_THAT(Output(), HasSubstr("helios-core has stopped\n"));
}

TEST_F(CoreServeTest, LeavesATakenAddressToItsOwner) {
  const auto second = Run({"serve", "--listen", fmt::format("127.0.0.1:{}", port_)});
  EXPECT_EQ(second->Wait(), 1);
  EXPECT_THAT(second->Errors(), StartsWith("helios-core: cannot listen"));
}

TEST_F(CoreTest, ShowsItsCommandsToWhoeverNamesNone) {
  const auto bare = Run({});
  EXPECT_EQ(bare->Wait(), 2);
  for (const char* command : {"forecast", "detect", "serve", "backtest", "nab"}) {
    EXPECT_THAT(bare->Errors(), HasSubstr(command));
    const auto help = Run({command, "--help"});
    EXPECT_EQ(help->Wait(), 0);
    EXPECT_THAT(help->Output(), HasSubstr("--help"));
  }
}

TEST_F(CoreTest, ForecastsAFileNamedAfterOrBeforeTheFlags) {
  std::ofstream(directory_ / "a.csv") << "timestamp,value\n0,1\n60,2\n120,3\n";
  const std::string file = (directory_ / "a.csv").string();
  const auto before = Run({"forecast", file, "--horizons", "5,10", "--level", "0.8", "--level", "0.9"});
  const auto after = Run({"forecast", "--level", "0.8,0.9", "--horizons", "5,10", file});
  EXPECT_EQ(before->Wait(), 0) << before->Errors();
  EXPECT_EQ(after->Wait(), 0) << after->Errors();
  EXPECT_EQ(before->Output(), after->Output());
  EXPECT_THAT(before->Output(), HasSubstr("1970-01-01T00:12:00Z"));
}

TEST_F(CoreTest, SaysWhatIsWrongWithACommandLine) {
  const std::pair<std::vector<std::string>, std::pair<int, const char*>> cases[] = {
      {{"forcast", "a.csv"}, {2, "did you mean forecast?"}},
      {{"forecast"}, {2, "FILE is required"}},
      {{"forecast", "a.csv", "--horizon", "5"}, {2, "--horizon"}},
      {{"forecast", "a.csv", "--steps", "5", "--until", "2026-01-01T00:00:00Z"}, {2, "--steps excludes --until"}},
      {{"forecast", "a.csv", "--level", "high"}, {2, "--level"}},
      {{"forecast", "/no/such/file.csv"}, {1, "/no/such/file.csv"}},
      {{"detect", "/no/such/file.csv"}, {1, "/no/such/file.csv"}},
      {{"serve", "--listen", "nowhere"}, {1, "nowhere"}},
      {{"serve", "--listen", "0.0.0.0:0"}, {1, "--behind-proxy"}},
  };
  for (const auto& [arguments, expected] : cases) {
    const auto run = Run(arguments);
    EXPECT_EQ(run->Wait(), expected.first) << arguments[0];
    EXPECT_THAT(run->Errors(), HasSubstr(expected.second)) << arguments[0];
    EXPECT_EQ(run->Output(), "");
  }
}

}  // namespace
}  // namespace helios::testing
