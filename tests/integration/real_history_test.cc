// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a customer is promised, on one road: history in, trained, forecast within the declared error, an anomaly found
// and not told again once it is marked, scaling advice that is cheaper than the autoscaler's; while servers and workers
// are killed at any moment, and with nothing lost. On real series where HELIOS_TEST_DATA, or the folder shared/data
// beside the project, has them, else on made ones.
#include <fmt/format.h>
#include <signal.h>

#include <boost/json/array.hpp>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <random>
#include <thread>

#include "ml/synthetic_series.h"
#include "tests/support/caller.h"
#include "tests/support/child_process.h"
#include "tests/support/scratch_postgres.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::chrono::days kDays{14};
/// The end of each series, which the server is told after its forecasts, which are judged by it.
constexpr std::chrono::hours kHeldBack{6};

/// A series as it comes from elsewhere: its values, at times that are moved so that it ends now.
struct History {
  std::string metric;
  std::string host;
  std::chrono::seconds step{};
  std::vector<double> values = {};

  /// How many of the values of a whole history come before the end that is held back.
  [[nodiscard]] std::size_t Known() const { return static_cast<std::size_t>(kDays / step); }
  /// Of the value at `time` after now, or of the one before.
  [[nodiscard]] std::size_t Index(std::chrono::minutes time) const {
    return Known() + static_cast<std::size_t>((kHeldBack + time) / step);
  }
};

/// Mean absolute difference between a value and the one a day before it, of those that the server knows.
double DayToDay(const History& history) {
  const auto day = static_cast<std::size_t>(24h / history.step);
  double sum = 0;
  for (std::size_t i = day; i < history.Known(); ++i) sum += std::abs(history.values[i] - history.values[i - day]);
  return sum / static_cast<double>(history.Known() - day);
}

std::filesystem::path ExampleData() {
  const char* set = std::getenv("HELIOS_TEST_DATA");
  return set != nullptr ? set : HELIOS_SHARED_DATA;
}

/// The newest values of a file of `time,value` rows without gaps.
std::vector<double> ReadNewest(const std::filesystem::path& file, std::size_t count) {
  std::ifstream in(file);
  std::vector<double> values;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) values.push_back(std::stod(line.substr(line.find(',') + 1)));
  values.erase(values.begin(), values.end() - static_cast<std::ptrdiff_t>(std::min(values.size(), count)));
  return values;
}

std::vector<History> RealHistories(const std::filesystem::path& data) {
  std::vector<History> histories;
  const auto add = [&](std::string metric, std::string host, std::chrono::seconds step, const char* file) {
    const auto count = static_cast<std::size_t>((kDays + kHeldBack) / step);
    History history{std::move(metric), std::move(host), step, ReadNewest(data / file, count)};
    // A file that is shorter than a fortnight begins with its own first days once more.
    if (const std::size_t missing = count - history.values.size(); missing > 0) {
      const auto begin = history.values.begin();
      const std::vector<double> again(begin, begin + static_cast<std::ptrdiff_t>(missing));
      history.values.insert(history.values.begin(), again.begin(), again.end());
    }
    histories.push_back(std::move(history));
  };
  for (const char* ingress : {"01", "02"}) {
    add("ingress", ingress, 60s, fmt::format("mscloud/ingress-{}.csv", ingress).c_str());
  }
  for (const int vm : {1555166, 1481024, 1560253, 944996, 1760080, 227590, 891233}) {
    add("cpu", fmt::format("vm{}", vm), 300s, fmt::format("azurevm/vm{}_cpu_5min.csv", vm).c_str());
  }
  for (const char* pool : {"02", "05", "19", "25"}) {
    add("pool_cpu", pool, 300s, fmt::format("cloudcluster/cluster{}_cpu_5min.csv", pool).c_str());
  }
  add("requests", "www", 60s, "requests/nasa_http_jul95_1min.csv");
  return histories;
}

