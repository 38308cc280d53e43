// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Scaling advice through the front door: of stored series, of a saved target, and as autoscalers ask for it.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <numbers>

#include "tests/support/caller.h"
#include "tests/support/server_test.h"
#include "tests/support/webhook_receiver.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr std::chrono::minutes kStep{5};
constexpr int kDays = 6;
constexpr int kHistory = kDays * 288;
constexpr const char* kExternal = "/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/helios-recommended-replicas";

/// A daily sine of 50 to 150.
double Load(TimestampMs time) {
  return 100 + 50 * std::sin(2 * std::numbers::pi * static_cast<double>(ToUnixMs(time) % 86'400'000) / 86'400'000);
}

class ScalingTest : public ::testing::Test {
 protected:
  ScalingTest() : server(ServerOptions{.environment = {{"HELIOS_WEBHOOKS_ALLOWED_NETWORKS", "127.0.0.0/8"}}}) {}

  void SetUp() override {
    ASSERT_TRUE(server.Start());
    acme = std::make_unique<Tenant>(server.NewTenant("acme"));
    now = std::chrono::floor<std::chrono::seconds>(SystemClock().Now());
  }
  [[nodiscard]] Caller Acme() const { return Caller(server.Origin()).WithKey(acme->key()); }

  /// History until `silent` ago, on each of `hosts`.
  void Send(const std::string& metric, std::chrono::minutes silent = 0min,
            const std::vector<std::string>& hosts = {"a"}) {
    for (const auto& host : hosts) {
      std::vector<Sample> samples;
      for (int i = kHistory; i >= 0; --i) {
        const auto time = now - silent - i * kStep;
        samples.push_back({.metric = metric, .time = time, .value = Load(time), .labels = {{"host", host}}});
      }
      const Answer answer = acme->Ingest(samples);
      ASSERT_EQ(answer.status, 200) << answer;
    }
  }
  [[nodiscard]] static json::value Target(const std::string& metric) {
    return {{"metric", metric}, {"target", {{"per_replica_capacity", 10}, {"min_replicas", 1}, {"max_replicas", 100}}}};
  }
  [[nodiscard]] static json::object Saved(const std::string& metric) {
    return {{"name", metric}, {"metric", metric}, {"per_replica_capacity", 10}, {"max_replicas", 100}};
  }
  [[nodiscard]] std::string Save(const json::object& target) const {
    return TextOf(BodyOf(Acme().Post("/api/v1/scaling-targets", target)), "id");
  }
  [[nodiscard]] std::string Refusal(const Answer& answer) const {
    return fmt::format("{} {}", answer.status, answer.Code());
  }
  [[nodiscard]] json::value Read(const std::string& id) const {
    return BodyOf(Acme().Get("/api/v1/scaling-targets/" + id));
  }
  /// Until it was evaluated, which happens within 70 s.
  [[nodiscard]] bool AwaitEvaluation(const std::string& id) const {
    for (int tries = 0; tries < 350; ++tries) {
      const json::value target = Read(id);
      if (!target.at("advice").is_null() || !target.at("failure").is_null()) return true;
      std::this_thread::sleep_for(200ms);
    }
    return false;
  }

  /// The replicas of the advice, once it was made.
  [[nodiscard]] std::int64_t Advised(const std::string& id) const {
    if (!AwaitEvaluation(id) || Read(id).at("advice").is_null()) return -1;
    return Read(id).at("advice").at("replicas").as_int64();
  }
  /// Until the receiver got so many messages.
  [[nodiscard]] static bool AwaitMessages(const Receiver& receiver, std::size_t count) {
    for (int tries = 0; tries < 150 && receiver.All().size() < count; ++tries) std::this_thread::sleep_for(200ms);
    return receiver.All().size() >= count;
  }

  Server server;
  std::unique_ptr<Tenant> acme;
  TimestampMs now;
};

