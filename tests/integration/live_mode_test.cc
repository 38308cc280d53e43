// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Live mode: samples arrive as they come, nothing is missed or doubled over a restart, and a stream ends with its
// right.
#include <boost/json/serialize.hpp>
#include <fstream>
#include <map>

#include "tests/support/caller.h"
#include "tests/support/event_reader.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kCpu = "/api/v1/live?match=%7B__name__%3D%22cpu_usage%22%7D";

class LiveTest : public ServerTest {
 protected:
  /// One sample a second from a minute ago on, each with another value.
  static Sample Nth(int n, const std::string& metric = "cpu_usage", const std::string& host = "web-1") {
    static const TimestampMs start = SystemClock().Now() - 60s;
    return {.metric = metric, .time = start + n * 1s, .value = n * 1.0, .labels = {{"host", host}}};
  }
  static void Send(Tenant& tenant, int n) {
    const std::vector<Sample> samples = {Nth(n)};
    ASSERT_EQ(tenant.Ingest(samples).status, 200);
  }
  /// Values of the events' points, of all series.
  static std::vector<double> Values(const ServerEvent& event) {
    std::vector<double> values;
    for (const json::value& series : event.data.at("series").as_array()) {
      for (const json::value& point : series.at("points").as_array()) values.push_back(point.at(1).to_number<double>());
    }
    return values;
  }
  /// Reads samples until `last` came.
  static std::vector<double> ReadUpTo(EventReader& reader, double last) {
    std::vector<double> values;
    while (values.empty() || values.back() != last) {
      const auto event = reader.Await("samples", 20s);
      if (!event) break;
      for (const double value : Values(*event)) values.push_back(value);
    }
    return values;
  }
  [[nodiscard]] std::string Metric(const std::string& line) {
    const std::string all = server.NewOperatorClient().Get("/metrics").body;
    const std::size_t at = all.find("\n" + line + " ");
    return at == std::string::npos ? ""
                                   : all.substr(at + line.size() + 2, all.find('\n', at + 1) - at - line.size() - 2);
  }
};