std::vector<History> MadeHistories() {
  std::vector<History> histories;
  const auto add = [&](std::string metric, std::string host, std::chrono::seconds step, double amplitude,
                       std::uint64_t seed) {
    const auto made = ml::SyntheticSeries{.samples = static_cast<std::size_t>((kDays + kHeldBack) / step),
                                          .step = step,
                                          .daily_amplitude = amplitude,
                                          .noise = 3.0,
                                          .seed = seed}
                          .Make();
    History history{std::move(metric), std::move(host), step};
    for (const auto& sample : made) history.values.push_back(std::max(0.0, sample.value));
    histories.push_back(std::move(history));
  };
  for (int ingress = 0; ingress < 2; ++ingress) add("ingress", fmt::format("{}", ingress), 60s, 40.0, 50 + ingress);
  for (int vm = 0; vm < 7; ++vm) add("cpu", fmt::format("vm{}", vm), 300s, 10.0 + vm, 1 + vm);
  for (int pool = 0; pool < 4; ++pool) add("pool_cpu", fmt::format("{}", pool), 300s, 30.0, 100 + pool);
  add("requests", "www", 60s, 70.0, 1'000);
  return histories;
}

/// As Eventually(), but asks seldom: a customer may make a thousand requests a minute.
template <class Condition>
bool Patiently(Condition condition, std::chrono::seconds patience = 5min) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    SleepFor(300ms);
  }
  return true;
}

class RealHistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server.options().environment = {{"HELIOS_DATABASE_URL", database.app_url}};
    ASSERT_TRUE(server.Start());
    tenant = std::make_unique<Tenant>(server.NewTenant("acme", "professional"));
    acme = std::make_unique<Caller>(Caller(server.Origin()).WithKey(tenant->key()));
    now = std::chrono::floor<std::chrono::minutes>(SystemClock().Now());
    const auto data = ExampleData();
    real = std::filesystem::exists(data / "manifest.json");
    if (!real) fmt::print("no series at {}: on made ones instead\n", data.string());
    histories = real ? RealHistories(data) : MadeHistories();
  }

  /// Asks until the server is there to answer; for requests that may come twice.
  Answer Insist(http::Method method, const std::string& target, const json::value& body = nullptr) const {
    Answer answer;
    EXPECT_TRUE(Patiently([&] {
      answer = acme->Ask(method, target, body);
      return answer.status != 0 && answer.status != 503;
    }));
    return answer;
  }
  [[nodiscard]] json::value Read(const std::string& target) const { return BodyOf(Insist(http::Method::kGet, target)); }
  [[nodiscard]] json::value Post(const std::string& target, const json::value& body) const {
    return BodyOf(Insist(http::Method::kPost, target, body));
  }
  [[nodiscard]] std::vector<json::value> List(const std::string& target) const {
    const json::value page = Read(target);
    const json::array& data = page.at("data").as_array();
    return {data.begin(), data.end()};
  }

  [[nodiscard]] TimestampMs TimeOf(const History& history, std::size_t i) const {
    return now - kHeldBack + history.step * (static_cast<std::int64_t>(i) - static_cast<std::int64_t>(history.Known()));
  }

  /// The values `first` to `last`.
  void Send(const History& history, std::size_t first, std::size_t last) {
    for (std::size_t from = first; from < last; from += 2'000) {
      std::vector<Sample> samples;
      for (std::size_t i = from; i < std::min(last, from + 2'000); ++i) {
        samples.push_back({.metric = history.metric,
                           .time = TimeOf(history, i),
                           .value = history.values[i],
                           .labels = {{"host", history.host}}});
      }
      Answer answer;
      EXPECT_TRUE(Patiently([&] {
        answer = tenant->Ingest(samples);
        return answer.status != 0 && answer.status != 503;
      }));
      ASSERT_EQ(answer.status, 200) << answer;
    }
  }

  /// What the server may know of the histories, as a file for `helios import csv`.
  [[nodiscard]] std::filesystem::path WriteKnown() const {
    const auto path = server.directory() / "history.csv";
    std::ofstream file(path);
    file << "timestamp,metric,host,value\n";
    for (const auto& history : histories) {
      for (std::size_t i = 0; i < history.Known(); ++i) {
        file << fmt::format("{},{},{},{}\n", ToUnixMs(TimeOf(history, i)), history.metric, history.host,
                            history.values[i]);
      }
    }
    return path;
  }

  ScratchDatabase database = ScratchPostgres::Shared().NewDatabase();
  Server server;
  std::unique_ptr<Tenant> tenant;
  std::unique_ptr<Caller> acme;
  TimestampMs now;
  bool real = false;
  std::vector<History> histories;
};

