// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// The main job, end to end: sign up, send samples, read them back, get a forecast.
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using SmokeTest = ServerTest;

TEST_F(SmokeTest, WhatIsSentIsReadBackAndForecastForItsTenantAlone) {
  Tenant acme = server.NewTenant("acme");
  Tenant globex = server.NewTenant("globex");
  const TimestampMs now = SystemClock().Now();
  std::vector<Sample> samples;
  for (int minute = 30; minute >= 0; --minute) {
    samples.push_back({.metric = "disk_used_percent",
                       .time = now - std::chrono::minutes{minute},
                       .value = 50.1 - minute,
                       .labels = {{"host", "web-1"}}});
  }

  const Answer stored = acme.Ingest(samples);
  ASSERT_EQ(stored.status, 200) << stored;
  EXPECT_EQ(stored.Json().at("accepted").to_number<int>(), 31);

  std::vector<Point> sent;
  for (const Sample& sample : samples) sent.push_back({.ms = ToUnixMs(sample.time), .value = sample.value});
  EXPECT_EQ(acme.Query("disk_used_percent", {{"host", "web-1"}}), sent);
  EXPECT_THAT(globex.Query("disk_used_percent", {{"host", "web-1"}}), IsEmpty());

  const Answer forecast = acme.Predict("disk_used_percent");
  ASSERT_EQ(forecast.status, 200) << forecast;
  const auto predictions = forecast.Json().at("predictions").as_array();
  ASSERT_EQ(predictions.size(), 1U);
  std::vector<int> horizons;
  for (const auto& point : predictions[0].at("points").as_array()) {
    horizons.push_back(point.at("horizon_minutes").to_number<int>());
  }
  EXPECT_THAT(horizons, ElementsAre(15, 30, 60));
  EXPECT_EQ(globex.Predict("disk_used_percent").status, 404);
}

TEST_F(SmokeTest, RemoteWriteStoresTheSameSamplesAsJson) {
  Tenant acme = server.NewTenant("acme");
  const TimestampMs now = SystemClock().Now();
  const std::vector<Sample> samples = {{.metric = "up", .time = now - 1s, .value = 0.1, .labels = {{"job", "node"}}},
                                       {.metric = "up", .time = now, .value = 1e-310, .labels = {{"job", "node"}}}};
  const Answer stored = acme.RemoteWrite(samples);
  ASSERT_EQ(stored.status, 204) << stored;
  EXPECT_THAT(acme.Query("up", {{"job", "node"}}),
              ElementsAre(Point{ToUnixMs(now - 1s), 0.1}, Point{ToUnixMs(now), 1e-310}));
}

}  // namespace
}  // namespace helios::testing
