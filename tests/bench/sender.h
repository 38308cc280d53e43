// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "tests/bench/bodies.h"

namespace helios::bench {

/// Where requests go.
struct Intake {
  std::uint16_t port = 0;
  std::string path;
  std::string headers;  ///< whole lines, each with its line end
};

struct LoadPlan {
  std::size_t rounds = 0;       ///< samples of each series
  std::size_t connections = 4;  ///< each owns a part of the series, so that a series stays in order
  std::size_t series_per_request = 500;
  bool shuffled = false;                  ///< the order of a connection's series is another one in every round
  unsigned late_percent = 0;              ///< of the samples are sent 1 to 120 rounds behind their own
  std::chrono::seconds time_limit{60};    ///< of sending
  std::size_t bytes_ahead = 256U << 20U;  ///< of requests that are built before they are sent
};

struct LoadResult {
  std::uint64_t samples = 0;     ///< that were acknowledged
  std::uint64_t requests = 0;    ///< that were acknowledged
  std::uint64_t sent_again = 0;  ///< after a 503
  double seconds = 0;            ///< while there was something to send
  double sender_cpu = 0;         ///< of our own process in those seconds
  double builder_cpu = 0;        ///< between them
  std::vector<float> latencies_ms;
};

/// Sends a model's samples as fast as the server answers: every connection waits for an answer before it sends the next
/// request. Requests are built beforehand, a few hundred MiB at a time, while nothing is sent: snappy alone costs the
/// sender about what a fast server spends.
///
/// Round 0 is sent first and by itself; `after_first_round` is called then. A 503 is sent again after a pause, at most
/// 100 times in a row. Ends early, without an error, at the time limit or when `stop` gives true.
/// Errors: those of Connection; kFailedPrecondition bench.refused for any answer but 2xx and 503.
[[nodiscard]] Result<LoadResult> SendLoad(const Intake& intake, BodyBuilder& bodies, std::size_t series,
                                          const LoadPlan& plan, const std::function<void()>& after_first_round,
                                          const std::function<bool()>& stop);

}  // namespace helios::bench