constexpr int kLeastKills = 3;

/// Kills the server and a worker at random moments while it lives, kLeastKills times or more often, and starts them
/// again. Afterwards the server runs.
class Killer {
 public:
  Killer(Server& server, std::string database_url) : server_(server), database_url_(std::move(database_url)) {
    thread_ = std::thread([this] { Run(); });
  }
  ~Killer() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
    fmt::print("killed {} times\n", kills_);
  }
  Killer(const Killer&) = delete;
  Killer& operator=(const Killer&) = delete;

 private:
  void Run() {
    std::minstd_rand random(std::random_device{}());
    for (;;) {
      const ChildProcess worker(
          {.command = {HELIOS_PROGRAM, "worker", "--data-dir", (server_.directory() / "worker").string()},
           .environment = {"HELIOS_DATABASE_URL=" + database_url_},
           .scratch = server_.directory(),
           .name = "worker"});
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, std::chrono::milliseconds(300 + random() % 2'000),
                         [this] { return ending_ && kills_ >= kLeastKills; }))
        return;
      worker.Signal(SIGKILL);
      server_.Kill();
      if (!server_.Start(/*same_port=*/true)) return;
      ++kills_;
    }
  }

  Server& server_;
  const std::string database_url_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  int kills_ = 0;
  std::thread thread_;
};

