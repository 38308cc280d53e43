// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What was used is in the control database after a clean stop, and not a second time after the next one.
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

}  // namespace
}  // namespace helios::testing