TEST_F(LiveTest, TellsOfSeriesOnceAndOfSamplesAsTheyCome) {
  Tenant acme = server.NewTenant("acme");
  Send(acme, 0);
  EventReader reader(server.port(), kCpu, acme.key());
  ASSERT_EQ(reader.status(), 200);
  EXPECT_THAT(reader.head(), HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(reader.head(), HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(reader.head(), HasSubstr("X-Accel-Buffering: no\r\n"));
  const auto ready = reader.Await("ready");
  ASSERT_TRUE(ready);
  EXPECT_GE(reader.retry_ms(), 1'000);
  EXPECT_LE(reader.retry_ms(), 5'000);
  EXPECT_FALSE(ready->data.at("resumed").as_bool());
  const json::value& series = ready->data.at("series").at(0);
  EXPECT_EQ(series.at("metric").as_string(), "cpu_usage");
  EXPECT_EQ(series.at("labels"), (json::object{{"host", "web-1"}}));

  const std::vector<Sample> more = {Nth(1), Nth(2), Nth(1, "memory_free")};
  ASSERT_EQ(acme.Ingest(more).status, 200);
  const auto samples = reader.Await("samples");
  ASSERT_TRUE(samples);
  EXPECT_THAT(Values(*samples), ElementsAre(1, 2));
  EXPECT_EQ(samples->data.at("series").at(0).at("series"), series.at("series"));

  // One that appears is introduced with its first samples.
  const std::vector<Sample> other = {Nth(3, "cpu_usage", "web-2")};
  ASSERT_EQ(acme.Ingest(other).status, 200);
  const auto appeared = reader.Await("samples");
  ASSERT_TRUE(appeared);
  EXPECT_EQ(appeared->data.at("series").at(0).at("labels"), (json::object{{"host", "web-2"}}));
  EXPECT_THAT(Values(*appeared), ElementsAre(3));
  EXPECT_EQ(Metric("helios_live_streams"), "1");
}

TEST_F(LiveTest, GoesOnWithoutHolesOrDoublesOverARestart) {
  Tenant acme = server.NewTenant("acme");
  Send(acme, 0);
  std::string id;
  {
    EventReader reader(server.port(), kCpu, acme.key());
    ASSERT_TRUE(reader.Await("ready"));
    Send(acme, 1);
    Send(acme, 2);
    EXPECT_THAT(ReadUpTo(reader, 2), ElementsAre(1, 2));
    id = reader.last_id();
  }
  Send(acme, 3);  // while nobody listens
  ASSERT_EQ(server.Stop(), 0);
  ASSERT_TRUE(server.Start());
  Tenant again = server.Again(acme);
  Send(again, 4);
  EventReader reader(server.port(), kCpu, acme.key(), id);
  const auto ready = reader.Await("ready");
  ASSERT_TRUE(ready);
  EXPECT_TRUE(ready->data.at("resumed").as_bool());
  Send(again, 5);
  EXPECT_THAT(ReadUpTo(reader, 5), ElementsAre(3, 4, 5));
}

TEST_F(LiveTest, GoesOnFromAnIdInTheAddressToo) {
  Tenant acme = server.NewTenant("acme");
  Send(acme, 0);
  EventReader first(server.port(), kCpu, acme.key());
  ASSERT_TRUE(first.Await("ready"));
  Send(acme, 1);
  EXPECT_THAT(ReadUpTo(first, 1), ElementsAre(1));
  Send(acme, 2);
  EXPECT_THAT(ReadUpTo(first, 2), ElementsAre(2));
  std::string id;
  for (const char c : first.last_id()) id += c == '+' ? "%2B" : std::string(1, c);
  EventReader second(server.port(), std::string(kCpu) + "&last_event_id=" + id, acme.key());
  const auto ready = second.Await("ready");
  ASSERT_TRUE(ready && ready->data.at("resumed").as_bool());
  Send(acme, 3);
  EXPECT_THAT(ReadUpTo(second, 3), ElementsAre(3));

  for (const char* wrong : {"nonsense", "AAAA", "%2B%2B"}) {
    EventReader reader(server.port(), std::string(kCpu) + "&last_event_id=" + wrong, acme.key());
    const auto anew = reader.Await("ready");
    ASSERT_TRUE(anew) << wrong;
    EXPECT_FALSE(anew->data.at("resumed").as_bool()) << wrong;
  }
}

TEST_F(LiveTest, EndsStreamsAtOnceWhenTheServerStops) {
  Tenant acme = server.NewTenant("acme");
  EventReader reader(server.port(), kCpu, acme.key());
  EventReader stuck(server.port(), kCpu, acme.key());
  ASSERT_TRUE(reader.Await("ready"));
  server.Terminate();
  const auto end = reader.Await("end");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->data.at("reason").as_string(), "live.stopping");
  EXPECT_TRUE(reader.AwaitEnd());
  EXPECT_EQ(server.Wait(20s), 0);  // requests in progress would have had 25 s
}

TEST_F(LiveTest, EndsWhenTheKeyIsRevokedAndForNobodyElse) {
  Tenant acme = server.NewTenant("acme");
  const Caller owner = SignIn(server.Origin(), OwnerEmail("acme"));
  const json::value made = BodyOf(owner.Post("/api/v1/api-keys", {{"name", "wall"}, {"scopes", {"read"}}}));
  EventReader revoked(server.port(), kCpu, TextOf(made, "key"));
  EventReader other(server.port(), kCpu, acme.key());
  ASSERT_TRUE(revoked.Await("ready"));
  ASSERT_TRUE(other.Await("ready"));
  ASSERT_EQ(owner.Delete("/api/v1/api-keys/" + TextOf(made, "id")).status, 204);
  const auto end = revoked.Await("end");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->data.at("reason").as_string(), "identity.unknown_key");
  EXPECT_TRUE(revoked.AwaitEnd());
  Send(acme, 1);
  EXPECT_THAT(ReadUpTo(other, 1), ElementsAre(1));
  EXPECT_EQ(EventReader(server.port(), kCpu, TextOf(made, "key")).status(), 401);
}

TEST_F(LiveTest, ShowsNothingOfAnotherTenant) {
  Tenant acme = server.NewTenant("acme");
  Tenant globex = server.NewTenant("globex");
  Send(acme, 0);
  EventReader acmes(server.port(), kCpu, acme.key());
  ASSERT_TRUE(acmes.Await("ready"));
  Send(acme, 1);
  EXPECT_THAT(ReadUpTo(acmes, 1), ElementsAre(1));
  // With acme's id, too: another subscription's.
  EventReader globexs(server.port(), kCpu, globex.key(), acmes.last_id());
  const auto ready = globexs.Await("ready");
  ASSERT_TRUE(ready);
  EXPECT_FALSE(ready->data.at("resumed").as_bool());
  EXPECT_TRUE(ready->data.at("series").as_array().empty());
  Send(acme, 2);
  EXPECT_THAT(ReadUpTo(acmes, 2), ElementsAre(2));
  const std::vector<Sample> own = {Nth(7)};
  ASSERT_EQ(globex.Ingest(own).status, 200);
  EXPECT_THAT(ReadUpTo(globexs, 7), ElementsAre(7));
}

TEST_F(LiveTest, TellsASlowReaderOfAGapAndGoesOn) {
  Tenant acme = server.NewTenant("acme");
  Send(acme, 0);
  EventReader reader(server.port(), kCpu, acme.key(), "", 4'096);
  ASSERT_EQ(reader.status(), 200);
  // Some MiB of events, of which the sockets and the stream hold a part; nothing is read meanwhile.
  int n = 0;
  const TimestampMs start = Nth(0).time + 1ms;
  ASSERT_TRUE(Eventually([&] {
    std::vector<Sample> samples;
    for (int i = 0; i < 15'000; ++i, ++n) {
      samples.push_back(
          {.metric = "cpu_usage", .time = start + n * 1ms, .value = 0.1 + n, .labels = {{"host", "web-1"}}});
    }
    EXPECT_EQ(acme.Ingest(samples).status, 200);
    SleepFor(500ms);
    const std::string gaps = Metric("helios_live_gaps_total");
    return !gaps.empty() && gaps != "0";
  }));
  const auto gap = reader.Await("gap");
  ASSERT_TRUE(gap);
  EXPECT_LT(gap->data.at("from").as_int64(), gap->data.at("to").as_int64());
  const std::vector<Sample> last = {
      {.metric = "cpu_usage", .time = start + n * 1ms, .value = -1, .labels = {{"host", "web-1"}}}};
  ASSERT_EQ(acme.Ingest(last).status, 200);
  EXPECT_EQ(ReadUpTo(reader, -1).back(), -1);
}

TEST_F(LiveTest, TellsOfJobs) {
  Tenant acme = server.NewTenant("acme");
  Send(acme, 0);
  EventReader reader(server.port(), "/api/v1/live", acme.key());
  ASSERT_TRUE(reader.Await("ready"));
  const Caller owner = SignIn(server.Origin(), OwnerEmail("acme"));
  const json::value job = BodyOf(owner.Post("/api/v1/models/train", {{"metric", "cpu_usage"}}));
  const auto told = reader.Await("jobs");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->data.at("jobs").at(0).at("id"), job.at("job").at("id")) << json::serialize(told->data);
}

TEST_F(LiveTest, RefusesWhatItCannotHold) {
  Tenant acme = server.NewTenant("acme");
  const auto code = [&](const std::string& target) { return acme.api.Get(target).Code(); };
  EXPECT_EQ(code("/api/v1/live?match=%7B%7D"), "live.bad_match");
  EXPECT_EQ(code("/api/v1/live?match=%7Bhost"), "query.bad_match");
  EXPECT_EQ(code("/api/v1/live?match=%7Bhost%3D~%22(%22%7D"), "query.bad_regex");
  EXPECT_EQ(code("/api/v1/live?metric=cpu"), "http.unknown_parameter");
  std::string many = "/api/v1/live?";
  for (int i = 0; i < 11; ++i) many += fmt::format("&match=%7Bhost%3D%22{}%22%7D", i);
  EXPECT_EQ(code(many), "live.too_many_matches");

  ASSERT_EQ(server.Stop(), 0);
  server.options().environment = {{"HELIOS_LIVE_MAX_STREAMS", "3"}, {"HELIOS_LIVE_MAX_STREAMS_PER_TENANT", "2"}};
  ASSERT_TRUE(server.Start());
  Tenant again = server.Again(acme);
  Tenant globex = server.NewTenant("globex");
  {
    EventReader one(server.port(), kCpu, acme.key());
    EventReader two(server.port(), kCpu, acme.key());
    ASSERT_TRUE(one.Await("ready") && two.Await("ready"));
    const Answer refused = again.api.Get(kCpu);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.Code(), "live.too_many_streams");
    EventReader three(server.port(), kCpu, globex.key());
    ASSERT_TRUE(three.Await("ready"));
    const Answer full = globex.api.Get(kCpu);
    EXPECT_EQ(full.status, 503);
    EXPECT_EQ(full.Code(), "live.overloaded");
  }
  // Places are given back.
  EXPECT_TRUE(Eventually([&] {
    EventReader reader(server.port(), kCpu, acme.key());
    return reader.status() == 200;
  }));
}

}  // namespace
}  // namespace helios::testing
