// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What POST /predict costs a server for trained series: see README.md. Prints figures and judges none.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <random>
#include <thread>

#include "tests/bench/connection.h"
#include "tests/bench/report.h"
#include "tests/bench/scratch.h"

namespace {

namespace fs = std::filesystem;
using namespace helios;
using namespace helios::bench;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kRoundsPerDay = 5'760;
constexpr std::chrono::seconds kTrainingPatience{600};

struct Options {
  std::string helios;
  std::size_t series = 96;
  std::size_t days = 14;
  std::size_t connections = 2;
  std::size_t repeat = 5;
  long seconds = 10;
  fs::path directory = "/var/tmp";
};

Options ReadOptions(int argc, char** argv) {
  Options options;
  CLI::App app("What POST /predict costs a server for trained series", "scripts/bench predict");
  app.add_option("--helios", options.helios, "The program to measure")->required()->check(CLI::ExistingFile);
  app.add_option("--series", options.series, "Of a sample each 15 s; forecast one by one, at random")
      ->check(CLI::Range(1, 2'000));
  app.add_option("--days", options.days, "Of history")->check(CLI::Range(1, 14));
  app.add_option("--connections", options.connections, "Each asks again once it is answered")->check(CLI::Range(1, 64));
  app.add_option("--repeat", options.repeat, "Runs against the same server; the figures are their medians")
      ->check(CLI::Range(1, 50));
  app.add_option("--seconds", options.seconds, "Of a run")->check(CLI::Range(1, 600));
  app.add_option("--directory", options.directory, "Where the server keeps its data")->check(CLI::ExistingDirectory);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return options;
}

Result<std::string> Ask(Connection& connection, const std::string& request) {
  HELIOS_TRY(const Connection::Answer answer, connection.Exchange(request));
  if (answer.status / 100 == 2) return std::string(answer.body);
  return Fail(ErrorCode::kFailedPrecondition, "bench.refused", "the server answered {} {}", answer.status,
              answer.body.substr(0, 500));
}

/// The text of a field in a flat part of a JSON answer.
std::string FieldOf(std::string_view json, std::string_view name) {
  const std::string key = fmt::format("\"{}\":\"", name);
  const std::size_t begin = json.find(key);
  if (begin == std::string_view::npos) return "";
  const std::string_view rest = json.substr(begin + key.size());
  return std::string(rest.substr(0, rest.find('"')));
}

Result<void> Train(const Intake& intake) {
  HELIOS_TRY(Connection connection, Connection::Open(intake.port));
  HELIOS_TRY(const std::string started, Ask(connection, PostRequest("/api/v1/models/train", intake.headers, "{}")));
  const std::string job =
      fmt::format("GET /api/v1/jobs/{} HTTP/1.1\r\nHost: bench\r\n{}\r\n", FieldOf(started, "id"), intake.headers);
  const auto deadline = SteadyClock::now() + kTrainingPatience;
  while (SteadyClock::now() < deadline) {
    HELIOS_TRY(const std::string now, Ask(connection, job));
    const std::string status = FieldOf(now, "status");
    if (status == "succeeded") return {};
    if (status != "queued" && status != "running") {
      return Fail(ErrorCode::kInternal, "bench.training_failed", "the training ended otherwise: {}", now);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
  return Fail(ErrorCode::kDeadlineExceeded, "bench.training_failed", "the training takes over {} s",
              kTrainingPatience.count());
}

/// The request for each series at the default horizons.
std::vector<std::string> RequestsOf(const Intake& intake, std::size_t series) {
  std::vector<std::string> requests;
  requests.reserve(series);
  for (std::size_t i = 0; i < series; ++i) {
    std::string metric;
    std::string labels;
    for (const auto& [name, value] : SeriesModel::LabelsOf(i)) {
      if (name == "__name__") {
        metric = value;
      } else {
        labels += fmt::format("{}\"{}\":\"{}\"", labels.empty() ? "" : ",", name, value);
      }
    }
    requests.push_back(PostRequest("/api/v1/predict", intake.headers,
                                   fmt::format(R"({{"metric":"{}","labels":{{{}}}}})", metric, labels)));
  }
  return requests;
}

struct Run {
  std::vector<float> latencies_ms;
  std::optional<Error> failure;
};

Run AskUntil(std::uint16_t port, const std::vector<std::string>& requests, unsigned seed,
             SteadyClock::time_point deadline) {
  Run run;
  auto connection = Connection::Open(port);
  if (!connection) return {.latencies_ms = {}, .failure = connection.error()};
  std::minstd_rand random(seed);
  while (SteadyClock::now() < deadline) {
    const auto begin = SteadyClock::now();
    const auto answer = connection->Exchange(requests[random() % requests.size()]);
    if (!answer) return {.latencies_ms = {}, .failure = answer.error()};
    if (answer->status != 200 || answer->body.find("\"fallback\":null") == std::string_view::npos) {
      return {.latencies_ms = {},
              .failure = Fail(ErrorCode::kFailedPrecondition, "bench.refused",
                              "the server answered {} {}, which is no forecast of a trained series", answer->status,
                              answer->body.substr(0, 500))
                             .error()};
    }
    run.latencies_ms.push_back(std::chrono::duration<float, std::milli>(SteadyClock::now() - begin).count());
  }
  return run;
}

Result<void> Measure(const Options& options) {
  const Scratch scratch(options.directory);
  HELIOS_TRY(const std::unique_ptr<Target> target, StartHelios(options.helios, scratch.path()));
  const std::size_t rounds = options.days * kRoundsPerDay;
  SeriesModel model(options.series, SystemClock().Now() - SeriesModel::kStep * static_cast<std::int64_t>(rounds));
  RemoteWriteBodies bodies(model);
  HELIOS_TRY(const Intake write, target->IntakeOf(Protocol::kRemoteWrite));
  HELIOS_TRY(const LoadResult sent,
             SendLoad(
                 write, bodies, options.series, {.rounds = rounds, .time_limit = std::chrono::seconds{600}}, [] {},
                 [] { return false; }));
  std::cerr << fmt::format("sent {} samples\n", sent.samples);
  HELIOS_TRY(const Intake api, target->IntakeOf(Protocol::kJson));
  HELIOS_CHECK(Train(api));
  std::cerr << "trained\n";

  const std::vector<std::string> requests = RequestsOf(api, options.series);
  std::vector<double> per_core_second;
  std::vector<double> per_second;
  std::vector<double> p50;
  std::vector<double> p99;
  for (std::size_t repeat = 0; repeat < options.repeat; ++repeat) {
    const double cpu = target->process.CpuNow().own;
    const auto begin = SteadyClock::now();
    const auto deadline = begin + std::chrono::seconds{options.seconds};
    std::vector<Run> runs(options.connections);
    {
      std::vector<std::jthread> threads;
      threads.reserve(runs.size());
      for (std::size_t i = 0; i < runs.size(); ++i) {
        threads.emplace_back([&, i] {
          runs[i] = AskUntil(api.port, requests, static_cast<unsigned>(repeat * runs.size() + i + 1), deadline);
        });
      }
    }
    const double took = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    std::vector<float> latencies;
    for (const Run& run : runs) {
      if (run.failure) return std::unexpected(*run.failure);
      latencies.insert(latencies.end(), run.latencies_ms.begin(), run.latencies_ms.end());
    }
    const auto answered = static_cast<double>(latencies.size());
    per_core_second.push_back(answered / (target->process.CpuNow().own - cpu));
    per_second.push_back(answered / took);
    p50.push_back(Quantile(latencies, 0.5));
    p99.push_back(Quantile(latencies, 0.99));
    std::cerr << fmt::format("[{}/{}] {:.0f} requests a core-second, {:.0f} a second, p50 {:.2f} ms, p99 {:.2f} ms\n",
                             repeat + 1, options.repeat, per_core_second.back(), per_second.back(), p50.back(),
                             p99.back());
  }
  std::cout << fmt::format(
      "{} series, {} connections, medians of {}: {:.0f} requests a core-second of the server, {:.0f} a second, "
      "p50 {:.2f} ms, p99 {:.2f} ms, {:.0f} MiB\n",
      options.series, options.connections, options.repeat, Median(per_core_second), Median(per_second), Median(p50),
      Median(p99), static_cast<double>(target->process.MemoryNow().now) / (1U << 20U));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const auto measured = Measure(ReadOptions(argc, argv));
  if (!measured) std::cerr << "bench: " << measured.error().message << "\n";
  return measured ? 0 : 1;
}
