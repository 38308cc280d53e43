// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Debian's Prometheus scrapes itself and the operator's listener of helios every second, and remote-writes what it sees
// to helios: afterwards both must hold the same samples, bit by bit.
#include <bit>
#include <boost/json/array.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "http/json.h"
#include "tests/support/caller.h"
#include "tests/support/child_process.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::chrono::seconds kRun{15};
constexpr std::chrono::seconds kScrapeTakes{3};  // a scrape's samples have the time at which it began

/// Bits of each sample by its time in unix milliseconds; those of a stale marker are kStale, every other NaN's kNan.
using Series = std::map<std::int64_t, std::uint64_t>;
using AllSeries = std::map<std::string, Series>;

constexpr std::uint64_t kStale = 0x7ff0000000000002ULL;
constexpr std::uint64_t kNan = 0x7ff8000000000000ULL;

std::uint64_t BitsOf(double value) {
  return std::isnan(value) ? kNan : std::bit_cast<std::uint64_t>(value);
}

/// "name{a=1,b=2}", the same for both sides.
std::string KeyOf(const std::string& metric, const json::object& labels) {
  std::map<std::string, std::string> sorted;
  for (const auto& [name, value] : labels) {
    if (name != "__name__") sorted[name] = value.as_string();
  }
  std::string key = metric + "{";
  for (const auto& [name, value] : sorted) key += fmt::format("{}={},", name, value);
  return key + "}";
}

json::value Parse(const Answer& answer) {
  EXPECT_EQ(answer.status, 200) << answer;
  auto parsed = http::ParseJson(answer.body);  // Boost.JSON's own reading may be off in a number's last bit
  EXPECT_TRUE(parsed.has_value()) << answer.body.substr(0, 200);
  return parsed ? *std::move(parsed) : json::object{};
}

class PrometheusTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    acme.emplace(server.NewTenant("acme"));
    port_ = FreePort();
  }

  void Configure() const {
    std::ofstream file(server.directory() / "prometheus.yml");
    file
        << "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
        << "scrape_configs:\n"
        << fmt::format("- {{job_name: prometheus, static_configs: [{{targets: ['127.0.0.1:{}']}}]}}\n", port_)
        // A metric must fit into one answer of /query: operations that this test does not ask for are left out.
        << "- job_name: helios\n  file_sd_configs: [{files: [targets.json]}]\n  metric_relabel_configs:\n"
        << "  - {source_labels: [operation], regex: '(list|get|create|update|delete|replay|rotate).*', action: drop}\n";
    // One shard sends in the order of scrapes: what comes late says that everything before it has come.
    file << fmt::format(
        "remote_write:\n- url: {}/api/v1/prometheus/write\n  authorization: {{credentials: {}}}\n"
        "  queue_config: {{min_shards: 1, max_shards: 1, batch_send_deadline: 500ms}}\n",
        server.Origin(), acme->key());
  }

  /// What Prometheus scrapes beside itself, as it discovers it.
  void SetTargets(const std::string& targets) const {
    const auto file = server.directory() / "targets.json";
    std::ofstream(file.string() + ".new") << fmt::format(R"([{{"targets": [{}]}}])", targets);
    std::filesystem::rename(file.string() + ".new", file);
  }

  [[nodiscard]] std::string PrometheusOrigin() const { return fmt::format("http://127.0.0.1:{}", port_); }

  /// Every sample that Prometheus holds, stale markers excepted, which it does not show.
  AllSeries Kept() const {
    AllSeries all;
    const json::value answer =
        Parse(Caller(PrometheusOrigin()).Get("/api/v1/query?query=%7B__name__%3D~%22.%2B%22%7D%5B10m%5D"));
    for (const json::value& one : answer.at("data").at("result").as_array()) {
      const json::object& labels = one.at("metric").as_object();
      Series& series = all[KeyOf(TextOf(one.at("metric"), "__name__"), labels)];
      for (const json::value& point : one.at("values").as_array()) {
        const auto ms = std::llround(point.at(0).to_number<double>() * 1000);
        series[ms] = BitsOf(std::strtod(point.at(1).as_string().c_str(), nullptr));
      }
    }
    return all;
  }

  /// Every sample that helios holds.
  AllSeries Received() {
    AllSeries all;
    const json::value names = Parse(acme->api.Get("/api/v1/metrics?limit=1000"));
    EXPECT_TRUE(names.at("next_cursor").is_null());
    for (const json::value& name : names.at("data").as_array()) {
      if (std::string_view(name.as_string()).starts_with("helios:")) continue;
      const json::value answer = Parse(acme->api.Post("/api/v1/query", {{"metric", name},
                                                                        {"start", 0},
                                                                        {"end", "2099-01-01T00:00:00Z"},
                                                                        {"limit", 1000},
                                                                        {"time_format", "unix_ms"}}));
      for (const json::value& one : answer.at("series").as_array()) {
        Series& series = all[KeyOf(TextOf(one, "metric"), one.at("labels").as_object())];
        for (const json::value& point : one.at("points").as_array()) {
          const json::value& value = point.at(1);
          series[point.at(0).as_int64()] = value.is_null()     ? kStale
                                           : value.is_string() ? BitsOf(std::strtod(value.as_string().c_str(), nullptr))
                                                               : BitsOf(value.to_number<double>());
        }
      }
    }
    return all;
  }

  /// A sum over Prometheus' own measurements.
  double Sum(const std::string& metric) const {
    const json::value answer = Parse(Caller(PrometheusOrigin()).Get("/api/v1/query?query=sum(" + metric + ")"));
    const json::array& result = answer.at("data").at("result").as_array();
    return result.empty() ? NAN : std::strtod(result[0].at("value").at(1).as_string().c_str(), nullptr);
  }

  /// Of `up`, the newest sample that helios has for a job; 0 without one.
  std::pair<std::int64_t, std::uint64_t> NewestUp(const std::string& job) {
    const json::value answer = Parse(acme->api.Post("/api/v1/query", {{"metric", "up"},
                                                                      {"labels", {{"job", job}}},
                                                                      {"start", 0},
                                                                      {"end", "2099-01-01T00:00:00Z"},
                                                                      {"time_format", "unix_ms"}}));
    if (answer.at("series").as_array().empty()) return {};
    const json::value& last = answer.at("series").at(0).at("points").as_array().back();
    return {last.at(0).as_int64(), last.at(1).is_null() ? kStale : BitsOf(last.at(1).to_number<double>())};
  }

  std::optional<Tenant> acme;
  std::uint16_t port_ = 0;
};

