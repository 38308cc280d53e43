// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// helios-agent, the real program, against a real server that comes and goes.
#include <boost/json/array.hpp>
#include <csignal>
#include <filesystem>
#include <memory>

#include "tests/support/caller.h"
#include "tests/support/child_process.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::MatchesRegex;

constexpr std::chrono::milliseconds kInterval{1'000};

/// One server for all tests. Each has an organization and a buffer of its own.
class AgentTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<Server>(); }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (!server().running()) ASSERT_TRUE(server().Start());
    acme.emplace(server().NewTenant(fmt::format("acme-{}", ++organizations_)));
    std::filesystem::create_directory(Buffer());
  }
  static Server& server() { return *server_; }

  /// An agent that measures every second. Each one started has the same buffer.
  std::unique_ptr<ChildProcess> StartAgent(const std::string& key, const std::vector<std::string>& more = {}) {
    std::vector<std::string> command = {
        HELIOS_AGENT_PROGRAM, "--endpoint",     server().Origin(), "--interval", "1s", "--host", "web-1",
        "--buffer-dir",       Buffer().string()};
    command.insert(command.end(), more.begin(), more.end());
    return std::make_unique<ChildProcess>(ChildProcess::Start{.command = std::move(command),
                                                              .environment = {"HELIOS_API_KEY=" + key},
                                                              .scratch = server().directory(),
                                                              .name = fmt::format("{}-{}", acme->slug(), ++agents_)});
  }

  [[nodiscard]] std::filesystem::path Buffer() const { return server().directory() / acme->slug(); }

  /// Bytes of samples that wait in the buffer.
  [[nodiscard]] std::uintmax_t Buffered() const {
    std::uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(Buffer())) {
      if (file.path().extension() == ".segment") bytes += file.file_size();
    }
    return bytes;
  }

  /// A gauge that each round has.
  std::vector<Point> Rounds() { return server().Again(*acme).Query("memory", {{"host", "web-1"}}); }

  static bool Says(const ChildProcess& agent, const std::string& text) {
    return agent.Output().find(text) != std::string::npos;
  }

  std::optional<Tenant> acme;

 private:
  static std::unique_ptr<Server> server_;
  static int organizations_;
  int agents_ = 0;
};

std::unique_ptr<Server> AgentTest::server_;
int AgentTest::organizations_ = 0;

/// No round is missing: two of them are never two intervals apart.
void ExpectNoGap(const std::vector<Point>& rounds) {
  for (std::size_t i = 1; i < rounds.size(); ++i) {
    EXPECT_LT(rounds[i].ms - rounds[i - 1].ms, 2 * kInterval.count())
        << "between round " << i - 1 << " and round " << i << " of " << rounds.size();
  }
}

TEST_F(AgentTest, SaysThatThePlatformSeesItsSeriesAndItDoes) {
  const auto agent = StartAgent(acme->key(), {"--label", "az=eu-1"});
  ASSERT_TRUE(Eventually([&] { return Says(*agent, "\n"); })) << agent->Errors();
  const std::string line = agent->Output();
  ASSERT_THAT(line, MatchesRegex("helios-agent: connected to http://127.0.0.1:[0-9]+; the platform sees [0-9]+ series "
                                 "from this machine\n"));
  const int seen = std::atoi(line.substr(line.find("sees ") + 5).c_str());

  const json::value page = BodyOf(acme->api.Get("/api/v1/series?limit=1000"));
  std::set<std::string> metrics;
  for (const json::value& series : page.at("data").as_array()) {
    EXPECT_EQ(TextOf(series.at("labels"), "host"), "web-1");
    EXPECT_EQ(TextOf(series.at("labels"), "az"), "eu-1");
    metrics.insert(TextOf(series, "metric"));
  }
  EXPECT_GE(page.at("data").as_array().size(), static_cast<std::size_t>(seen));
  EXPECT_GT(seen, 20);
  EXPECT_THAT(metrics, IsSupersetOf({"cpu", "cpu_count", "memory", "memory_used_bytes", "load1", "uptime_seconds",
                                     "helios_agent_waiting_batches"}));
  agent->Signal(SIGTERM);
  EXPECT_EQ(agent->Wait(), 0);
}

