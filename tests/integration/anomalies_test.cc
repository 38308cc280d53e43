// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Streaming detection through the front door: a peak is found as it comes, once however the server ends, and not again
// once somebody said that it is none.
#include <boost/json/array.hpp>
#include <cmath>
#include <csignal>
#include <map>
#include <numbers>
#include <optional>

#include "tests/support/caller.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr std::chrono::seconds kStep{15};
constexpr int kHistory = 3 * 86'400 / 15;  // three days
constexpr int kApart = 30;                 // steps between peaks: 7.5 min, after which the first has ended
constexpr double kPeak = 130;

/// A daily sine around 100, of amplitude 10, with noise of at most 2 that belongs to the time alone.
double Calm(TimestampMs time) {
  const std::int64_t ms = ToUnixMs(time);
  auto mixed = static_cast<std::uint64_t>(ms / 1'000) * 0x9e3779b97f4a7c15ULL;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  return 100 + 10 * std::sin(2 * std::numbers::pi * static_cast<double>(ms % 86'400'000) / 86'400'000) +
         2 * (static_cast<double>((mixed >> 40U) % 1000) / 1000 - 0.5);
}

class AnomaliesTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    acme = std::make_unique<Tenant>(server.NewTenant("acme"));
    const std::int64_t ms = ToUnixMs(SystemClock().Now());
    now = FromUnixMs(ms - ms % 15'000);
  }

  [[nodiscard]] TimestampMs At(int step) const { return now + step * kStep; }

  /// Steps `first` to `last`, calm but for a peak at the first one where `peak`.
  void Send(const std::string& metric, int first, int last, bool peak = false) {
    std::vector<Sample> samples;
    for (int step = first; step <= last; ++step) {
      samples.push_back({.metric = metric,
                         .time = At(step),
                         .value = peak && step == first ? kPeak : Calm(At(step)),
                         .labels = {{"host", "web-1"}}});
    }
    const Answer answer = acme->Ingest(samples);
    ASSERT_EQ(answer.status, 200) << answer;
  }
  [[nodiscard]] Caller Acme() const { return Caller(server.Origin()).WithKey(acme->key()); }
  [[nodiscard]] std::vector<json::value> Anomalies(const std::string& query) const {
    const json::value page = BodyOf(Acme().Get("/api/v1/anomalies" + query));
    const json::array& data = page.at("data").as_array();
    return {data.begin(), data.end()};
  }
  [[nodiscard]] bool Await(const std::string& query, std::size_t count) const {
    return Eventually([&] { return Anomalies(query).size() == count; });
  }
  [[nodiscard]] json::value Change(const std::string& id, const std::string& status) const {
    return BodyOf(Acme().Patch("/api/v1/anomalies/" + id, {{"status", status}}));
  }

  std::unique_ptr<Tenant> acme;
  TimestampMs now;
};