TEST_F(ScalingTest, StoredSeriesAreSummedAndNeverAdvisedBelowThePresentLoad) {
  Send("rps", 0min, {"a", "b"});
  const json::value answer = BodyOf(Acme().Post("/api/v1/recommend", Target("rps")));
  const json::value& advice = answer.at("recommendations").at(0);
  EXPECT_EQ(advice.at("summed_series").to_number<int>(), 2);
  const int needed = static_cast<int>(std::ceil(2 * Load(now) / 10 - 1e-9));
  EXPECT_GE(advice.at("recommended_replicas").to_number<int>(), needed);
  EXPECT_LE(advice.at("recommended_replicas").to_number<int>(), 60) << "30 are needed at the peak";
  EXPECT_EQ(advice.at("schedule").as_array().size(), 12U);
  const json::value& replay = advice.at("replay");
  EXPECT_LE(replay.at("ours").at("replica_hours").to_number<double>(),
            replay.at("static").at("replica_hours").to_number<double>());
}

TEST_F(ScalingTest, WhatIsUnknownIsAnErrorAndNeverALowNumber) {
  Send("silent", 30min);
  EXPECT_EQ(Refusal(Acme().Post("/api/v1/recommend", Target("silent"))), "422 scaling.stale_series");
  EXPECT_EQ(Refusal(Acme().Post("/api/v1/recommend", Target("none"))), "404 scaling.no_such_series");
  const std::string silent = Save(Saved("silent"));
  const std::string none = Save(Saved("none"));
  const std::string keda = "/api/v1/scaling-targets/" + silent + "/keda";
  EXPECT_EQ(Refusal(Acme().Get(keda)), "503 scaling.no_advice") << "not evaluated yet";
  ASSERT_TRUE(AwaitEvaluation(silent));
  ASSERT_TRUE(AwaitEvaluation(none));
  const Answer refused = Acme().Get(keda);
  EXPECT_EQ(Refusal(refused), "503 scaling.no_advice");
  EXPECT_THAT(refused.body, HasSubstr("newest sample"));
  EXPECT_EQ(TextOf(Read(silent).at("failure"), "code"), "scaling.stale_series");
  EXPECT_EQ(TextOf(Read(none).at("failure"), "code"), "scaling.no_such_series");
  EXPECT_EQ(Refusal(Acme().Get(kExternal)), "503 scaling.no_advice") << "one unknown makes the sum unknown";
}

TEST_F(ScalingTest, ATargetIsEvaluatedAndServedToAutoscalers) {
  Send("rps");
  json::object target = Saved("rps");
  target["cost_per_replica_hour"] = 0.5;
  target["currency"] = "EUR";
  const std::string id = Save(target);
  json::object shadow = Saved("rps");
  shadow["name"] = "shadow";
  shadow["mode"] = "shadow";
  const std::string other = Save(shadow);
  ASSERT_TRUE(AwaitEvaluation(id));
  ASSERT_TRUE(AwaitEvaluation(other));

  const json::value read = Read(id);
  const auto replicas = read.at("advice").at("replicas").to_number<int>();
  EXPECT_GE(replicas, static_cast<int>(std::ceil(Load(now) / 10 - 1e-9)));
  EXPECT_GE(replicas, read.at("advice").at("needed_replicas").to_number<int>());
  const json::value& replay = read.at("replay");
  EXPECT_DOUBLE_EQ(replay.at("ours").at("cost").to_number<double>(),
                   replay.at("ours").at("replica_hours").to_number<double>() * 0.5);
  EXPECT_TRUE(replay.as_object().contains("saved_cost"));

  const Answer keda = Acme().Get("/api/v1/scaling-targets/" + id + "/keda");
  ASSERT_EQ(keda.status, 200) << keda;
  EXPECT_EQ(keda.Json().at("replicas").to_number<int>(), replicas);
  const json::value list = BodyOf(Acme().Get(std::string(kExternal) + "?labelSelector=target%3Drps"));
  EXPECT_EQ(TextOf(list, "kind"), "ExternalMetricValueList");
  ASSERT_EQ(list.at("items").as_array().size(), 1U);
  EXPECT_EQ(TextOf(list.at("items").at(0), "value"), std::to_string(replicas));
  EXPECT_EQ(TextOf(BodyOf(Acme().Get("/apis/external.metrics.k8s.io/v1beta1")), "kind"), "APIResourceList");

  EXPECT_EQ(Refusal(Acme().Get("/api/v1/scaling-targets/" + other + "/keda")), "422 scaling.shadow_mode");
  const json::value advice = BodyOf(Acme().Get("/api/v1/scaling-targets/" + other + "/advice"));
  ASSERT_GE(advice.at("data").as_array().size(), 1U);
  EXPECT_EQ(TextOf(advice.at("data").at(0), "mode"), "shadow");
}

