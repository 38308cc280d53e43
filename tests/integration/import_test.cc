// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// helios import, the program, against a running platform: CSV files of every kind, and Debian's Prometheus by both of
// its ways. What comes back must be what was there, to the last bit, once however often it is imported.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/support/caller.h"
#include "tests/support/child_process.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::chrono::minutes kStep{5};

struct Outcome {
  int status = -1;
  std::string output;
  std::string errors;
};

class ImportTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    const std::int64_t now = ToUnixMs(SystemClock().Now());
    newest = FromUnixMs(now - now % 300'000);
  }

  [[nodiscard]] Outcome Helios(const Tenant& tenant, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), HELIOS_PROGRAM);
    ChildProcess program({.command = std::move(arguments),
                          .environment = {"HELIOS_API_KEY=" + tenant.key(), "HELIOS_ENDPOINT=" + server.Origin()},
                          .scratch = server.directory(),
                          .name = fmt::format("import{}", ++runs_)});
    const auto status = program.Wait(120s);
    return {.status = status.value_or(-1), .output = program.Output(), .errors = program.Errors()};
  }

  [[nodiscard]] std::string Write(const std::string& name, const std::string& text) const {
    const auto path = server.directory() / name;
    std::ofstream(path) << text;
    return path.string();
  }

  /// A daily sine around 100.
  static double Truth(TimestampMs time) {
    return 100 + 40 * std::sin(2 * 3.14159265358979 * static_cast<double>(ToUnixMs(time) % 86'400'000) / 86'400'000);
  }

  TimestampMs newest;

 private:
  int runs_ = 0;
};

/// The samples of one series in the CSV files of ../shared/data: seconds or RFC 3339, and a number.
std::vector<Point> ReadPlainCsv(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<Point> points;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::size_t comma = line.find(',');
    const auto time = ParseRfc3339(line.substr(0, comma));
    const std::int64_t ms = time ? ToUnixMs(*time) : std::strtoll(line.c_str(), nullptr, 10) * 1000;
    points.push_back({.ms = ms, .value = std::strtod(line.c_str() + comma + 1, nullptr)});
  }
  return points;
}

TEST_F(ImportTest, FourteenDaysOfHistoryComeBeforeWhatIsThereOnceAndAreTrained) {
  Tenant acme = server.NewTenant("acme", "starter");
  // The series exists: what is over an hour older than its newest is refused but for an import.
  const std::vector<Sample> live = {
      {.metric = "requests", .time = newest, .value = Truth(newest), .labels = {{"host", "web-1"}}}};
  ASSERT_EQ(acme.Ingest(live).status, 200);
  std::string csv = "time,host,value\n";
  for (TimestampMs time = newest - 14 * 24h; time <= newest; time += kStep) {
    for (const char* host : {"web-1", "web-2"}) {
      csv += fmt::format("{},{},{}\n", FormatRfc3339(time), host, Truth(time));
    }
  }
  const std::string file = Write("requests.csv", csv);

  const Outcome first = Helios(acme, {"import", "csv", file, "--train"});
  EXPECT_EQ(first.status, 0) << first.errors;
  EXPECT_THAT(first.output, HasSubstr("imported 8,065 samples of 2 series"));
  EXPECT_THAT(first.output, HasSubstr("1 were stored already"));
  EXPECT_THAT(first.output, HasSubstr("trained 1 metrics: 2 series have a model"));
  EXPECT_EQ(acme.Query("requests", {{"host", "web-1"}}).back().ms, ToUnixMs(newest));

  const Answer predicted = acme.Predict("requests");
  ASSERT_EQ(predicted.status, 200) << predicted;
  const auto prediction = predicted.Json().at("predictions").at(0);
  EXPECT_EQ(prediction.at("model").at("version").to_number<int>(), 1) << "of the training, in the first minute";
  for (const auto& point : prediction.at("points").as_array()) {
    EXPECT_NEAR(point.at("predicted_value").to_number<double>(), Truth(*ParseRfc3339(TextOf(point, "time"))), 4);
  }

  const Outcome again = Helios(acme, {"import", "csv", file});
  EXPECT_EQ(again.status, 0) << again.errors;
  EXPECT_THAT(again.output, HasSubstr("imported 0 samples of 2 series"));
  EXPECT_THAT(again.output, HasSubstr("8,066 were stored already"));
  // History raises nothing.
  const auto anomalies = BodyOf(acme.api.Get("/api/v1/anomalies"));
  EXPECT_THAT(anomalies.at("data").as_array(), IsEmpty());
}