TEST_F(PrometheusTest, WhatPrometheusSeesIsReadBackBitByBit) {
  Configure();
  SetTargets(fmt::format(R"("127.0.0.1:{}")", server.operator_port()));
  const TimestampMs begin = SystemClock().Now();
  const ChildProcess prometheus(
      {.command = {"/usr/bin/prometheus", "--log.level=warn",
                   fmt::format("--config.file={}/prometheus.yml", server.directory().string()),
                   fmt::format("--storage.tsdb.path={}/prometheus", server.directory().string()),
                   fmt::format("--web.listen-address=127.0.0.1:{}", port_)},
       .environment = {},
       .scratch = server.directory(),
       .name = "prometheus"});
  ASSERT_TRUE(Eventually([&] { return NewestUp("helios").first > ToUnixMs(begin + 10s); })) << prometheus.Errors();

  // A target that goes ends its series with stale markers.
  SetTargets("");
  ASSERT_TRUE(Eventually([&] { return NewestUp("helios").second == kStale; })) << prometheus.Errors();
  ASSERT_TRUE(Eventually([&] { return SystemClock().Now() > begin + kRun; }));

  const TimestampMs end = SystemClock().Now();
  ASSERT_TRUE(Eventually([&] { return NewestUp("prometheus").first > ToUnixMs(end); })) << prometheus.Errors();
  const std::int64_t until = ToUnixMs(end - kScrapeTakes);
  const AllSeries received = Received();
  const AllSeries kept = Kept();

  std::size_t samples = 0;
  std::size_t stale_series = 0;
  for (const auto& [key, series] : kept) {
    const auto found = received.find(key);
    ASSERT_NE(found, received.end()) << key << " is missing";
    for (const auto& [ms, bits] : series) {
      if (ms > until) continue;
      const auto at = found->second.find(ms);
      ASSERT_NE(at, found->second.end()) << key << " has no sample at " << ms;
      ASSERT_EQ(at->second, bits) << key << " at " << ms;
      ++samples;
    }
    for (const auto& [ms, bits] : found->second) {
      if (ms > until || bits == kStale) continue;
      ASSERT_TRUE(series.contains(ms)) << key << " has a sample at " << ms << " that Prometheus does not know";
    }
    if (key.find(",job=helios,") != std::string::npos) {
      EXPECT_EQ(found->second.rbegin()->second, kStale) << key << " does not end";
      ++stale_series;
    }
  }
  EXPECT_EQ(received.size(), kept.size());
  EXPECT_GT(stale_series, 100U);
  EXPECT_GT(samples, 5'000U);
  for (const char* counter : {"samples_failed_total", "samples_dropped_total", "samples_retried_total",
                              "metadata_failed_total", "exemplars_failed_total"}) {
    EXPECT_EQ(Sum(std::string("prometheus_remote_storage_") + counter), 0) << counter;
  }
  RecordProperty("samples", static_cast<int>(samples));
  RecordProperty("series", static_cast<int>(kept.size()));
  fmt::print("{} samples of {} series compared, {} of them ended by a stale marker\n", samples, kept.size(),
             stale_series);
}

}  // namespace
}  // namespace helios::testing
