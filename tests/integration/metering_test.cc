// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What was used is in the control database after a clean stop, and not a second time after the next one; also when
// program and database were killed while they recorded it.
#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <memory>

#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using namespace std::chrono_literals;
using MeteringTest = ServerTest;

TEST_F(MeteringTest, ACleanStopRecordsSamplesAndPredictions) {
  Tenant tenant = server.NewTenant("acme");
  const TimestampMs now = SystemClock().Now();
  std::vector<Sample> samples;
  for (int i = 0; i < 10; ++i) samples.push_back({.metric = "cpu", .time = now - 10min + i * 1min, .value = 1.0 * i});
  ASSERT_EQ(tenant.Ingest(samples).status, 200);
  ASSERT_EQ(tenant.Ingest(samples).status, 200);  // duplicates
  ASSERT_EQ(tenant.api.Post("/api/v1/predict", {{"metric", "cpu"}, {"horizons", {15, 30}}}).status, 200);
  ASSERT_EQ(server.Stop(), 0);

  // A row of samples and one of predictions; two of a kind where the hour changed meanwhile.
  auto events = server.Events("billing.usage_recorded");
  ASSERT_EQ(events.size(), 1U) << server.Words();
  EXPECT_GE(events.front().at("rows").to_number<int>(), 2);
  EXPECT_LE(events.front().at("rows").to_number<int>(), 3);

  ASSERT_TRUE(server.Start());
  ASSERT_EQ(server.Stop(), 0);
  EXPECT_TRUE(server.Events("billing.usage_recorded").empty()) << server.Words();
}

TEST_F(MeteringTest, UsageIsToldAtOnceAndTheSameOverStopsAndKills) {
  const Tenant acme = server.NewTenant("acme");
  const auto usage = [&] {
    Tenant tenant = server.Again(acme);
    const Answer answer = tenant.api.Get("/api/v1/billing/usage");
    EXPECT_EQ(answer.status, 200) << answer;
    const auto body = answer.Json();
    std::int64_t of_days = 0;
    for (const auto& day : body.at("days").as_array()) of_days += day.at("samples").to_number<std::int64_t>();
    EXPECT_EQ(of_days, body.at("samples").at("used").to_number<std::int64_t>());
    return fmt::format("{} {}", of_days, body.at("predictions").at("used").to_number<std::int64_t>());
  };
  EXPECT_EQ(usage(), "0 0");
  Tenant tenant = server.Again(acme);
  const TimestampMs now = SystemClock().Now();
  std::vector<Sample> samples;
  for (int i = 0; i < 10; ++i) samples.push_back({.metric = "cpu", .time = now - 10min + i * 1min, .value = 1.0 * i});
  ASSERT_EQ(tenant.Ingest(samples).status, 200);
  ASSERT_EQ(tenant.Ingest(samples).status, 200);  // duplicates
  ASSERT_EQ(tenant.api.Post("/api/v1/predict", {{"metric", "cpu"}, {"horizons", {15, 30}}}).status, 200);
  EXPECT_EQ(usage(), "10 1");
  // A prediction waits for no disk; with the next acknowledged sample its count is there.
  ASSERT_EQ(tenant.Ingest(std::vector<Sample>{{.metric = "cpu", .time = now, .value = 10}}).status, 200);
  server.Kill();  // what was counted comes back out of the journal
  ASSERT_TRUE(server.Start());
  EXPECT_EQ(usage(), "11 1");
  ASSERT_EQ(server.Stop(), 0);  // and is recorded
  ASSERT_TRUE(server.Start());
  EXPECT_EQ(usage(), "11 1");
  EXPECT_EQ(server.Again(acme).api.Get("/api/v1/billing/usage?month=1").Code(), "http.unknown_parameter");
}

/// Samples on the tenant's bill, or what psql said instead.
std::string Billed(const Server& server, const std::string& tenant) {
  const auto started = server.Events("pg.started");
  if (started.empty()) return "no PostgreSQL was started";
  const std::string command = fmt::format(
      "psql -X -Atq -h {} -U helios_app -d helios -c BEGIN -c \"SELECT set_config('app.current_tenant', '{}', true)\" "
      "-c \"SELECT coalesce(sum(quantity), 0) FROM directory.usage_records "
      "WHERE org_id = '{}' AND metric_type = 'samples'\" 2>&1",
      std::string(started.front().at("socket").as_string()), tenant, tenant);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string last;
  for (char line[512]; fgets(line, sizeof line, pipe.get()) != nullptr;) last = line;
  if (last.ends_with('\n')) last.pop_back();
  return last;
}

TEST_F(MeteringTest, KillsOfProgramAndDatabaseWhileTheyRecordLoseAndDoubleNothing) {
  const Tenant acme = server.NewTenant("acme");
  const TimestampMs begin = SystemClock().Now() - 30min;
  std::size_t sent = 0;
  // A stop records. It is cut off after ever longer, of the program first, of its database first.
  for (const auto patience : {0ms, 2ms, 5ms, 10ms, 20ms, 40ms, 80ms, 160ms}) {
    Tenant tenant = server.Again(acme);
    std::vector<Sample> samples;
    for (int i = 0; i < 25; ++i) {
      samples.push_back({.metric = "cpu", .time = begin + std::chrono::milliseconds{sent++}, .value = 1.0 * i});
    }
    ASSERT_EQ(tenant.Ingest(samples).status, 200);
    server.Terminate();
    SleepFor(patience);
    if (sent % 2 == 0) server.SignalPostgres(SIGKILL);
    server.Kill();
    ASSERT_TRUE(server.Start());
  }
  ASSERT_EQ(server.Stop(), 0);
  ASSERT_TRUE(server.Start());
  EXPECT_EQ(Billed(server, acme.id()), std::to_string(sent));
}

}  // namespace
}  // namespace helios::testing