TEST_F(AnomaliesTest, APeakIsFoundOnceAndItsLikeNotAgainOnceItIsMarked) {
  for (const char* metric : {"cpu", "memory"}) Send(metric, -kHistory, -kApart - 1);
  Send("cpu", -kApart, -1, /*peak=*/true);
  const auto sent = std::chrono::steady_clock::now();
  ASSERT_TRUE(Await("?metric=cpu", 1));
  fmt::print("found {} ms after it was acknowledged\n", (std::chrono::steady_clock::now() - sent) / 1ms);
  const json::value first = Anomalies("?metric=cpu").front();
  EXPECT_EQ(TextOf(first, "started_at"), FormatRfc3339(At(-kApart)));
  EXPECT_EQ(first.at("value").to_number<double>(), kPeak);
  EXPECT_EQ(TextOf(first, "status"), "open");
  EXPECT_EQ(TextOf(first.at("labels"), "host"), "web-1");

  // Acknowledged, so durable; whether it was scored before the kill is nobody's to say.
  Send("cpu", 0, 0, /*peak=*/true);
  server.Kill();
  ASSERT_TRUE(server.Start());
  *acme = server.Again(*acme);
  ASSERT_TRUE(Await("?metric=cpu", 2));
  EXPECT_EQ(TextOf(Anomalies("?metric=cpu").front(), "started_at"), FormatRfc3339(At(0)));
  EXPECT_EQ(TextOf(Anomalies("?metric=cpu").back(), "id"), TextOf(first, "id")) << "the first was written again";

  const json::value marked = Change(TextOf(first, "id"), "false_positive");
  EXPECT_EQ(TextOf(marked, "status"), "false_positive");
  Send("cpu", 1, kApart - 1);
  Send("cpu", kApart, kApart + 8, /*peak=*/true);
  Send("memory", -kApart, kApart - 1);
  Send("memory", kApart, kApart + 8, /*peak=*/true);
  ASSERT_TRUE(Await("?metric=memory", 1)) << "what came after the marked peak's like is told";
  EXPECT_EQ(Anomalies("?metric=cpu").size(), 2U);
  EXPECT_EQ(Anomalies("?status=false_positive").size(), 1U);

  EXPECT_EQ(server.Stop(), 0);
  ASSERT_TRUE(server.Start());
  *acme = server.Again(*acme);
  Send("memory", kApart + 9, kApart + 9);
  EXPECT_EQ(Anomalies("").size(), 3U) << "a restart tells nothing twice";
}

TEST_F(AnomaliesTest, PeaksOfSeveralSeriesTogetherAreAnIncidentThatRanksThem) {
  for (const char* metric : {"cpu", "memory"}) Send(metric, -kHistory, -2);
  for (const char* metric : {"cpu", "memory"}) Send(metric, -1, 0, /*peak=*/true);
  ASSERT_TRUE(Await("", 2));
  const json::value page = BodyOf(Acme().Get("/api/v1/incidents"));
  ASSERT_EQ(page.at("data").as_array().size(), 1U);
  const std::string id = TextOf(page.at("data").at(0), "id");
  const json::value incident = BodyOf(Acme().Get("/api/v1/incidents/" + id));
  EXPECT_EQ(incident.at("anomalies").to_number<int>(), 2);
  EXPECT_EQ(incident.at("series").at(0).at("rank").to_number<int>(), 1);
  EXPECT_EQ(Anomalies("?incident=" + id).size(), 2U);
  const json::value resolved = BodyOf(Acme().Patch("/api/v1/incidents/" + id, {{"status", "resolved"}}));
  EXPECT_EQ(TextOf(resolved, "status"), "resolved");
  EXPECT_EQ(Anomalies("?status=resolved").size(), 2U);
}