TEST_F(ScalingTest, AChangeOfTheNumberIsToldToTheTargetsChannelsAndNothingElseIs) {
  Receiver named;
  Receiver other;
  const Caller owner = SignIn(server.Origin(), OwnerEmail("acme"));
  const auto channel = [&](const Receiver& receiver) {
    return BodyOf(owner.Post("/api/v1/notification-channels", {{"name", "scaler"}, {"url", receiver.Url()}}));
  };
  const json::value first = channel(named);
  const json::value second = channel(other);
  Send("rps");
  json::object target = Saved("rps");
  target["channels"] = json::array{first.at("id"), first.at("id")};
  json::object shadow = Saved("rps");
  shadow["name"] = "shadow";
  shadow["mode"] = "shadow";
  shadow["all_webhooks"] = true;
  const std::string id = Save(target);
  const std::string quiet = Save(shadow);
  const std::int64_t replicas = Advised(id);
  ASSERT_GT(replicas, 0);
  ASSERT_GT(Advised(quiet), 0);
  ASSERT_TRUE(AwaitMessages(named, 1));
  const Received told = named.All()[0];
  EXPECT_TRUE(SignedWith(told, TextOf(first, "secret"))) << told.signature;
  const json::value data = json::parse(told.body).at("data");
  EXPECT_EQ(told.type(), "scaling.advice_changed");
  EXPECT_EQ(TextOf(data.at("scaling_target"), "id"), id);
  EXPECT_EQ(data.at("replicas").as_int64(), replicas);
  EXPECT_EQ(data.at("sequence").as_int64(), 1);
  EXPECT_TRUE(data.at("previous_replicas").is_null());

  // The same number of a target that was changed: nothing is told. Another number: one message more.
  ASSERT_EQ(Acme().Patch("/api/v1/scaling-targets/" + id, {{"name", "renamed"}}).status, 200);
  EXPECT_EQ(Advised(id), replicas);
  EXPECT_EQ(named.All().size(), 1U) << "the number is what it was";
  ASSERT_EQ(Acme().Patch("/api/v1/scaling-targets/" + id, {{"min_replicas", 90}, {"all_webhooks", true}}).status, 200);
  EXPECT_EQ(Advised(id), 90);
  ASSERT_TRUE(AwaitMessages(named, 2));
  ASSERT_TRUE(AwaitMessages(other, 1));
  const json::value again = json::parse(named.All()[1].body).at("data");
  EXPECT_EQ(again.at("replicas").as_int64(), 90);
  EXPECT_EQ(again.at("previous_replicas").as_int64(), replicas);
  EXPECT_EQ(again.at("sequence").as_int64(), 2);
  EXPECT_NE(named.All()[0].id, named.All()[1].id);
  EXPECT_EQ(other.All()[0].id, named.All()[1].id);
  EXPECT_EQ(named.All().size(), 2U) << "the shadow was told, or one message came twice";
  EXPECT_EQ(other.All().size(), 1U);
  EXPECT_TRUE(SignedWith(other.All()[0], TextOf(second, "secret")));
}

TEST_F(ScalingTest, ANotificationChannelOfAnotherTenantIsNoneOfATargets) {
  const auto globex = server.NewTenant("globex");
  const Caller stranger = SignIn(server.Origin(), OwnerEmail("globex"));
  const json::value channel =
      BodyOf(stranger.Post("/api/v1/notification-channels", {{"name", "theirs"}, {"url", "https://example.com/hook"}}));
  json::object target = Saved("rps");
  target["channels"] = json::array{channel.at("id")};
  EXPECT_EQ(Refusal(Acme().Post("/api/v1/scaling-targets", target)), "400 scaling.no_such_channel");
  EXPECT_TRUE(BodyOf(Acme().Get("/api/v1/scaling-targets")).at("data").as_array().empty());
  target["channels"] = json::array{"mine"};
  EXPECT_EQ(Refusal(Acme().Post("/api/v1/scaling-targets", target)), "400 http.bad_field");
}

