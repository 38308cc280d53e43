// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tests/bench/target.h"

namespace helios::bench {

/// What is sent. The times of the samples end about now, however fast they are sent.
struct Workload {
  std::string_view name;
  std::string_view about;
  Protocol protocol = Protocol::kRemoteWrite;
  std::size_t series = 0;
  std::size_t samples = 0;  ///< in all: samples / series rounds of 15 s
  std::size_t connections = 4;
  std::size_t series_per_request = 500;
  bool shuffled = false;
  double jitter_ms = 0;
  unsigned late_percent = 0;  ///< of the samples: sent up to half an hour behind their round
  bool standard = true;       ///< runs where no workload is named
};

/// Every workload there is.
[[nodiscard]] std::span<const Workload> AllWorkloads();

/// One run of one workload against one server, from its start to after its end.
struct RunResult {
  LoadResult load;
  double cpu = 0;              ///< seconds of the server, from its start to after its end, without its children
  double children_cpu = 0;     ///< seconds of its children: PostgreSQL
  double first_round_cpu = 0;  ///< of cpu, until every series had its first sample
  std::uint64_t peak_memory = 0;
  std::uint64_t end_memory = 0;       ///< before it was asked to stop
  std::uint64_t children_memory = 0;  ///< likewise
  double stop_seconds = 0;
  std::map<std::string, std::uint64_t> disk = {};  ///< after the end
};

using StartTarget = std::function<Result<std::unique_ptr<Target>>(const std::filesystem::path& scratch)>;

/// Starts the server on `scratch`, which exists and is empty, sends, stops it, and looks at what it took.
/// Errors: those of the target and of SendLoad().
[[nodiscard]] Result<RunResult> Measure(const Workload& workload, const StartTarget& start,
                                        const std::filesystem::path& scratch, std::chrono::seconds time_limit,
                                        const std::function<bool()>& stop);

}  // namespace helios::bench
