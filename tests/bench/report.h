// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tests/bench/workload.h"

namespace helios::bench {

/// The smallest value that at least `quantile` of all are not above: the nearest rank. 0 for no values; needs a
/// quantile in (0, 1].
[[nodiscard]] double Quantile(std::span<const float> values, double quantile);

/// The middle value, or the mean of the two in the middle; 0 for none.
[[nodiscard]] double Median(std::vector<double> values);

/// What a report shows of a run.
struct Figures {
  double cpu_per_million = 0;           ///< seconds, start and stop included
  double steady_cpu_per_million = 0;    ///< seconds after every series had its first sample; 0 where none followed
  double children_cpu_per_million = 0;  ///< seconds
  double samples_per_second = 0;
  double requests_per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double peak_mib = 0;
  double end_mib = 0;
  double children_mib = 0;
  double data_bytes_per_sample = 0;
  double disk_bytes_per_sample = 0;
  double sender_share = 0;  ///< of the processors' work while there was something to send, 0 to 1
  double stop_seconds = 0;
  double million_samples = 0;
};
[[nodiscard]] Figures FiguresOf(const RunResult& run, std::size_t series);

/// All runs of one workload against one target.
struct Series {
  std::string workload;
  std::string target;
  std::vector<Figures> runs;
};

/// One line of a run, for those who watch.
[[nodiscard]] std::string Line(const Figures& figures);

/// Medians of each figure, the CPU's with the smallest and the largest; a dash for what is 0 or never ran.
[[nodiscard]] std::string Table(std::span<const Series> all);

}  // namespace helios::bench
