// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What ingestion costs a server: see README.md. Prints figures and judges none.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <iostream>

#include "tests/bench/report.h"
#include "tests/bench/scratch.h"

namespace {

namespace fs = std::filesystem;
using namespace helios::bench;

std::atomic<bool> interrupted = false;

/// What is smaller in the directory of the samples goes unnamed.
constexpr std::uint64_t kShownBytes = 1'000'000;

struct Options {
  std::string helios;
  std::string victoria_metrics = "/usr/bin/victoria-metrics";
  std::vector<std::string> targets;
  std::vector<std::string> workloads;
  std::size_t repeat = 5;
  std::size_t connections = 0;
  double millions = 0;
  long seconds = 180;
  bool quick = false;
  fs::path directory = "/var/tmp";
};

struct NamedTarget {
  std::string name;
  StartTarget start;
};

std::vector<NamedTarget> ChooseTargets(const Options& options) {
  const auto wanted = [&](std::string_view name) {
    return options.targets.empty() || std::ranges::find(options.targets, name) != options.targets.end();
  };
  std::vector<NamedTarget> targets;
  if (wanted("helios")) {
    targets.push_back({"helios", [&](const fs::path& scratch) { return StartHelios(options.helios, scratch); }});
  }
  if (wanted("victoria-metrics")) {
    if (fs::exists(options.victoria_metrics)) {
      targets.push_back({"victoria-metrics", [&](const fs::path& scratch) {
                           return StartVictoriaMetrics(options.victoria_metrics, scratch);
                         }});
    } else if (!options.targets.empty()) {
      std::cerr << "bench: no " << options.victoria_metrics << "; Debian's package victoria-metrics has it\n";
      std::exit(1);
    }
  }
  return targets;
}

std::vector<Workload> ChooseWorkloads(const Options& options) {
  std::vector<Workload> chosen;
  for (Workload workload : AllWorkloads()) {
    const bool named = std::ranges::find(options.workloads, workload.name) != options.workloads.end();
    const bool all = std::ranges::find(options.workloads, "all") != options.workloads.end();
    if (!named && !all && !(options.workloads.empty() && workload.standard)) continue;
    if (options.quick) workload.samples = std::max(workload.samples / 20, 2 * workload.series);
    if (options.millions > 0) workload.samples = static_cast<std::size_t>(options.millions * 1e6);
    if (options.connections > 0) workload.connections = options.connections;
    chosen.push_back(workload);
  }
  return chosen;
}

Options ReadOptions(int argc, char** argv) {
  Options options;
  CLI::App app("What ingestion costs a server: CPU, memory, disk, latency", "scripts/bench ingest");
  std::vector<std::string> names = {"all"};
  std::string about = "Some of all, or of:";
  for (const Workload& workload : AllWorkloads()) {
    names.emplace_back(workload.name);
    about += fmt::format("\n  {}: {}", workload.name, workload.about);
  }
  app.add_option("--helios", options.helios, "The program to measure")->required()->check(CLI::ExistingFile);
  app.add_option("--victoria-metrics", options.victoria_metrics, "The peer, measured too where it is installed");
  app.add_option("--targets", options.targets, "helios, victoria-metrics; default: both")
      ->delimiter(',')
      ->check(CLI::IsMember({"helios", "victoria-metrics"}));
  app.add_option("--workloads", options.workloads, about)->delimiter(',')->check(CLI::IsMember(names));
  app.add_option("--repeat", options.repeat, "Runs of each, in turn; the table has their medians")
      ->check(CLI::Range(1, 50));
  app.add_option("--connections", options.connections, "Instead of the workload's")->check(CLI::Range(1, 256));
  app.add_option("--millions", options.millions, "Samples to send in a run, in millions, instead of the workload's")
      ->check(CLI::Range(0.0, 500.0));
  app.add_option("--seconds", options.seconds, "Most to send for in a run")->check(CLI::Range(1, 600));
  app.add_option("--directory", options.directory, "Where the servers keep their data")->check(CLI::ExistingDirectory);
  app.add_flag("--quick", options.quick, "One run of a twentieth of the samples, 5 s at most");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  if (options.quick) {
    if (app.count("--repeat") == 0) options.repeat = 1;
    if (app.count("--seconds") == 0) options.seconds = 5;
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = ReadOptions(argc, argv);
  struct sigaction action{};
  action.sa_handler = [](int) { interrupted = true; };
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);

  const std::vector<NamedTarget> targets = ChooseTargets(options);
  const std::vector<Workload> workloads = ChooseWorkloads(options);
  std::vector<Series> all;
  for (const Workload& workload : workloads) {
    for (const NamedTarget& target : targets) {
      all.push_back({.workload = std::string(workload.name), .target = target.name, .runs = {}});
    }
  }

  bool failed = false;
  for (std::size_t repeat = 0; repeat < options.repeat && !interrupted; ++repeat) {
    for (std::size_t i = 0; i < all.size() && !interrupted; ++i) {
      const Workload& workload = workloads[i / targets.size()];
      const NamedTarget& target = targets[i % targets.size()];
      if (workload.protocol == Protocol::kJson && target.name != "helios") continue;
      const Scratch scratch(options.directory);
      const auto run = Measure(workload, target.start, scratch.path(), std::chrono::seconds{options.seconds},
                               [] { return interrupted.load(); });
      std::cerr << fmt::format("[{}/{}] {} on {}: ", repeat + 1, options.repeat, workload.name, target.name);
      if (!run) {
        std::cerr << run.error().message << "\n";
        failed = true;
      } else if (!interrupted) {
        all[i].runs.push_back(FiguresOf(*run, workload.series));
        std::cerr << Line(all[i].runs.back());
        if (run->load.sent_again > 0) std::cerr << ", " << run->load.sent_again << " requests sent again after a 503";
        for (const auto& [name, bytes] : run->disk) {
          if (bytes >= kShownBytes) std::cerr << fmt::format("; {} {:.1f} MB", name, static_cast<double>(bytes) / 1e6);
        }
        std::cerr << "\n";
      }
    }
  }
  std::cout << Table(all)
            << fmt::format("\nMedians. The values' entropy is {:.3f} bytes a sample: no lossless codec goes below.\n",
                           SeriesModel::EntropyBytes());
  return failed || interrupted ? 1 : 0;
}
