// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// The control database away, in every manner, and data directories that are not for the taking.
#include <fmt/format.h>
#include <signal.h>

#include <fstream>
#include <thread>

#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::Eq;
using ::testing::HasSubstr;

class OutageTest : public ServerTest {
 protected:
  // Keeps the private PostgreSQL from coming back: its supervisor starts a dead one again within a second.
  void TakeDatabaseAway() {
    fs::rename(server.data_dir() / "postgres", server.data_dir() / "postgres.away");
    const fs::path pid_file = server.data_dir() / "postgres.away" / "postmaster.pid";
    pid_t pid = -1;
    std::ifstream(pid_file) >> pid;
    ASSERT_GT(pid, 0);
    kill(pid, SIGKILL);
    ASSERT_TRUE(Eventually([&] { return client().Get("/readyz").status == 503; }));
  }

  void GiveDatabaseBack() { fs::rename(server.data_dir() / "postgres.away", server.data_dir() / "postgres"); }

  [[nodiscard]] ApiClient client() const { return server.NewClient(); }

  static Answer IngestOne(Tenant& tenant, double value) {
    const Sample sample{.metric = "during", .time = SystemClock().Now(), .value = value};
    return tenant.Ingest(std::span(&sample, 1));
  }

  // Every kind of request that needs the database, with a key that the server does not remember.
  [[nodiscard]] std::vector<int> AskEverything(const std::string& unknown_key) const {
    ApiClient anonymous = client();
    ApiClient keyed(server.Origin(), unknown_key);
    std::vector<int> statuses = {SignUp(anonymous, "too-late").status};
    statuses.push_back(anonymous
                           .Post("/api/v1/sessions",
                                 {{"organization", "acme"}, {"email", OwnerEmail("acme")}, {"password", kPassword}})
                           .status);
    for (const char* target : {"/api/v1/me", "/api/v1/users", "/api/v1/models", "/api/v1/api-keys", "/api/v1/series"}) {
      statuses.push_back(keyed.Get(target).status);
    }
    for (const char* target : {"/api/v1/query", "/api/v1/predict", "/api/v1/ingest"}) {
      statuses.push_back(keyed.Post(target, {{"metric", "during"}}).status);
    }
    return statuses;
  }

  // Of the right form and checksum, and held by nobody at the time: its tenant came with another server.
  std::string KeyOfNobody() {
    Server other;
    EXPECT_TRUE(other.Start());
    return other.NewTenant("other").key();
  }
};

TEST_F(OutageTest, WithoutItsDatabaseTheApiAnswers503AndRecoversByItself) {
  const std::string unknown_key = KeyOfNobody();
  ApiClient stranger(server.Origin(), unknown_key);
  ASSERT_EQ(stranger.Get("/api/v1/me").status, 401);
  Tenant tenant = server.NewTenant("acme");
  ASSERT_EQ(IngestOne(tenant, 0).status, 200);
  const auto remembered_since = std::chrono::steady_clock::now();

  ASSERT_NO_FATAL_FAILURE(TakeDatabaseAway());
  std::vector<double> stored = {0};
  const auto ingest = [&] {
    const Answer answer = IngestOne(tenant, static_cast<double>(stored.size()));
    EXPECT_THAT(answer.status, AnyOf(Eq(200), Eq(503))) << answer;
    if (answer.status == 200) stored.push_back(static_cast<double>(stored.size()));
    return answer.status;
  };
  if (ingest() == 503) {
    EXPECT_GT(std::chrono::steady_clock::now() - remembered_since, 9s) << "a remembered key needs no database";
  }
  EXPECT_EQ(client().Get("/healthz").status, 200);
  EXPECT_EQ(client().Get("/readyz").status, 503);
  EXPECT_THAT(AskEverything(unknown_key), Each(503));

  // Forgotten after ten seconds, and then the database would have to say who this is.
  EXPECT_TRUE(Eventually([&] { return ingest() == 503; }));
  EXPECT_THAT(AskEverything(tenant.key()), Each(503));

  GiveDatabaseBack();
  EXPECT_TRUE(Eventually([&] { return client().Get("/readyz").status == 200; }));
  EXPECT_TRUE(Eventually([&] { return ingest() == 200; }));
  EXPECT_EQ(stranger.Get("/api/v1/me").status, 401);
  EXPECT_EQ(tenant.api.Get("/api/v1/me").status, 200);
  ApiClient anonymous = client();
  EXPECT_EQ(SignUp(anonymous, "late").status, 201);
  std::vector<double> found;
  for (const Point& point : tenant.Query("during")) found.push_back(point.value);
  EXPECT_EQ(found, stored) << "what was acknowledged meanwhile";
}

