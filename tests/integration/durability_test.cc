// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Nothing acknowledged is lost by a kill.
//
// Writers send batches of samples, as JSON and as Prometheus does, while the server is killed again and again, every
// other time together with its PostgreSQL. A writer whose batch was not answered sends the same one again after the
// restart, as a real sender does. At the end every acknowledged sample must be there, bit for bit and once, and nothing
// that was never sent. Organizations that were told they exist must exist.
//
// A kill leaves the system's page cache alone; that the data also reached the disk is fsync_order_test's to prove.
#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <random>
#include <thread>

#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using namespace std::chrono_literals;

constexpr int kSeries = 5;
constexpr int kRowsPerBatch = 20;

std::string SeriesName(int number) {
  return fmt::format("s{}", number);
}

/// Sends batches until the server is gone. One thread at a time uses it.
class Writer {
 public:
  enum class Protocol : std::uint8_t { kJson, kRemoteWrite };

  Writer(int number, Protocol protocol)
      : metric(fmt::format("load_{}", number)), protocol_(protocol), random_(number) {}

  void Run(Tenant tenant, std::atomic<int>& acknowledged_now, const std::atomic<bool>& ending) {
    for (;;) {
      if (batch_.empty()) batch_ = NextBatch();
      const bool json = protocol_ == Protocol::kJson;
      const Answer answer = json ? tenant.Ingest(batch_) : tenant.RemoteWrite(batch_);
      if (answer.status == 0) return;              // killed; the same batch goes first next time
      if (ending && answer.status == 503) return;  // PostgreSQL went a moment before it
      EXPECT_EQ(answer.status, json ? 200 : 204) << answer;
      if (answer.status >= 300) return;
      for (const Sample& sample : batch_)
        acknowledged[sample.labels.at("series")].push_back({.ms = ToUnixMs(sample.time), .value = sample.value});
      batch_.clear();
      ++acknowledged_now;
    }
  }

  /// The batch that was sent and never answered.
  [[nodiscard]] const std::vector<Sample>& pending() const { return batch_; }

  const std::string metric;
  std::map<std::string, std::vector<Point>> acknowledged;  ///< by series, oldest first

 private:
  // Times rise by a millisecond and never run ahead of the clock by what the server would refuse.
  std::vector<Sample> NextBatch() {
    std::vector<Sample> batch;
    for (int row = 0; row < kRowsPerBatch; ++row) {
      if (row % kSeries == 0) newest_ = std::max(newest_ + 1ms, SystemClock().Now() - 60s);
      batch.push_back({.metric = metric,
                       .time = newest_,
                       .value = AnyFiniteValue(),
                       .labels = {{"series", SeriesName(row % kSeries)}}});
    }
    return batch;
  }

  // Every exponent and every last bit.
  double AnyFiniteValue() {
    for (;;) {
      const auto value = std::bit_cast<double>(random_());
      if (std::isfinite(value)) return value;
    }
  }

  const Protocol protocol_;
  std::mt19937_64 random_;
  TimestampMs newest_{};
  std::vector<Sample> batch_;
};

/// Signs organizations up until the server is gone; within what one address may do.
void SignUpUntilGone(const Server& server, int round, std::vector<boost::json::value>& signed_up,
                     const std::atomic<bool>& ending) {
  ApiClient client = server.NewClient();
  for (int i = 0; i < 8; ++i) {
    const Answer answer = SignUp(client, fmt::format("org-{}-{}", round, i));
    if (answer.status == 0 || (ending && answer.status == 503)) return;
    EXPECT_EQ(answer.status, 201) << answer;
    if (answer.status == 201) signed_up.push_back(answer.Json());
  }
}

