// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Alert rules through the front door, with a receiver of webhooks on loopback.
#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <set>
#include <thread>

#include "tests/support/caller.h"
#include "tests/support/server_test.h"
#include "tests/support/webhook_receiver.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using http::Method;
using ::testing::ElementsAre;

class AlertRulesTest : public ::testing::Test {
 protected:
  AlertRulesTest()
      : server_(ServerOptions{.environment = {{"HELIOS_ALERTS_INTERVAL_SECONDS", "1"},
                                              {"HELIOS_WEBHOOKS_ALLOWED_NETWORKS", "127.0.0.0/8"}}}) {}

  void SetUp() override {
    ASSERT_TRUE(server_.Start());
    acme_ = std::make_unique<Tenant>(server_.NewTenant("acme"));
    Connect();
  }
  void Connect() { owner_ = SignIn(server_.Origin(), OwnerEmail("acme")); }

  [[nodiscard]] Caller& owner() { return *owner_; }

  void Send(const std::string& metric, double value, std::chrono::milliseconds ago = 0ms,
            const std::string& host = "a") {
    const Sample sample{
        .metric = metric, .time = SystemClock().Now() - ago, .value = value, .labels = {{"host", host}}};
    Tenant tenant = server_.Again(*acme_);
    EXPECT_EQ(tenant.Ingest(std::span(&sample, 1)).status, 200);
  }
  json::value MakeChannel(const Receiver& receiver) {
    return BodyOf(owner().Post("/api/v1/notification-channels", {{"name", "on call"}, {"url", receiver.Url()}}));
  }
  std::string MakeRule(const std::string& channel, const std::string& metric = "cpu") {
    return TextOf(BodyOf(owner().Post("/api/v1/alert-rules", {{"name", metric + " is hot"},
                                                              {"metric", metric},
                                                              {"condition", "above"},
                                                              {"threshold", 90},
                                                              {"severity", "high"},
                                                              {"channels", json::array{channel}}})),
                  "id");
  }
  json::value Rule(const std::string& id) { return BodyOf(owner().Get("/api/v1/alert-rules/" + id)); }
  bool Fires(const std::string& id) { return !Rule(id).at("incident_id").is_null(); }
  /// Waits until the rule was evaluated after now.
  bool Evaluated(const std::string& id) {
    const std::string now = FormatRfc3339(SystemClock().Now());
    return Eventually([&] { return TextOf(Rule(id), "evaluated_at") > now; });
  }
  json::array Deliveries(const std::string& channel) {
    return BodyOf(owner().Get("/api/v1/notification-channels/" + channel + "/deliveries")).at("data").as_array();
  }

  Server server_;
  std::unique_ptr<Tenant> acme_;
  std::optional<Caller> owner_;
};

