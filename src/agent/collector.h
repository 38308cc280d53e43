// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "agent/host.h"
#include "agent/procfs.h"
#include "agent/rates.h"
#include "agent/sample.h"

namespace helios::agent {

/// Most series a round has; what lies beyond is left out, from the end of README.md's table. With the agent's
/// own, a machine sends at most 500.
inline constexpr std::size_t kMaxSeries = 490;

/// Measures the machine. README.md lists the names, units and labels of what it yields.
///
/// A file that is missing or cannot be understood leaves its samples out, for kernels and containers
/// differ; nothing else is affected. Rates need two rounds. Neither forks nor touches network file
/// systems, whose servers could hold it up. Not thread-safe.
class Collector {
 public:
  explicit Collector(const Host& host) : host_(host) {}

  /// One round, taken at `now`; rounds follow each other in time. Every value is finite, every series
  /// occurs once, and there are at most kMaxSeries.
  [[nodiscard]] std::vector<Sample> Collect(std::chrono::steady_clock::time_point now);

 private:
  void CollectCpu();
  void CollectMemory();
  void CollectLoad();
  void CollectFilesystems();
  void CollectDisks();
  void CollectNetwork();
  void CollectPressure();
  void CollectCgroups();
  void CollectTemperatures();

  void Add(std::string_view name, double value, Labels labels = {});
  /// Adds the rate of `counter` times `scale`, once it is known.
  void AddRate(std::string_view name, std::uint64_t counter, double scale, Labels labels);
  /// Adds the share of time that `counter` grew by, which rounding may push a little over 1.
  void AddTimeRatio(std::string_view name, std::uint64_t counter, double units_per_second, Labels labels);
  std::optional<double> Rate(std::string_view name, std::uint64_t counter, const Labels& labels);

  const Host& host_;
  Rates rates_;
  std::optional<CpuStat> cpu_;
  std::vector<Sample> samples_;
};

}  // namespace helios::agent