/// Each acknowledged point is there with its bits; each point there was sent; no time comes twice.
std::size_t CheckSeries(const std::string& name, const std::vector<Point>& acknowledged,
                        const std::vector<Point>& pending, const std::vector<Point>& found) {
  std::map<std::int64_t, std::uint64_t> by_time;
  for (const Point& point : found) {
    EXPECT_TRUE(by_time.emplace(point.ms, std::bit_cast<std::uint64_t>(point.value)).second)
        << name << ": two samples at " << point.ms;
  }
  std::size_t checked = 0;
  std::size_t lost = 0;
  for (const Point& point : acknowledged) {
    const auto at = by_time.find(point.ms);
    if (at == by_time.end() || at->second != std::bit_cast<std::uint64_t>(point.value)) {
      if (lost++ == 0) ADD_FAILURE() << name << ": the sample at " << point.ms << " is lost or changed";
      continue;
    }
    by_time.erase(at);
    ++checked;
  }
  EXPECT_EQ(lost, 0U) << name;
  for (const Point& point : pending) {
    const auto at = by_time.find(point.ms);
    if (at != by_time.end() && at->second == std::bit_cast<std::uint64_t>(point.value)) by_time.erase(at);
  }
  EXPECT_TRUE(by_time.empty()) << name << ": holds " << by_time.size() << " samples that were never sent";
  return checked;
}

using DurabilityTest = ServerTest;

TEST_F(DurabilityTest, EveryAcknowledgedSampleAndSignUpSurvivesKillsUnderLoad) {
  const char* takes_long = std::getenv("HELIOS_LONG");
  const int kills = takes_long != nullptr && *takes_long != '\0' ? 200 : 20;
  const Tenant tenant = server.NewTenant("load");
  std::vector<std::unique_ptr<Writer>> writers;
  for (int number = 0; number < 4; ++number) {
    const auto protocol = number % 2 == 0 ? Writer::Protocol::kJson : Writer::Protocol::kRemoteWrite;
    writers.push_back(std::make_unique<Writer>(number, protocol));
  }
  std::vector<boost::json::value> signed_up;
  std::mt19937 random(7);

  for (int round = 0; round < kills; ++round) {
    std::atomic<int> acknowledged = 0;
    std::atomic<bool> ending = false;
    {
      std::vector<std::jthread> threads;
      for (auto& writer : writers) {
        threads.emplace_back([&] { writer->Run(server.Again(tenant), acknowledged, ending); });
      }
      threads.emplace_back([&] { SignUpUntilGone(server, round, signed_up, ending); });
      const bool loaded = Eventually([&] { return acknowledged >= 20; });
      SleepFor(std::chrono::milliseconds{random() % 300});
      const pid_t postgres = server.postgres_pid();
      ending = true;
      if (round % 2 == 1 && postgres > 0) kill(postgres, SIGKILL);
      server.Kill();
      ASSERT_TRUE(loaded) << "round " << round;
    }
    ASSERT_FALSE(HasFailure()) << "round " << round;
    ASSERT_TRUE(server.Start(/*same_port=*/true)) << "round " << round;
  }

  Tenant reader = server.Again(tenant);
  std::size_t checked = 0;
  for (const auto& writer : writers) {
    const auto found = reader.QueryBy("series", writer->metric);
    for (int number = 0; number < kSeries; ++number) {
      const std::string series = SeriesName(number);
      std::vector<Point> pending;
      for (const Sample& sample : writer->pending()) {
        if (sample.labels.at("series") == series) pending.push_back({ToUnixMs(sample.time), sample.value});
      }
      ASSERT_TRUE(found.contains(series)) << writer->metric << " " << series;
      checked += CheckSeries(writer->metric + " " + series, writer->acknowledged[series], pending, found.at(series));
    }
  }
  for (const auto& answer : signed_up) {
    Tenant survivor(server.Origin(), answer);
    const Answer me = survivor.api.Get("/api/v1/me");
    EXPECT_EQ(me.status, 200) << survivor.slug() << ": " << me;
    EXPECT_NE(me.body.find(survivor.id()), std::string::npos) << me;
  }
  fmt::print("{} kills, {} of them with PostgreSQL: {} acknowledged samples and {} sign-ups checked, none lost\n",
             kills, kills / 2, checked, signed_up.size());
  RecordProperty("acknowledged_samples", static_cast<int>(checked));
  EXPECT_GE(checked, static_cast<std::size_t>(kills) * 20 * kRowsPerBatch);
}

}  // namespace
}  // namespace helios::testing
