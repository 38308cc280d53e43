// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What the audit log holds after a few calls, read past the program, as helios_app.
#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <memory>

#include "tests/support/caller.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using AuditTest = ServerTest;

/// Lines of one query's answer, with the tenant set as the program sets it.
std::vector<std::string> AuditRows(const Server& server, const std::string& tenant, const std::string& columns,
                                   const std::string& kind) {
  const auto started = server.Events("pg.started");
  if (started.empty()) return {"no PostgreSQL was started"};
  const std::string command = fmt::format(
      "psql -X -At -h {} -U helios_app -d helios -c \"SELECT 'tenant' FROM set_config('app.current_tenant', '{}', "
      "false)\" "
      "-c \"SELECT {} FROM shared.audit_log WHERE kind = '{}' ORDER BY time, id\" 2>&1",
      std::string(started.front().at("socket").as_string()), tenant, columns, kind);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::vector<std::string> lines;
  for (char line[512]; fgets(line, sizeof line, pipe.get()) != nullptr;) {
    std::string text = line;
    if (text.ends_with('\n')) text.pop_back();
    if (text != "tenant") lines.push_back(std::move(text));
  }
  return lines;
}

TEST_F(AuditTest, EveryCallLeavesARowAndTheIntakesAreCounted) {
  Tenant tenant = server.NewTenant("acme");
  Tenant other = server.NewTenant("globex");
  for (int i = 0; i < 3; ++i) {
    const Sample sample{.metric = "cpu", .time = SystemClock().Now(), .value = 0.5};
    EXPECT_EQ(tenant.Ingest(std::span(&sample, 1)).status, 200);
  }
  EXPECT_EQ(tenant.api.Get("/api/v1/me").status, 200);
  EXPECT_EQ(tenant.api.Post("/api/v1/api-keys", {{"name", "more"}}).status, 403);
  EXPECT_EQ(other.api.Get("/api/v1/me").status, 200);

  // Stopping writes what waits; the rows are read after another start.
  EXPECT_EQ(server.Stop(), 0);
  ASSERT_TRUE(server.Start());
  EXPECT_THAT(AuditRows(server, tenant.id(), "action, actor_type", "change"), ElementsAre("organization.create|user"));
  const auto access = AuditRows(server, tenant.id(), "action, actor_type, status", "access");
  EXPECT_THAT(access, ::testing::IsSupersetOf({"getMe|api_key|200", "createApiKey|api_key|403"}));
  std::int64_t ingested = 0;
  for (const std::string& row :
       AuditRows(server, tenant.id(), "CASE action WHEN 'ingest' THEN count ELSE 0 END", "access")) {
    ingested += std::stoll(row);
  }
  EXPECT_EQ(ingested, 3);
}

TEST_F(AuditTest, ADeletionOfSeriesHasARowBeforeItAndOneAfterIt) {
  Tenant tenant = server.NewTenant("acme");
  const Sample sample{.metric = "cpu", .time = SystemClock().Now(), .value = 0.5, .labels = {{"host", "a"}}};
  ASSERT_EQ(tenant.Ingest(std::span(&sample, 1)).status, 200);
  const Caller owner = SignIn(server.Origin(), OwnerEmail("acme"));
  EXPECT_EQ(owner.Delete("/api/v1/series").status, 400);  // of everything: refused before anything is meant
  EXPECT_EQ(Caller(server.Origin()).WithKey(tenant.key()).Delete("/api/v1/series?metric=cpu").status, 403);
  const Answer deleted = owner.Delete("/api/v1/series?metric=cpu&match=%7Bhost%3D%22a%22%7D");
  ASSERT_EQ(deleted.status, 200) << deleted;
  EXPECT_THAT(
      AuditRows(server, tenant.id(), "action, target_type, details->>'metric', details->>'match', details->>'deleted'",
                "change"),
      UnorderedElementsAre("organization.create|organization|||", "session.create|session|||",
                           R"(series.delete|series|cpu|{host="a"}|)", R"(series.deleted|series|cpu|{host="a"}|1)"));

  // Without its first row, nothing is deleted.
  ASSERT_EQ(tenant.Ingest(std::span(&sample, 1)).status, 200);
  server.SignalPostgres(SIGSTOP);
  EXPECT_GE(owner.Delete("/api/v1/series?metric=cpu").status, 500);
  server.SignalPostgres(SIGCONT);
  EXPECT_EQ(tenant.Query("cpu", {{"host", "a"}}).size(), 1U);
}

TEST(AddressTest, BehindAProxyEachClientHasItsOwnLimits) {
  Server server({.arguments = {"--behind-proxy"}});
  ASSERT_TRUE(server.Start());
  ApiClient client(server.Origin());
  const auto sign_in_from = [&client](const std::string& forwarded) {
    http::Headers headers;
    headers.Add("Content-Type", "application/json");
    headers.Add("X-Forwarded-For", forwarded);
    return client
        .Send(http::Method::kPost, "/api/v1/sessions", R"({"email":"a@b.example","password":"wrong password"})",
              headers)
        .status;
  };
  // Ten a minute; the minute may turn once in between.
  int refused = 0;
  for (int i = 0; i < 30; ++i) refused += sign_in_from("203.0.113.9, 198.51.100.1") == 429 ? 1 : 0;
  EXPECT_GE(refused, 10);
  EXPECT_EQ(sign_in_from("203.0.113.9, 198.51.100.2"), 401) << "the last address counts, whatever is made up before it";
}

}  // namespace
}  // namespace helios::testing
