// SPDX-License-Identifier: Apache-2.0
#include "workbench/simulate_command.h"

#include <ctime>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <vector>

#include "ml/scaling_comparison.h"
#include "wire/scaling_json.h"
#include "workbench/csv_series.h"
#include "workbench/history_file.h"
#include "workbench/manifest.h"
#include "workbench/regular_series.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;
using wire::ComparisonJson;
using wire::OracleRatio;
using wire::SavedShare;

constexpr std::chrono::seconds kFinestStep{60};

struct SimulatedTrace {
  std::string path;
  std::chrono::seconds step{0};
  ml::ScalingTarget target;
  ml::ScalingComparison comparison;
  ml::PolicyChoice choice;  // after the whole trace
  double cpu_ms = 0.0;
};

double ThreadCpuMs() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

Result<std::vector<RegularSeries>> ReadTraces(const SimulateOptions& options) {
  std::vector<RegularSeries> traces;
  if (!std::filesystem::is_directory(options.path)) {
    HELIOS_TRY(const auto samples, ReadHistory(options.path));
    ManifestEntry entry{.path = options.path.string(), .tasks = {}};
    entry.step = std::chrono::duration_cast<std::chrono::seconds>(ml::InferStep(samples));
    HELIOS_TRY(auto series, ToRegularSeries(samples, entry, kFinestStep));
    traces.push_back(std::move(series));
    return traces;
  }
  HELIOS_TRY(const auto entries, ReadManifest(options.path));
  for (const auto& entry : entries) {
    if (!entry.Has(options.task)) continue;
    HELIOS_TRY(const auto samples, ReadCsvSeries(options.path / entry.path));
    HELIOS_TRY(auto series, ToRegularSeries(samples, entry, kFinestStep));
    traces.push_back(std::move(series));
  }
  if (traces.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.nothing_to_simulate",
                "cannot simulate {}: its manifest has no series for the task '{}'", options.path.string(),
                options.task);
  }
  return traces;
}

/// Capacity of a replica so that the mean load fills `mean_replicas` of them; 1 without load.
double CapacityFor(const std::vector<double>& load, double mean_replicas) {
  double mean = 0.0;
  double known = 0.0;
  for (const double value : load) {
    if (!std::isfinite(value)) continue;
    known += 1.0;
    mean += (std::max(value, 0.0) - mean) / known;
  }
  const double capacity = mean / mean_replicas;
  return capacity > 0.0 && std::isfinite(capacity) ? capacity : 1.0;
}

Result<SimulatedTrace> Simulate(const RegularSeries& series, const SimulateOptions& options) {
  SimulatedTrace trace{
      .path = series.path, .step = series.step, .target = options.target, .comparison = {}, .choice = {}};
  if (trace.target.per_replica_capacity == 0.0) {
    trace.target.per_replica_capacity = CapacityFor(series.values, options.mean_replicas);
  }
  const ml::LoadTrace load{.load = series.values, .step = series.step};
  const double start = ThreadCpuMs();
  HELIOS_TRY(const auto tournament, ml::PolicyTournament::Run(load, trace.target));
  trace.choice = tournament.ChooseAfter(tournament.days());
  trace.cpu_ms = ThreadCpuMs() - start;
  trace.comparison = ml::CompareScaling(load, tournament, ml::NewerHalf(load));
  return trace;
}

/// Geometric mean of the ratios to the oracle.
template <class Of>
double MeanRatio(const std::vector<SimulatedTrace>& traces, const Of& of) {
  double sum = 0.0;
  for (const auto& trace : traces) sum += std::log(OracleRatio(of(trace.comparison), trace.comparison));
  return std::exp(sum / static_cast<double>(traces.size()));
}

std::string RenderTable(const std::vector<SimulatedTrace>& traces, const SimulateOptions& options) {
  std::string out = fmt::format(
      "Replica-hours over the newer half of each trace, in those of an oracle. The HPA stands at its cheapest target\n"
      "utilisation in hindsight that loses no more than {:.3g} % of the load, or than ours where that is more; ours "
      "is\n"
      "chosen at the end of each day from the days before.\n\n"
      "{:<44}{:>9}{:>8}{:>8}{:>6}{:>8}{:>9}{:>9}{:>9}{:>9}\n",
      100.0 * options.target.tolerated_loss, "trace", "oracle h", "static", "HPA", "at %", "ours", "saved %",
      "HPA lost", "lost %", "CPU ms");
  std::string reasons;
  for (const auto& trace : traces) {
    const auto& c = trace.comparison;
    out += fmt::format("{:<44}{:>9.0f}{:>8.2f}{:>8.2f}{:>6.0f}{:>8.2f}{:>9.1f}{:>9.3f}{:>9.3f}{:>9.0f}{}\n", trace.path,
                       c.oracle.replica_hours, OracleRatio(c.static_peak, c), OracleRatio(c.hpa, c),
                       100.0 * c.hpa_utilisation, OracleRatio(c.ours, c), 100.0 * SavedShare(c),
                       100.0 * c.hpa.lost_load_share, 100.0 * c.ours.lost_load_share, trace.cpu_ms,
                       c.hpa_keeps_up ? "" : "  no setting of the HPA keeps up");
    reasons += fmt::format("{}: {}\n", trace.path, trace.choice.reason);
  }
  return out + "\n" + reasons;
}

std::string RenderJson(const std::vector<SimulatedTrace>& traces) {
  json::array list;
  for (const auto& trace : traces) {
    json::object object = ComparisonJson(trace.comparison);
    object["path"] = trace.path;
    object["step_seconds"] = trace.step.count();
    object["per_replica_capacity"] = trace.target.per_replica_capacity;
    object["policy"] = ml::Describe(trace.choice.settings);
    object["reason"] = trace.choice.reason;
    object["cpu_ms"] = trace.cpu_ms;
    list.push_back(std::move(object));
  }
  const auto number = [](double ratio) { return std::isfinite(ratio) ? json::value(ratio) : json::value(nullptr); };
  json::object report;
  report["ratio_ours"] = number(MeanRatio(traces, [](const auto& c) { return c.ours; }));
  report["ratio_hpa"] = number(MeanRatio(traces, [](const auto& c) { return c.hpa; }));
  report["ratio_static"] = number(MeanRatio(traces, [](const auto& c) { return c.static_peak; }));
  report["traces"] = std::move(list);
  return json::serialize(report) + "\n";
}

}  // namespace

Result<std::string> RunSimulate(const SimulateOptions& options) {
  if (!(options.mean_replicas > 0.0) || !std::isfinite(options.mean_replicas)) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_mean_replicas",
                "cannot simulate {}: got a mean of {} replicas; want a finite number over 0", options.path.string(),
                options.mean_replicas);
  }
  HELIOS_TRY(const auto series, ReadTraces(options));
  std::vector<SimulatedTrace> traces;
  for (const auto& one : series) {
    HELIOS_TRY(auto trace, Simulate(one, options));
    traces.push_back(std::move(trace));
  }
  return options.json ? RenderJson(traces) : RenderTable(traces, options);
}

}  // namespace helios::workbench