TEST_F(AgentTest, LosesNothingWhileTheServerIsAway) {
  const auto agent = StartAgent(acme->key());
  ASSERT_TRUE(Eventually([&] { return Rounds().size() >= 2; })) << agent->Errors();

  server().Kill();
  const std::int64_t killed = ToUnixMs(SystemClock().Now());
  ASSERT_TRUE(Eventually([&] { return Buffered() > 0; })) << "what cannot be delivered is buffered on disk";
  SleepFor(3 * kInterval);
  ASSERT_TRUE(server().Start(/*same_port=*/true));
  const std::int64_t back = ToUnixMs(SystemClock().Now());

  std::vector<Point> rounds;
  ASSERT_TRUE(Eventually([&] {
    rounds = Rounds();
    return !rounds.empty() && rounds.back().ms > back + kInterval.count();
  })) << agent->Errors();
  ExpectNoGap(rounds);
  const auto away = std::ranges::count_if(rounds, [&](const Point& at) { return at.ms > killed && at.ms < back; });
  EXPECT_GE(away, 3) << "rounds measured while the server was away";
  // Whatever had arrived before the kill was recognised, and nothing came too late for its series.
  const auto counter = [this](const std::string& name) {
    return server().Again(*acme).Query("helios_agent_" + name, {{"host", "web-1"}}).back().value;
  };
  EXPECT_EQ(counter("rejected_samples_total"), 0);
  EXPECT_EQ(counter("dropped_samples_total"), 0);
  ASSERT_TRUE(Eventually([&] { return counter("waiting_batches") == 0; }));
}

TEST_F(AgentTest, SavesWhatWaitsWhenItIsStoppedAndDeliversItNextTime) {
  auto agent = StartAgent(acme->key());
  ASSERT_TRUE(Eventually([&] { return Rounds().size() >= 2; })) << agent->Errors();
  server().Kill();
  const std::int64_t killed = ToUnixMs(SystemClock().Now());
  SleepFor(3 * kInterval);
  agent->Signal(SIGTERM);
  EXPECT_EQ(agent->Wait(), 0) << agent->Errors();
  const std::int64_t stopped = ToUnixMs(SystemClock().Now());
  EXPECT_GT(Buffered(), 0U);

  ASSERT_TRUE(server().Start(/*same_port=*/true));
  agent = StartAgent(acme->key());
  std::vector<Point> rounds;
  ASSERT_TRUE(Eventually([&] {
    rounds = Rounds();
    return !rounds.empty() && rounds.back().ms > stopped;
  })) << agent->Errors();
  std::erase_if(rounds, [&](const Point& at) { return at.ms > stopped; });
  ExpectNoGap(rounds);
  EXPECT_GE(std::ranges::count_if(rounds, [&](const Point& at) { return at.ms > killed; }), 2);
}

TEST_F(AgentTest, SaysThatItsKeyIsNotAccepted) {
  const Caller owner = SignIn(server().Origin(), OwnerEmail(acme->slug()));
  const json::value made = BodyOf(owner.Post("/api/v1/api-keys", {{"name", "revoked"}}));
  ASSERT_EQ(owner.Delete("/api/v1/api-keys/" + TextOf(made, "id")).status, 204);

  const auto agent = StartAgent(TextOf(made, "key"));
  ASSERT_TRUE(Eventually([&] { return Says(*agent, "\n"); })) << agent->Errors();
  EXPECT_THAT(agent->Output(),
              AllOf(HasSubstr("helios-agent: cannot deliver: the platform does not accept this API key (401 "
                              "identity.unknown_key"),
                    HasSubstr("check --api-key or HELIOS_API_KEY"), HasSubstr("Samples are kept meanwhile.")));
  agent->Signal(SIGTERM);
  EXPECT_EQ(agent->Wait(), 0);
  EXPECT_GT(Buffered(), 0U);
}

TEST_F(AgentTest, SaysThatItsKeyMayNotWriteOrNotRead) {
  const Caller owner = SignIn(server().Origin(), OwnerEmail(acme->slug()));
  const auto key = [&owner](const char* scope) {
    return TextOf(BodyOf(owner.Post("/api/v1/api-keys", {{"name", scope}, {"scopes", {scope}}})), "key");
  };
  {
    const auto agent = StartAgent(key("read"));
    ASSERT_TRUE(Eventually([&] { return Says(*agent, "\n"); })) << agent->Errors();
    EXPECT_THAT(agent->Output(), HasSubstr("it needs the scope 'write'"));
  }
  const auto agent = StartAgent(key("write"));
  ASSERT_TRUE(Eventually([&] { return Says(*agent, "\n"); })) << agent->Errors();
  EXPECT_THAT(agent->Output(), HasSubstr("the platform accepted"));
}

}  // namespace
}  // namespace helios::testing