TEST_F(AlertRulesTest, ARuleFiresOnceAndResolvesOnceAndEachMessageIsSigned) {
  Receiver receiver;
  const json::value channel = MakeChannel(receiver);
  const std::string rule = MakeRule(TextOf(channel, "id"));
  Send("cpu", 95);
  Send("cpu", 99, 0ms, "b");
  ASSERT_TRUE(Eventually([&] { return Fires(rule); }));
  ASSERT_TRUE(Eventually([&] { return !receiver.All().empty(); }));
  Send("cpu", 96);
  ASSERT_TRUE(Evaluated(rule));
  EXPECT_THAT(receiver.Types(), ElementsAre("incident.opened")) << "it was told again";

  Send("cpu", 10);
  ASSERT_TRUE(Evaluated(rule));
  EXPECT_TRUE(Fires(rule)) << "the other series still is";
  Send("cpu", 10, 0ms, "b");
  ASSERT_TRUE(Eventually([&] { return receiver.All().size() >= 2; }));
  EXPECT_THAT(receiver.Types(), ElementsAre("incident.opened", "incident.resolved"));
  EXPECT_FALSE(Fires(rule));

  const std::vector<Received> received = receiver.All();
  for (const Received& one : received) {
    EXPECT_TRUE(SignedWith(one, TextOf(channel, "secret"))) << one.signature;
    EXPECT_FALSE(SignedWith(one, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    const json::value data = json::parse(one.body).at("data");
    EXPECT_EQ(TextOf(data.at("alert_rule"), "id"), rule);
    EXPECT_EQ(TextOf(data.at("incident"), "severity"), "high");
  }
  EXPECT_NE(received[0].id, received[1].id);
  const json::value resolved = json::parse(received[1].body).at("data");
  EXPECT_EQ(TextOf(resolved.at("incident"), "status"), "resolved");
  ASSERT_EQ(resolved.at("series").as_array().size(), 2U);
  EXPECT_EQ(TextOf(resolved.at("series").at(0).at("labels"), "host"), "b") << "99 lies further above 90 than 95";
}

TEST_F(AlertRulesTest, ARuleAboutAScoreFiresForAPeakOfItsMetric) {
  const TimestampMs now = SystemClock().Now();
  std::vector<Sample> samples;
  for (int i = 3 * 288; i > 0; --i) {
    samples.push_back(
        {.metric = "cpu", .time = now - i * 5min, .value = 50 + (i * 7'919 % 13) / 13.0, .labels = {{"host", "a"}}});
  }
  Tenant tenant = server_.Again(*acme_);
  ASSERT_EQ(tenant.Ingest(samples).status, 200);
  const json::object rule = {{"name", "unlike itself"},
                             {"metric", "helios:score"},
                             {"labels", {{"metric", "cpu"}}},
                             {"condition", "above"},
                             {"threshold", 0.5}};
  const std::string id = TextOf(BodyOf(owner().Post("/api/v1/alert-rules", rule)), "id");
  ASSERT_TRUE(Evaluated(id));
  EXPECT_FALSE(Fires(id));
  Send("cpu", 500);
  ASSERT_TRUE(Eventually([&] { return Fires(id); }));
  const json::value incident = BodyOf(owner().Get("/api/v1/incidents/" + TextOf(Rule(id), "incident_id")));
  const json::value& series = incident.at("series").at(0);
  EXPECT_EQ(TextOf(series, "metric"), "helios:score");
  EXPECT_EQ(TextOf(series.at("labels"), "host"), "a");
  EXPECT_GE(series.at("value").to_number<double>(), 0.5);
  EXPECT_EQ(BodyOf(owner().Post("/api/v1/alert-rules/backtest", rule)).at("incident_count"), 1);
}

TEST_F(AlertRulesTest, AnIncidentOfARuleListsItsSeriesRankedAndIsAcknowledgedAndResolvedByHand) {
  Receiver receiver;
  const std::string rule = MakeRule(TextOf(MakeChannel(receiver), "id"));
  Send("cpu", 95);
  Send("cpu", 99, 0ms, "b");
  ASSERT_TRUE(Eventually([&] { return Fires(rule); }));
  const std::string path = "/api/v1/incidents/" + TextOf(Rule(rule), "incident_id");
  ASSERT_TRUE(Eventually([&] { return BodyOf(owner().Get(path)).at("series_count") == 2; }));
  const json::value incident = BodyOf(owner().Get(path));
  EXPECT_EQ(TextOf(incident, "alert_rule_id"), rule);
  EXPECT_TRUE(incident.at("ended_at").is_null());
  ASSERT_EQ(incident.at("series").as_array().size(), 2U);
  const json::value& first = incident.at("series").at(0);
  EXPECT_EQ(first.at("rank"), 1);
  EXPECT_EQ(TextOf(first.at("labels"), "host"), "b") << "99 lies further above 90 than 95";
  EXPECT_EQ(first.at("value").to_number<double>(), 99);
  EXPECT_EQ(first.at("excess").to_number<double>(), 9);
  EXPECT_EQ(TextOf(first, "status"), "open");

  const Tenant globex = server_.NewTenant("globex");
  const Caller stranger = SignIn(server_.Origin(), OwnerEmail("globex"));
  EXPECT_EQ(stranger.Get(path).Code(), "detection.no_such_incident");
  EXPECT_EQ(stranger.Patch(path, {{"status", "resolved"}}).Code(), "detection.no_such_incident");
  EXPECT_TRUE(BodyOf(stranger.Get("/api/v1/incidents")).at("data").as_array().empty());

  const json::value taken = BodyOf(owner().Patch(path, {{"status", "acknowledged"}}));
  EXPECT_EQ(TextOf(taken, "status"), "acknowledged");
  EXPECT_FALSE(taken.at("acknowledged_by").is_null());
  EXPECT_EQ(TextOf(BodyOf(owner().Patch(path, {{"status", "resolved"}})), "status"), "resolved");
  EXPECT_EQ(owner().Patch(path, {{"status", "resolved"}}).status, 200);
  ASSERT_TRUE(Eventually([&] { return receiver.All().size() >= 2; }));
  Send("cpu", 10);
  Send("cpu", 10, 0ms, "b");
  ASSERT_TRUE(Eventually([&] { return !Fires(rule); }));
  const json::value over = BodyOf(owner().Get(path));
  EXPECT_FALSE(over.at("ended_at").is_null());
  EXPECT_EQ(TextOf(over.at("series").at(1), "status"), "resolved");
  ASSERT_TRUE(Evaluated(rule));
  EXPECT_THAT(receiver.Types(), ElementsAre("incident.opened", "incident.resolved")) << "each once";

  Send("cpu", 95);
  ASSERT_TRUE(Eventually([&] { return Fires(rule); }));
  EXPECT_NE("/api/v1/incidents/" + TextOf(Rule(rule), "incident_id"), path) << "a new stretch is a new incident";
}

TEST_F(AlertRulesTest, AReceiverThatIsDownGetsTheMessageLaterUnderTheSameId) {
  Receiver receiver;
  receiver.Answer(503);
  const json::value channel = MakeChannel(receiver);
  MakeRule(TextOf(channel, "id"));
  Send("cpu", 95);
  ASSERT_TRUE(Eventually([&] { return !receiver.All().empty(); }));
  receiver.Answer(204);
  ASSERT_TRUE(Eventually([&] { return receiver.All().size() >= 2; }));
  ASSERT_TRUE(Eventually([&] { return TextOf(Deliveries(TextOf(channel, "id")).at(0), "status") == "delivered"; }));
  const std::vector<Received> received = receiver.All();
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[0].id, received[1].id);
  EXPECT_EQ(received[0].body, received[1].body);
  EXPECT_TRUE(SignedWith(received[1], TextOf(channel, "secret")));

  const json::value delivery = Deliveries(TextOf(channel, "id")).at(0);
  EXPECT_EQ(TextOf(delivery, "message_id"), received[0].id);
  std::vector<std::int64_t> statuses;
  for (const json::value& attempt : delivery.at("attempts").as_array()) {
    statuses.push_back(attempt.at("http_status").as_int64());
  }
  EXPECT_THAT(statuses, ElementsAre(503, 204));

  const Answer replayed =
      owner().Post("/api/v1/notification-deliveries/" + TextOf(delivery, "id") + "/replay", nullptr);
  EXPECT_EQ(replayed.status, 202) << replayed;
  ASSERT_TRUE(Eventually([&] { return receiver.All().size() >= 3; }));
  EXPECT_EQ(receiver.All()[2].id, received[0].id);
}

TEST_F(AlertRulesTest, AReceiverThatIsGoneDisablesItsChannel) {
  Receiver receiver;
  receiver.Answer(410);
  const std::string channel = TextOf(MakeChannel(receiver), "id");
  const std::string path = "/api/v1/notification-channels/" + channel;
  EXPECT_EQ(owner().Post(path + "/test", nullptr).status, 202);
  ASSERT_TRUE(Eventually([&] { return TextOf(BodyOf(owner().Get(path)), "disabled_reason") == "gone"; }));
  EXPECT_EQ(TextOf(Deliveries(channel).at(0), "status"), "failed");
  EXPECT_EQ(receiver.All().size(), 1U);
  EXPECT_EQ(owner().Post(path + "/test", nullptr).Code(), "notify.channel_disabled");
  receiver.Answer(204);
  EXPECT_EQ(owner().Patch(path, {{"enabled", true}}).status, 200);
  EXPECT_EQ(owner().Post(path + "/test", nullptr).status, 202);
  ASSERT_TRUE(Eventually([&] { return receiver.All().size() == 2; }));
}

TEST_F(AlertRulesTest, AKilledServerTellsAnIncidentOnceAndGoesOnWithIt) {
  Receiver receiver;
  const std::string rule = MakeRule(TextOf(MakeChannel(receiver), "id"));
  Send("cpu", 95);
  ASSERT_TRUE(Eventually([&] { return Fires(rule); }));
  server_.Kill();
  ASSERT_TRUE(server_.Start());
  Connect();
  ASSERT_TRUE(Eventually([&] { return !receiver.All().empty(); }));
  ASSERT_TRUE(Evaluated(rule));
  EXPECT_TRUE(Fires(rule));
  Send("cpu", 10);
  ASSERT_TRUE(Eventually([&] { return !Fires(rule); }));
  std::set<std::string> ids;
  ASSERT_TRUE(Eventually([&] {
    for (const Received& one : receiver.All()) ids.insert(one.type() + one.id);
    return ids.size() >= 2;
  }));
  EXPECT_EQ(ids.size(), 2U) << "one id for the opening, one for the end";
}

TEST_F(AlertRulesTest, SamplesThatComeLateNeverAlert) {
  Receiver receiver;
  const std::string channel = TextOf(MakeChannel(receiver), "id");
  const std::string late = MakeRule(channel, "late");
  const std::string prompt = MakeRule(channel, "prompt");
  Send("late", 99, 11min);
  Send("prompt", 99);
  ASSERT_TRUE(Eventually([&] { return Fires(prompt); }));
  ASSERT_TRUE(Evaluated(late));
  EXPECT_FALSE(Fires(late));
}

TEST_F(AlertRulesTest, AForecastThatCrossesTheThresholdRaisesAnIncident) {
  std::vector<Sample> ramp;
  const TimestampMs now = SystemClock().Now();
  for (int i = 120; i >= 0; --i) {
    ramp.push_back({.metric = "disk_used", .time = now - i * 1min, .value = 80 - 0.25 * i, .labels = {{"host", "a"}}});
  }
  ASSERT_EQ(acme_->Ingest(ramp).status, 200);
  const auto make = [&](double threshold) {
    return TextOf(BodyOf(owner().Post("/api/v1/alert-rules", {{"name", "disk fills up"},
                                                              {"metric", "disk_used"},
                                                              {"condition", "forecast_breach"},
                                                              {"threshold", threshold},
                                                              {"horizon_minutes", 60}})),
                  "id");
  };
  const std::string near = make(84);  // 80 now, a quarter more each minute
  const std::string far = make(200);
  EXPECT_TRUE(Eventually([&] { return Fires(near); })) << json::serialize(Rule(near));
  EXPECT_TRUE(Eventually([&] { return !Rule(far).at("evaluated_at").is_null(); }));
  EXPECT_FALSE(Fires(far));
}

TEST_F(AlertRulesTest, ABacktestShowsWhatARuleWouldHaveRaised) {
  std::vector<Sample> samples;
  const TimestampMs now = SystemClock().Now();
  for (int i = 600; i > 0; --i) {
    const bool hot = (i <= 400 && i > 380) || i == 100;
    samples.push_back({.metric = "cpu", .time = now - i * 1min, .value = hot ? 95.0 : 50.0, .labels = {{"host", "a"}}});
  }
  ASSERT_EQ(acme_->Ingest(samples).status, 200);
  const auto backtest = [&](int seconds) {
    return BodyOf(owner().Post(
        "/api/v1/alert-rules/backtest",
        {{"name", "hot"}, {"metric", "cpu"}, {"condition", "above"}, {"threshold", 90}, {"for_seconds", seconds}}));
  };
  const json::value both = backtest(0);
  ASSERT_EQ(both.at("incident_count").as_int64(), 2) << json::serialize(both);
  EXPECT_EQ(TextOf(both.at("incidents").at(0), "started_at"), FormatRfc3339(now - 400min));
  EXPECT_EQ(TextOf(both.at("incidents").at(0), "resolved_at"), FormatRfc3339(now - 380min));
  EXPECT_EQ(backtest(300).at("incident_count").as_int64(), 1) << "a single sample does not hold for 5 minutes";
  EXPECT_TRUE(BodyOf(owner().Get("/api/v1/alert-rules")).at("data").as_array().empty());
}

TEST_F(AlertRulesTest, ASecretThatIsRotatedSignsBesideTheNewOne) {
  Receiver receiver;
  const json::value channel = MakeChannel(receiver);
  const std::string path = "/api/v1/notification-channels/" + TextOf(channel, "id");
  EXPECT_FALSE(BodyOf(owner().Get(path)).as_object().contains("secret"));
  const json::value rotated = BodyOf(owner().Post(path + "/rotate-secret", nullptr));
  ASSERT_NE(TextOf(rotated, "secret"), TextOf(channel, "secret"));
  EXPECT_EQ(owner().Post(path + "/test", nullptr).status, 202);
  ASSERT_TRUE(Eventually([&] { return !receiver.All().empty(); }));
  EXPECT_TRUE(SignedWith(receiver.All()[0], TextOf(channel, "secret")));
  EXPECT_TRUE(SignedWith(receiver.All()[0], TextOf(rotated, "secret")));
}

TEST_F(AlertRulesTest, APlanHasSoManyChannelsAlsoForManyAtOnce) {
  const Receiver receiver;
  Tenant small = server_.NewTenant("small", "starter");
  const Caller caller = SignIn(server_.Origin(), OwnerEmail("small"));
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const Answer answer = caller.Post("/api/v1/notification-channels", {{"name", "a"}, {"url", receiver.Url()}});
      if (answer.status == 201) ++made;
      if (answer.Code() == "notify.channel_limit") ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 2);
  EXPECT_EQ(refused, 4);
  const std::string first = TextOf(BodyOf(caller.Get("/api/v1/notification-channels")).at("data").at(0), "id");
  EXPECT_EQ(caller.Delete("/api/v1/notification-channels/" + first).status, 204);
  EXPECT_EQ(caller.Post("/api/v1/notification-channels", {{"name", "a"}, {"url", receiver.Url()}}).status, 201);
}

TEST_F(AlertRulesTest, EachRouteSaysWhatItCannotTake) {
  const std::string absent = "01a00000-0000-7000-8000-000000000000";
  const auto code = [&](Method method, const std::string& path, const json::value& body = nullptr) {
    return owner().Ask(method, "/api/v1/" + path, body).Code();
  };
  const json::object good = {{"name", "a"}, {"metric", "cpu"}, {"condition", "above"}, {"threshold", 1}};
  const auto rule = [&](std::string_view field, const json::value& value) {
    json::object body = good;
    body[field] = value;
    return code(Method::kPost, "alert-rules", body);
  };
  EXPECT_EQ(rule("condition", "near"), "http.bad_field");
  EXPECT_EQ(rule("threshold", nullptr), "alerting.bad_rule");
  EXPECT_EQ(rule("horizon_minutes", 5), "alerting.bad_rule");
  EXPECT_EQ(rule("match", "{host"), "query.bad_match");
  EXPECT_EQ(rule("channels", json::array{absent}), "alerting.no_such_channel");
  EXPECT_EQ(rule("name", "a\nb"), "alerting.bad_rule");
  EXPECT_EQ(code(Method::kPost, "alert-rules/backtest", {{"name", "a"}}), "http.bad_field");
  json::object regex = good;
  regex["match"] = "{host=~\"(\"}";
  EXPECT_EQ(code(Method::kPost, "alert-rules/backtest", regex), "query.bad_regex");
  EXPECT_EQ(code(Method::kGet, "alert-rules?limit=0"), "http.bad_parameter");
  for (const Method method : {Method::kGet, Method::kPatch, Method::kDelete}) {
    const json::value body = method == Method::kPatch ? json::value(json::object{}) : json::value(nullptr);
    EXPECT_EQ(code(method, "alert-rules/" + absent, body), "alerting.no_such_rule");
    EXPECT_EQ(code(method, "alert-rules/none", body), "http.no_such_resource");
    EXPECT_EQ(code(method, "notification-channels/" + absent, body), "notify.no_such_channel");
  }
  const auto channel = [&](const json::object& body) { return code(Method::kPost, "notification-channels", body); };
  EXPECT_EQ(channel({{"name", "a"}}), "http.bad_field");
  EXPECT_EQ(channel({{"name", ""}, {"url", "https://example.com/"}}), "notify.bad_name");
  EXPECT_EQ(channel({{"name", "a"}, {"url", "http://169.254.169.254/latest"}}), "notify.bad_url");
  EXPECT_EQ(channel({{"name", "a"}, {"url", "http://10.0.0.1/"}}), "notify.bad_url");
  EXPECT_EQ(channel({{"name", "a"}, {"url", "file:///etc/passwd"}}), "notify.bad_url");
  EXPECT_EQ(channel({{"name", "a"}, {"url", "https://example.com/"}, {"type", "pigeon"}}), "http.bad_field");
  EXPECT_EQ(code(Method::kPost, "notification-channels/" + absent + "/test"), "notify.no_such_channel");
  EXPECT_EQ(code(Method::kPost, "notification-channels/" + absent + "/rotate-secret"), "notify.no_such_channel");
  EXPECT_EQ(code(Method::kGet, "notification-channels/" + absent + "/deliveries"), "notify.no_such_channel");
  EXPECT_EQ(code(Method::kPost, "notification-deliveries/" + absent + "/replay"), "notify.no_such_delivery");
}

}  // namespace
}  // namespace helios::testing