TEST_F(AnomaliesTest, ALevelThatMovedForGoodAsksForOneTrainingOfItsMetricAndSaysWhy) {
  // Six hours around 100, and then live around 160: a sample each 5 s, from ten minutes ago to ten minutes ahead.
  const auto send = [&](int first, int last, double level) {
    std::vector<Sample> samples;
    for (int i = first; i <= last; ++i) {
      const TimestampMs time = now + i * 5s;
      samples.push_back(
          {.metric = "cpu", .time = time, .value = level + Calm(time) - 100, .labels = {{"host", "web-1"}}});
    }
    const Answer answer = acme->Ingest(samples);
    ASSERT_EQ(answer.status, 200) << answer;
  };
  send(-4'320, -115, 100);
  send(-114, 115, 160);
  const auto trainings = [&] {
    const json::value page = BodyOf(Acme().Get("/api/v1/jobs?kind=training.train_metric"));
    return json::array(page.at("data").as_array());
  };
  ASSERT_TRUE(Eventually([&] { return !trainings().empty(); }));
  const json::value payload = trainings().at(0).at("payload");
  EXPECT_EQ(TextOf(payload, "metric"), "cpu");
  EXPECT_EQ(TextOf(payload.at("cause"), "kind"), "drift");
  EXPECT_EQ(TextOf(payload.at("cause"), "detail"), "the level of 1 of its 1 active series moved and stayed");

  EXPECT_EQ(server.Stop(), 0);
  ASSERT_TRUE(server.Start());
  *acme = server.Again(*acme);
  send(116, 116, 160);
  EXPECT_EQ(trainings().size(), 1U);
}

TEST_F(AnomaliesTest, WhileTheDatabaseIsAwayAnomaliesWait) {
  Send("cpu", -kHistory, -2);
  ASSERT_TRUE(Await("", 0));
  server.SignalPostgres(SIGSTOP);
  Send("cpu", -1, 0, /*peak=*/true);
  SleepFor(2s);
  server.SignalPostgres(SIGCONT);
  EXPECT_TRUE(Await("", 1));
}

TEST_F(AnomaliesTest, StoredSeriesAndHistoriesAreSearchedOnDemandAndReplayed) {
  // Everything is older than ten minutes when it comes: nothing alerts, and all of it can be searched.
  Send("cpu", -kHistory, -101);
  Send("cpu", -100, -50, /*peak=*/true);
  const json::value found = BodyOf(Acme().Post("/api/v1/detect", {{"metric", "cpu"}}));
  const json::array& series = found.at("series").as_array();
  ASSERT_EQ(series.size(), 1U);
  ASSERT_EQ(series[0].at("anomalies").as_array().size(), 1U);
  EXPECT_EQ(TextOf(series[0].at("anomalies").at(0), "time"), FormatRfc3339(At(-100)));
  EXPECT_EQ(TextOf(Acme().Post("/api/v1/detect", {{"metric", "nothing"}}).Json(), "code"), "detection.no_such_series");

  json::array history;
  for (int step = -kHistory; step <= -50; ++step) {
    history.push_back({{"timestamp", ToUnixMs(At(step))}, {"value", step == -100 ? kPeak : Calm(At(step))}});
  }
  const json::value own = BodyOf(Acme().Post("/api/v1/detect", {{"history", history}}));
  EXPECT_EQ(own.at("series").at(0).at("anomalies"), series[0].at("anomalies"));

  const json::value all = BodyOf(Acme().Post("/api/v1/detect/backtest", json::object{}));
  EXPECT_EQ(all.at("series_examined").to_number<int>(), 1);
  EXPECT_EQ(all.at("anomalies_reported").to_number<int>(), 1);
  const json::value none = BodyOf(Acme().Post("/api/v1/detect/backtest", {{"budget_per_week", 0}}));
  EXPECT_EQ(none.at("anomalies_found").to_number<int>(), 1);
  EXPECT_EQ(none.at("anomalies_reported").to_number<int>(), 0);
  EXPECT_TRUE(Anomalies("").empty());
}

TEST_F(AnomaliesTest, ScoresAreSeriesThatTheTenantReadsAndNobodyWrites) {
  Send("cpu", -kHistory, -kApart - 1);
  Send("cpu", -kApart, -1, /*peak=*/true);
  ASSERT_TRUE(Await("?metric=cpu", 1));
  const std::map<std::string, std::string> labels = {{"host", "web-1"}, {"metric", "cpu"}};
  const auto of_peak = [&]() -> std::optional<double> {
    for (const Point& point : acme->Query("helios:score", labels)) {
      if (point.ms == ToUnixMs(At(-kApart))) return point.value;
    }
    return std::nullopt;
  };
  ASSERT_TRUE(Eventually([&] { return of_peak().has_value(); }));
  EXPECT_GE(*of_peak(), 0.5);
  EXPECT_LE(*of_peak(), 1.0);
  for (const Point& point : acme->Query("helios:score", labels)) {
    EXPECT_GE(point.ms, ToUnixMs(now - 10min)) << "history has none";
  }
  EXPECT_TRUE(server.NewTenant("globex").Query("helios:score", labels).empty());
  const std::vector<Sample> forged = {{.metric = "helios:score", .time = now, .value = 0, .labels = labels}};
  const Answer refused = acme->Ingest(forged);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("ingest.bad_metric_name"));
  EXPECT_EQ(acme->RemoteWrite(forged).status, 400);
}

}  // namespace
}  // namespace helios::testing