TEST_F(ScalingTest, TargetsAreMadeChangedAndDeletedByTheirTenantAlone) {
  const std::string id = Save(Saved("rps"));
  const std::string path = "/api/v1/scaling-targets/" + id;
  EXPECT_EQ(Acme().Patch(path, {{"max_replicas", 7}}).Json().at("max_replicas").to_number<int>(), 7);
  EXPECT_EQ(TextOf(Read(id), "name"), "rps");
  const auto globex = server.NewTenant("globex");
  const Caller intruder = Caller(server.Origin()).WithKey(globex.key());
  for (const char* more : {"", "/keda", "/advice"}) {
    EXPECT_EQ(Refusal(intruder.Get(path + more)), "404 scaling.no_such_target") << more;
  }
  EXPECT_EQ(Refusal(intruder.Patch(path, {{"max_replicas", 1}})), "404 scaling.no_such_target");
  EXPECT_EQ(Refusal(intruder.Delete(path)), "404 scaling.no_such_target");
  EXPECT_TRUE(BodyOf(intruder.Get("/api/v1/scaling-targets")).at("data").as_array().empty());
  EXPECT_EQ(Refusal(intruder.Get(kExternal)), "404 scaling.no_such_target");
  EXPECT_EQ(Acme().Delete(path).status, 204);
  EXPECT_EQ(Refusal(Acme().Get(path)), "404 scaling.no_such_target");
}

TEST_F(ScalingTest, RefusesBadInputByName) {
  const auto post = [&](json::object changes, const char* without = "") {
    json::object target = Saved("rps");
    for (const auto& change : changes) target[change.key()] = change.value();
    target.erase(without);
    return Refusal(Acme().Post("/api/v1/scaling-targets", target));
  };
  EXPECT_EQ(post({}, "name"), "400 http.bad_field");
  EXPECT_EQ(post({}, "metric"), "400 http.bad_field");
  EXPECT_EQ(post({}, "max_replicas"), "400 http.bad_field");
  EXPECT_EQ(post({{"name", ""}}), "400 http.bad_field");
  EXPECT_EQ(post({{"per_replica_capacity", 0}}), "400 scaling.bad_target");
  EXPECT_EQ(post({{"min_replicas", 101}}), "400 scaling.bad_target");
  EXPECT_EQ(post({{"startup_seconds", 3601}}), "400 http.bad_field");
  EXPECT_EQ(post({{"max_violation_ratio", 1}}), "400 scaling.bad_target");
  EXPECT_EQ(post({{"max_short_time_ratio", 2}}), "400 scaling.bad_target");
  EXPECT_EQ(post({{"mode", "auto"}}), "400 http.bad_field");
  EXPECT_EQ(post({{"cost_per_replica_hour", -1}}), "400 http.bad_field");
  EXPECT_EQ(post({{"currency", "euro"}}), "400 http.bad_field");
  EXPECT_EQ(post({{"replicas", 1}}), "400 http.unknown_field");
  const std::string id = Save(Saved("rps"));
  EXPECT_EQ(Refusal(Acme().Patch("/api/v1/scaling-targets/" + id, {{"metric", nullptr}})), "400 http.bad_field");
  EXPECT_EQ(Refusal(Acme().Patch("/api/v1/scaling-targets/" + id, {{"max_replicas", 0}})), "400 scaling.bad_target");
  EXPECT_EQ(Refusal(Acme().Get("/api/v1/scaling-targets/7")), "404 scaling.no_such_target");
  EXPECT_EQ(Refusal(Acme().Get("/api/v1/scaling-targets?cursor=x")), "400 http.bad_cursor");
  EXPECT_EQ(Refusal(Acme().Get(std::string(kExternal) + "?labelSelector=app%3Dx")), "400 scaling.bad_selector");
  EXPECT_EQ(Refusal(Acme().Get(std::string(kExternal) + "?labelSelector=target%3Dother")),
            "404 scaling.no_such_target");
  EXPECT_EQ(Refusal(Acme().Get("/apis/external.metrics.k8s.io/v1beta1/namespaces/n/cpu")),
            "404 scaling.no_such_metric");
  EXPECT_EQ(Refusal(Acme().Post("/api/v1/recommend", json::object{})), "400 http.bad_field");
  json::value both = Target("rps");
  both.as_object()["history"] = json::array{};
  EXPECT_EQ(Refusal(Acme().Post("/api/v1/recommend", both)), "400 scaling.bad_subject");
}

}  // namespace
}  // namespace helios::testing