TEST_F(OutageTest, ADatabaseThatHangsCostsNo4xxAndNoHealthCheck) {
  Tenant tenant = server.NewTenant("acme");
  ASSERT_EQ(tenant.api.Get("/api/v1/models").status, 200);
  server.SignalPostgres(SIGSTOP);
  EXPECT_EQ(client().Get("/readyz").status, 503);
  EXPECT_EQ(client().Get("/healthz").status, 200);
  EXPECT_EQ(IngestOne(tenant, 1).status, 200) << "a remembered key needs no database";
  // It is late rather than refused: 504 where the wait for an answer ends it, 503 where that for a connection does.
  EXPECT_THAT(tenant.api.Get("/api/v1/models").status, AnyOf(Eq(503), Eq(504)));
  ApiClient anonymous = client();
  EXPECT_THAT(SignUp(anonymous, "too-late").status, AnyOf(Eq(503), Eq(504)));
  EXPECT_TRUE(Eventually([&] { return IngestOne(tenant, 2).status >= 500; })) << "until it is forgotten";
  server.SignalPostgres(SIGCONT);
  EXPECT_TRUE(Eventually([&] { return client().Get("/readyz").status == 200; }));
  EXPECT_TRUE(Eventually([&] { return tenant.api.Get("/api/v1/models").status == 200; }));
  EXPECT_EQ(IngestOne(tenant, 3).status, 200);
}

TEST_F(OutageTest, AKilledDatabaseIsStartedAgain) {
  Tenant tenant = server.NewTenant("acme");
  const pid_t first = server.postgres_pid();
  server.SignalPostgres(SIGKILL);
  EXPECT_TRUE(server.AwaitEvent("pg.restarted"));
  EXPECT_TRUE(Eventually([&] { return client().Get("/readyz").status == 200; }));
  EXPECT_NE(server.postgres_pid(), first);
  EXPECT_EQ(tenant.api.Get("/api/v1/models").status, 200);
}

TEST_F(OutageTest, ASecondServerOnTheSameDataDirectoryIsRefusedAndDisturbsNothing) {
  Tenant tenant = server.NewTenant("acme");
  Server second;
  second.options().data_dir = server.data_dir();
  EXPECT_EQ(second.StartAndExpectExit(), 1) << second.Words();
  EXPECT_THAT(second.Words(), HasSubstr("[pg.data_directory_in_use]"));
  EXPECT_THAT(second.Words(), HasSubstr("another helios process is running on it"));
  EXPECT_EQ(IngestOne(tenant, 1).status, 200);
  EXPECT_EQ(client().Get("/readyz").status, 200);
}

TEST_F(OutageTest, APostgresLeftOverByAKilledServerIsStoppedAtTheNextStart) {
  const Tenant tenant = server.NewTenant("acme");
  const pid_t leftover = server.postgres_pid();
  // Frozen, so that it cannot follow its parent.
  server.SignalPostgres(SIGSTOP);
  server.Kill();
  ASSERT_EQ(kill(leftover, 0), 0);
  std::jthread thaw([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && server.Words().find("pg.leftover_found") == std::string::npos) SleepFor(50ms);
    server.SignalPostgres(SIGCONT);
  });
  ASSERT_TRUE(server.Start());
  EXPECT_EQ(server.Events("pg.leftover_found").size(), 1U);
  EXPECT_NE(server.postgres_pid(), leftover);
  Tenant again = server.Again(tenant);
  EXPECT_EQ(again.api.Get("/api/v1/me").status, 200);
}

TEST(ForeignDirectoryTest, ADirectoryThatHeliosDidNotMakeIsRefusedAndLeftAsItIs) {
  Server server;
  const fs::path precious = server.data_dir() / "postgres" / "precious.txt";
  fs::create_directories(precious.parent_path());
  std::ofstream(precious) << "mine";
  EXPECT_EQ(server.StartAndExpectExit(), 1) << server.Words();
  EXPECT_THAT(server.Words(), HasSubstr("[pg.foreign_data_directory]"));
  EXPECT_THAT(server.Words(), HasSubstr(server.data_dir().string()));
  std::string text;
  std::ifstream(precious) >> text;
  EXPECT_EQ(text, "mine");
  std::vector<std::string> entries;
  for (const auto& entry : fs::recursive_directory_iterator(server.data_dir())) {
    entries.push_back(entry.path().lexically_relative(server.data_dir()).string());
  }
  EXPECT_THAT(entries, ::testing::UnorderedElementsAre("postgres", "postgres/precious.txt"));
}

}  // namespace
}  // namespace helios::testing