TEST_F(ImportTest, WhatCannotBeTakenIsToldWithItsLineAndTheExitStatus) {
  Tenant acme = server.NewTenant("acme");
  const std::string file = Write("cpu.csv", fmt::format("timestamp,value\n{0},1\nnoon,2\n{0},3\n{1},4\n86400,5\n",
                                                        ToUnixMs(newest) / 1000, ToUnixMs(newest - 24h)));
  const Outcome outcome = Helios(acme, {"import", "csv", file, "--metric", "cpu", "--label", "host=a"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.errors, HasSubstr(file + ":3: left out: 'noon' is no time"));
  EXPECT_THAT(outcome.errors, HasSubstr(file + ":4: refused: "));
  EXPECT_THAT(outcome.errors, HasSubstr("[ingest.conflicting_value]"));
  EXPECT_THAT(outcome.errors, HasSubstr(file + ":6: refused: "));
  EXPECT_THAT(outcome.errors, HasSubstr("[ingest.too_old]"));
  EXPECT_THAT(outcome.output, HasSubstr("1 could not be read; 2 samples were refused"));
  EXPECT_EQ(acme.Query("cpu", {{"host", "a"}}),
            (std::vector<Point>{{.ms = ToUnixMs(newest - 24h), .value = 4}, {.ms = ToUnixMs(newest), .value = 1}}));

  EXPECT_EQ(Helios(acme, {"import", "csv", "/nowhere.csv"}).status, 1);
  const Outcome no_column = Helios(acme, {"import", "csv", Write("bad.csv", "a,b\n1,2\n")});
  EXPECT_EQ(no_column.status, 1);
  EXPECT_THAT(no_column.errors, HasSubstr("bad.csv: cannot read the header: there is no column 'time'"));
  EXPECT_EQ(Helios(acme, {"import", "csv", file, "--label", "host"}).status, 2);
  const Outcome no_key = Helios(acme, {"import", "csv", file, "--api-key", "hlx_nobodys"});
  EXPECT_EQ(no_key.status, 1);
  EXPECT_THAT(no_key.errors, HasSubstr("does not accept the API key"));
}

TEST_F(ImportTest, TheSharedSeriesCanBeImported) {
  const char* other = std::getenv("HELIOS_TEST_DATA");
  const std::filesystem::path data = other != nullptr ? other : HELIOS_SHARED_DATA;
  const std::vector<std::string> names = {"azurevm/vm1555166_cpu_5min.csv", "requests/nasa_http_jul95_1min.csv",
                                          "nab/realAWSCloudwatch/ec2_cpu_utilization_24ae8d.csv"};
  if (!std::filesystem::exists(data / "manifest.json")) GTEST_SKIP() << "there is no " << data << " on this machine";
  Tenant acme = server.NewTenant("acme");
  for (const std::string& name : names) {
    const Outcome outcome = Helios(acme, {"import", "csv", "--end-at", "now", (data / name).string()});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    const std::vector<Point> written = ReadPlainCsv(data / name);
    const std::vector<Point> read = acme.Query(std::filesystem::path(name).stem().string());
    ASSERT_EQ(read.size(), written.size()) << name;
    const std::int64_t shift = read.back().ms - written.back().ms;
    EXPECT_EQ(shift % 300'000, 0);
    for (std::size_t i = 0; i < read.size(); ++i) {
      ASSERT_EQ(read[i], (Point{.ms = written[i].ms + shift, .value = written[i].value})) << name << " " << i;
    }
  }
}

TEST_F(ImportTest, WhatIsExportedImportsAgainToTheSameValues) {
  Tenant acme = server.NewTenant("acme");
  std::vector<Sample> samples;
  const std::vector<double> values = {0.1, -0.0, 1e300, 5e-324, 12'345'678'901'234'567'890.0, 1.0 / 3};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const TimestampMs time = newest - 50h + i * 10h + 7ms;
    samples.push_back({.metric = "cpu", .time = time, .value = values[i], .labels = {{"host", "a,\"b\""}}});
    samples.push_back({.metric = "cpu", .time = time, .value = -values[i], .labels = {{"host", "c"}, {"value", "v"}}});
    samples.push_back({.metric = "load", .time = time, .value = values[i], .labels = {}});
  }
  ASSERT_EQ(acme.Ingest(samples).status, 200);
  ASSERT_EQ(acme.RemoteWrite(std::vector<Sample>{{.metric = "load", .time = newest, .value = std::nan("")}}).status,
            204);

  const std::string file = (server.directory() / "exported.csv").string();
  const Outcome out = Helios(acme, {"export", "--match", "{__name__=~\"cpu|load\"}", "--output", file});
  ASSERT_EQ(out.status, 0) << out.errors;
  EXPECT_THAT(out.errors, HasSubstr("exported 19 samples of 3 series"));
  EXPECT_EQ(Helios(acme, {"export", "--match", "cpu", "--output", file}).status, 1) << "it is there already";
  const Outcome lines = Helios(acme, {"export", "--match", "load{host=\"\"}", "--format", "jsonl"});
  EXPECT_THAT(lines.output, HasSubstr("{\"metric\":\"load\",\"labels\":{},\"timestamp\":\"" + FormatRfc3339(newest) +
                                      "\",\"value\":\"NaN\"}\n"));

  Tenant globex = server.NewTenant("globex");
  const Outcome in = Helios(globex, {"import", "csv", file});
  EXPECT_EQ(in.status, 0) << in.errors;
  EXPECT_THAT(in.output, HasSubstr("imported 19 samples of 3 series"));
  for (const char* metric : {"cpu", "load"}) {
    const auto body = [&](Tenant& tenant) {
      return tenant.api.Post("/api/v1/query", {{"metric", metric}, {"start", 0}, {"end", "2099-01-01T00:00:00Z"}}).body;
    };
    EXPECT_THAT(body(acme), HasSubstr("points"));
    EXPECT_EQ(body(acme), body(globex)) << "the same text is the same bits";
  }
}

class PrometheusImportTest : public ImportTest {
 protected:
  static constexpr std::chrono::minutes kScrape{1};
  static constexpr int kSamples = 5 * 24 * 60;

  /// Five days of two series, a sample a minute, in blocks of a Prometheus that is then started on them.
  void SetUp() override {
    ImportTest::SetUp();
    std::ofstream file(server.directory() / "history.txt");
    file << "# TYPE temperature gauge\n";
    for (int i = kSamples - 1; i >= 0; --i) {
      for (const char* room : {"a \\\"b\\\"", "c"}) {
        file << fmt::format("temperature{{room=\"{}\"}} {} {}\n", room, Value(i, room), ToUnixMs(TimeOf(i)) / 1000);
      }
    }
    file << "# EOF\n";
    file.close();
    const std::string directory = server.directory().string();
    ChildProcess made({.command = {"/usr/bin/promtool", "tsdb", "create-blocks-from", "openmetrics",
                                   directory + "/history.txt", directory + "/prometheus"},
                       .environment = {},
                       .scratch = server.directory(),
                       .name = "promtool"});
    ASSERT_EQ(made.Wait(60s), 0) << made.Errors();
    std::ofstream(server.directory() / "prometheus.yml") << "scrape_configs: []\n";
    port_ = FreePort();
    prometheus_.emplace(ChildProcess::Start{
        .command = {"/usr/bin/prometheus", "--log.level=warn", "--config.file=" + directory + "/prometheus.yml",
                    "--storage.tsdb.path=" + directory + "/prometheus",
                    fmt::format("--web.listen-address=127.0.0.1:{}", port_)},
        .environment = {},
        .scratch = server.directory(),
        .name = "prometheus"});
    ASSERT_TRUE(Eventually([&] { return Caller(Url()).Get("/-/ready").status == 200; })) << prometheus_->Errors();
  }

  [[nodiscard]] TimestampMs TimeOf(int i) const { return newest - i * kScrape; }
  static std::string Value(int i, std::string_view room) {
    return fmt::format("{}", (room == "c" ? 20.0 : -3.0) + 0.1 * (i % 97));
  }
  [[nodiscard]] std::string Url() const { return fmt::format("http://127.0.0.1:{}", port_); }

  void ExpectAllOfIt(Tenant& tenant) const {
    const auto rooms = tenant.QueryBy("room", "temperature");
    ASSERT_EQ(rooms.size(), 2U);
    for (const auto& [room, points] : rooms) {
      ASSERT_EQ(points.size(), static_cast<std::size_t>(kSamples)) << room;
      for (int i = 0; i < kSamples; ++i) {
        const Point want{.ms = ToUnixMs(TimeOf(i)), .value = std::strtod(Value(i, room).c_str(), nullptr)};
        ASSERT_EQ(points[static_cast<std::size_t>(kSamples - 1 - i)], want) << room << " " << i;
      }
    }
  }

  std::uint16_t port_ = 0;
  std::optional<ChildProcess> prometheus_;
};

TEST_F(PrometheusImportTest, RemoteReadBringsEverySampleOnce) {
  Tenant acme = server.NewTenant("acme");
  const std::vector<std::string> command = {"import",  "prometheus",  Url(),     "--way", "read",
                                            "--match", "temperature", "--start", "now-6d"};
  const Outcome outcome = Helios(acme, command);
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("imported 14,400 samples of 2 series"));
  ExpectAllOfIt(acme);
  const Outcome again = Helios(acme, command);
  EXPECT_THAT(again.output, HasSubstr("imported 0 samples of 2 series"));
  EXPECT_THAT(again.output, HasSubstr("14,400 were stored already"));
}