TEST_F(RealHistoryTest, HistoryBecomesForecastsAnomaliesAndAdviceAndNothingIsLost) {
  {
    const Killer killer(server, database.app_url);
    ChildProcess import({.command = {HELIOS_PROGRAM, "import", "csv", WriteKnown().string(), "--train", "--quiet"},
                         .environment = {"HELIOS_ENDPOINT=" + server.Origin(), "HELIOS_API_KEY=" + tenant->key()},
                         .scratch = server.directory(),
                         .name = "import"});
    EXPECT_EQ(import.Wait(5min), 0) << import.Errors();
  }
  ASSERT_FALSE(HasFailure());

  // A metric's own job may still run when the one that asked for it has ended.
  const auto active = [](const json::value& model) { return TextOf(model, "status") == "active"; };
  ASSERT_TRUE(Patiently([&] { return std::ranges::count_if(List("/api/v1/models"), active) == 4; }, 90s))
      << acme->Get("/api/v1/jobs").body << "\n"
      << acme->Get("/api/v1/models").body;

  // Forecasts, judged by the hour that the server has not seen.
  int inside = 0;
  int judged = 0;
  double error = 0;
  double naive = 0;
  for (const auto& history : std::span(histories).subspan(2)) {
    const json::value prediction =
        Post("/api/v1/predict",
             {{"metric", history.metric}, {"labels", {{"host", history.host}}}, {"allow_stale", true}})
            .at("predictions")
            .at(0);
    EXPECT_FALSE(prediction.at("model").at("version").is_null());
    const double scale = DayToDay(history);
    for (const auto& point : prediction.at("points").as_array()) {
      const auto ahead = std::chrono::minutes(point.at("horizon_minutes").to_number<int>());
      const std::size_t target = history.Known() - 1 + static_cast<std::size_t>(ahead / history.step);
      const double actual = history.values[target];
      const double value = point.at("predicted_value").to_number<double>();
      ++judged;
      inside += actual >= point.at("confidence_lower").to_number<double>() &&
                actual <= point.at("confidence_upper").to_number<double>();
      error += std::abs(value - actual) / scale;
      naive += std::abs(history.values[target - static_cast<std::size_t>(24h / history.step)] - actual) / scale;
    }
  }
  fmt::print("{} of {} forecasts held the value that came; error {:.3f} of the seasonal naive's\n", inside, judged,
             error / naive);
  EXPECT_EQ(judged, 36);
  EXPECT_GE(inside, judged * 8 / 10) << "intervals of 95 %";
  EXPECT_LT(error, naive);

  // An anomaly, and its like a quarter of an hour later. What is older than ten minutes when it comes is never told,
  // and what is not yet is taken for as long as that.
  constexpr std::chrono::minutes kBefore{8};
  constexpr std::chrono::minutes kAfter{7};
  for (const auto& history : histories) Send(history, history.Known(), history.Index(-kBefore));
  History& loud = histories[0];
  History& other = histories[1];
  for (History* history : {&loud, &other}) {
    const std::size_t end = history->Index(kAfter) + 1;
    while (history->values.size() < end) history->values.push_back(history->values[history->values.size() - 1440]);
  }
  const auto peak = [](const History& history) { return 10 * *std::ranges::max_element(history.values) + 100; };
  loud.values[loud.Index(-kBefore)] = loud.values[loud.Index(kAfter)] = peak(loud);
  other.values[other.Index(kAfter)] = peak(other);
  const auto open_of = [&](const History& history) {
    std::vector<json::value> mine;
    for (auto& anomaly : List("/api/v1/anomalies?metric=ingress&status=open&limit=100")) {
      if (TextOf(anomaly.at("labels"), "host") == history.host) mine.push_back(std::move(anomaly));
    }
    return mine;
  };
  const auto starts = [](TimestampMs time) {
    return [text = FormatRfc3339(time)](const json::value& anomaly) { return TextOf(anomaly, "started_at") == text; };
  };
  const auto sent = std::chrono::steady_clock::now();
  Send(loud, loud.Index(-kBefore), loud.Index(-kBefore) + 1);
  const auto is_first = starts(now - kBefore);
  ASSERT_TRUE(Patiently([&] { return std::ranges::any_of(open_of(loud), is_first); }))
      << acme->Get("/api/v1/anomalies").body;
  fmt::print("the anomaly was told {} ms after it was acknowledged\n", (std::chrono::steady_clock::now() - sent) / 1ms);
  const auto opened = open_of(loud);
  const std::string path = "/api/v1/anomalies/" + TextOf(*std::ranges::find_if(opened, is_first), "id");
  {
    const Killer killer(server, database.app_url);
    const Answer marked = Insist(http::Method::kPatch, path, {{"status", "false_positive"}});
    EXPECT_EQ(TextOf(BodyOf(marked), "status"), "false_positive");
    Send(loud, loud.Index(-kBefore) + 1, loud.values.size());
    for (const auto& history : std::span(histories).subspan(1))
      Send(history, history.Index(-kBefore), history.values.size());
  }
  const auto is_second = starts(now + kAfter);
  EXPECT_TRUE(Patiently([&] { return std::ranges::any_of(open_of(other), is_second); }, 90s))
      << "nobody has marked this one; there are " << acme->Get("/api/v1/anomalies").body;
  EXPECT_FALSE(std::ranges::any_of(open_of(loud), is_second)) << "the like of what was marked";

  // Advice.
  const double capacity = *std::ranges::max_element(histories.back().values) / 20;
  const json::value advised = Post(
      "/api/v1/recommend",
      {{"metric", "requests"},
       {"target",
        {{"per_replica_capacity", capacity}, {"min_replicas", 1}, {"max_replicas", 60}, {"startup_seconds", 120}}}});
  const json::value& replay = advised.at("recommendations").at(0).at("replay");
  const auto of = [&](const char* policy, const char* field) {
    return replay.at(policy).at(field).to_number<double>();
  };
  fmt::print("replica-hours: ours {:.0f}, HPA {:.0f}, static {:.0f}; load lost: ours {:.4f} %, HPA {:.4f} %\n",
             of("ours", "replica_hours"), of("hpa", "replica_hours"), of("static", "replica_hours"),
             100 * of("ours", "lost_load_share"), 100 * of("hpa", "lost_load_share"));
  EXPECT_LT(of("ours", "replica_hours"), of("hpa", "replica_hours"));
  EXPECT_LE(of("ours", "lost_load_share"), std::max(0.001, of("hpa", "lost_load_share")));

  // Nothing is lost.
  for (const auto& history : histories) {
    std::vector<Point> expected;
    for (std::size_t i = 0; i < history.values.size(); ++i) {
      expected.push_back({.ms = ToUnixMs(TimeOf(history, i)), .value = history.values[i]});
    }
    EXPECT_EQ(tenant->Query(history.metric, {{"host", history.host}}), expected) << history.metric << history.host;
  }
  EXPECT_EQ(server.Stop(), 0);
}

}  // namespace
}  // namespace helios::testing
