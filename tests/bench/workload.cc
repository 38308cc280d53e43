// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/workload.h"

#include <array>

#include "tests/bench/bodies.h"
#include "tests/bench/series_model.h"

namespace helios::bench {
namespace {

constexpr std::size_t kDay = 86'400 / 15;
constexpr std::size_t kMillion = 1'000'000;
constexpr std::chrono::seconds kStopPatience{300};

constexpr std::array kWorkloads = {
    Workload{.name = "remote-write-10k", .about = "10 k series", .series = 10'000, .samples = 60 * kMillion},
    Workload{.name = "remote-write-100k", .about = "100 k series", .series = 100'000, .samples = 60 * kMillion},
    Workload{.name = "remote-write-1m",
             .about = "1 M series",
             .series = kMillion,
             .samples = 120 * kMillion,
             .standard = false},
    Workload{.name = "small",
             .about = "1 connection, 50 samples a request",
             .series = 1'000,
             .samples = kMillion,
             .connections = 1,
             .series_per_request = 50},
    Workload{.name = "json",
             .about = "JSON, 500 items a request",
             .protocol = Protocol::kJson,
             .series = 10'000,
             .samples = 20 * kMillion},
    Workload{.name = "shuffled",
             .about = "10 k series, each round in another order",
             .series = 10'000,
             .samples = 10 * kMillion,
             .shuffled = true},
    Workload{.name = "density", .about = "400 series for 14 days", .series = 400, .samples = 400 * 14 * kDay},
    Workload{.name = "density-jitter",
             .about = "the same, scraped late by a deviation of 5 ms",
             .series = 400,
             .samples = 400 * 14 * kDay,
             .jitter_ms = 5,
             .standard = false},
    Workload{.name = "late",
             .about = "10 k series, a tenth of the samples up to 30 minutes late",
             .series = 10'000,
             .samples = 20 * kMillion,
             .late_percent = 10,
             .standard = false},
    Workload{.name = "density-late",
             .about = "400 series for 14 days, a tenth of the samples up to 30 minutes late",
             .series = 400,
             .samples = 400 * 14 * kDay,
             .late_percent = 10,
             .standard = false},
    Workload{.name = "memory",
             .about = "100 k series for 75 minutes",
             .series = 100'000,
             .samples = 30 * kMillion,
             .standard = false},
};

std::unique_ptr<BodyBuilder> MakeBodies(Protocol protocol, SeriesModel& model) {
  if (protocol == Protocol::kJson) return std::make_unique<JsonBodies>(model);
  return std::make_unique<RemoteWriteBodies>(model);
}

}  // namespace

std::span<const Workload> AllWorkloads() {
  return kWorkloads;
}

Result<RunResult> Measure(const Workload& workload, const StartTarget& start, const std::filesystem::path& scratch,
                          std::chrono::seconds time_limit, const std::function<bool()>& stop) {
  const std::size_t rounds = std::max<std::size_t>(1, workload.samples / workload.series);
  SeriesModel model(workload.series, SystemClock().Now() - SeriesModel::kStep * static_cast<std::int64_t>(rounds),
                    workload.jitter_ms);
  const auto bodies = MakeBodies(workload.protocol, model);

  HELIOS_TRY(const std::unique_ptr<Target> target, start(scratch));
  MeasuredProcess& server = target->process;
  HELIOS_TRY(const Intake intake, target->IntakeOf(workload.protocol));
  RunResult run;
  HELIOS_TRY(run.load, SendLoad(
                           intake, *bodies, workload.series,
                           {.rounds = rounds,
                            .connections = workload.connections,
                            .series_per_request = workload.series_per_request,
                            .shuffled = workload.shuffled,
                            .late_percent = workload.late_percent,
                            .time_limit = time_limit},
                           [&] { run.first_round_cpu = server.CpuNow().own; }, stop));
  HELIOS_CHECK(target->CheckNothingDropped());
  const MeasuredProcess::Memory memory = server.MemoryNow();
  run.end_memory = memory.now;
  run.children_memory = server.ChildrenMemoryNow();
  HELIOS_TRY(const MeasuredProcess::End end, server.Stop(kStopPatience));
  run.cpu = end.cpu.own;
  run.children_cpu = end.cpu.children;
  run.peak_memory = std::max(memory.peak, end.peak_memory);
  run.stop_seconds = end.seconds;
  HELIOS_TRY(const double caught_up, target->CatchUp());
  run.cpu += caught_up;
  run.disk = target->DiskBytes();
  return run;
}

}  // namespace helios::bench