TEST_F(PrometheusImportTest, RangeQueriesBringWhatTheyShowAtEachStep) {
  Tenant acme = server.NewTenant("acme");
  // More points than one answer may have, and a label of the importer's own.
  const Outcome outcome = Helios(
      acme, {"import", "prometheus", Url() + "/", "--match", "{__name__=~\"temp.*\",room!=\"x\"}", "--start",
             FormatRfc3339(TimeOf(kSamples - 1)), "--end", FormatRfc3339(newest), "--step", "1m", "--label", "site=x"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("imported 14,400 samples of 2 series"));
  ExpectAllOfIt(acme);
  EXPECT_EQ(acme.Query("temperature", {{"room", "c"}, {"site", "x"}}).size(), static_cast<std::size_t>(kSamples));
}

TEST_F(PrometheusImportTest, AServerThatCannotIsToldAsSuch) {
  Tenant acme = server.NewTenant("acme");
  const auto status = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"import", "prometheus"});
    return Helios(acme, std::move(more));
  };
  const Outcome not_one = status({server.Origin(), "--match", "up"});
  EXPECT_EQ(not_one.status, 1);
  EXPECT_THAT(not_one.errors, HasSubstr("[transfer.source_failed]"));
  EXPECT_EQ(status({Url(), "--match", "{room=~\"(\"}"}).status, 1);
  EXPECT_EQ(status({Url(), "--match", "{}"}).status, 2);
  EXPECT_EQ(status({Url(), "--match", "up", "--start", "later"}).status, 2);
  const Outcome nothing = status({Url(), "--match", "no_such_metric"});
  EXPECT_EQ(nothing.status, 0) << nothing.errors;
  EXPECT_THAT(nothing.output, HasSubstr("imported 0 samples of 0 series"));
}

}  // namespace
}  // namespace helios::testing
