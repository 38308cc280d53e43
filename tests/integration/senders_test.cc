// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What OpenTelemetry's SDK and InfluxDB's client send is there afterwards, as its names, labels and values should be.
#include <boost/json/array.hpp>
#include <cmath>

#include "tests/support/caller.h"
#include "tests/support/child_process.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SendersTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    acme.emplace(server.NewTenant("acme"));
  }

  void Run(const std::string& script, const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {HELIOS_NODE, HELIOS_SENDERS "/" + script, server.Origin(), acme->key()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    ChildProcess sender({.command = command, .environment = {}, .scratch = server.directory(), .name = script});
    EXPECT_EQ(sender.Wait(), 0) << sender.Output() << sender.Errors();
  }

  /// The values of one series, oldest first.
  std::vector<double> Values(const std::string& metric, const std::map<std::string, std::string>& labels) {
    std::vector<double> values;
    for (const Point& point : acme->Query(metric, labels)) values.push_back(point.value);
    return values;
  }

  std::optional<Tenant> acme;
};

class OtlpSenderTest : public SendersTest, public ::testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(OtlpSenderTest, EachInstrumentArrivesAsItsSeries) {
  const auto& [encoding, temporality] = GetParam();
  Run("send_otlp.mjs", {encoding, temporality});
  const std::map<std::string, std::string> labels = {
      {"job", fmt::format("shop-{}-{}", encoding, temporality)}, {"instance", "i-1"}, {"host_name", "web-1"}};
  const auto with = [&labels](std::string name, std::string value) {
    auto more = labels;
    more.emplace(std::move(name), std::move(value));
    return more;
  };
  // Of the resource, with what is no label of the others.
  EXPECT_THAT(Values("target_info", with("service_version", "1.2")), ElementsAre(1, 1));
  // Deltas were added up: both temporalities read the same.
  EXPECT_THAT(Values("shop_requests_total", with("http_method", "GET")), ElementsAre(3, 6));
  EXPECT_THAT(Values("shop_open", labels), ElementsAre(5, 3));
  EXPECT_THAT(Values("shop_load_ratio", labels), ElementsAre(0.25, 0.25));
  EXPECT_THAT(Values("shop_latency_seconds_bucket", with("le", "0.1")), ElementsAre(1, 2));
  EXPECT_THAT(Values("shop_latency_seconds_bucket", with("le", "1")), ElementsAre(2, 4));
  EXPECT_THAT(Values("shop_latency_seconds_bucket", with("le", "+Inf")), ElementsAre(3, 6));
  EXPECT_THAT(Values("shop_latency_seconds_count", labels), ElementsAre(3, 6));
  EXPECT_THAT(Values("shop_latency_seconds_sum", labels), ElementsAre(5.55, 11.1));
  EXPECT_THAT(Values("exponential_bytes_bucket", with("le", "2")), ElementsAre(0, 0));
  EXPECT_THAT(Values("exponential_bytes_bucket", with("le", "4")), ElementsAre(1, 2));
  EXPECT_THAT(Values("exponential_bytes_bucket", with("le", "8")), ElementsAre(3, 6));
  EXPECT_THAT(Values("exponential_bytes_sum", labels), ElementsAre(14, 28));
}

INSTANTIATE_TEST_SUITE_P(EachForm, OtlpSenderTest,
                         ::testing::Values(std::pair{"proto", "cumulative"}, std::pair{"json", "cumulative"},
                                           std::pair{"proto", "delta"}),
                         [](const auto& one) { return fmt::format("{}_{}", one.param.first, one.param.second); });

TEST_F(SendersTest, WhatInfluxsClientWritesIsReadBack) {
  Run("send_influx.mjs", {});
  const std::map<std::string, std::string> labels = {{"bucket", "plant"}, {"id", "m=3"}, {"site", "north, hall 1"}};
  const std::vector<double> temperatures = Values("machine_temperature", labels);
  ASSERT_THAT(temperatures, SizeIs(25));
  EXPECT_EQ(temperatures[1], 20 + 7 / 8.0);
  EXPECT_EQ(Values("machine_parts", labels).back(), 99);
  EXPECT_EQ(Values("machine_running", labels).back(), 0);
  EXPECT_THAT(Values("machine_note", labels), IsEmpty());
  const json::value rejections = acme->api.Get("/api/v1/ingest/rejections").Json();
  EXPECT_EQ(TextOf(rejections.at("data").at(0), "reason"), "ingest.text_field");
  EXPECT_EQ(rejections.at("data").at(0).at("count").to_number<int>(), 100);
}

TEST_F(SendersTest, WhatTelegrafWritesIsReadBackInEachPrecisionPlainAndPacked) {
  const std::int64_t now_s = ToUnixMs(SystemClock().Now()) / 1000;
  Run("send_telegraf.mjs", {std::to_string(now_s)});
  const auto all = [&](const std::string& metric, std::map<std::string, std::string> labels) {
    labels.insert({{"db", "telegraf"}, {"host", "web-1"}});
    return acme->Query(metric, labels);
  };
  EXPECT_THAT(all("cpu_usage_idle", {{"cpu", "cpu-total"}}), ElementsAre(Point{.ms = now_s * 1000, .value = 97.5}));
  EXPECT_THAT(all("cpu_usage_user", {{"cpu", "cpu-total"}}), ElementsAre(Point{.ms = now_s * 1000, .value = 1.25}));
  EXPECT_THAT(all("mem_vmalloc_total", {}), ElementsAre(Point{.ms = now_s * 1000, .value = 35'184'372'087'808}));
  EXPECT_THAT(all("mem_used_percent", {}), ElementsAre(Point{.ms = now_s * 1000, .value = 48.25}));
  const std::map<std::string, std::string> disk = {
      {"device", "sda1"}, {"fstype", "ext4"}, {"mode", "rw"}, {"path", "/mnt/my disk, b=c"}};
  EXPECT_THAT(all("disk_used_percent", disk), ElementsAre(Point{.ms = now_s * 1000 + 250, .value = 12.5}));
  EXPECT_THAT(all("net_bytes_recv", {{"interface", "eth0"}}), ElementsAre(Point{.ms = now_s * 1000, .value = 0x1p64}));
  EXPECT_THAT(all("net_up", {{"interface", "eth0"}}), ElementsAre(Point{.ms = now_s * 1000, .value = 1}));
  EXPECT_THAT(all("win proc_handle count", {{"instance", R"(C:\Temp)"}}),
              ElementsAre(Point{.ms = now_s * 1000, .value = 7}));
}

}  // namespace
}  // namespace helios::testing
