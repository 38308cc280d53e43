// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// append_until_killed DIRECTORY FIRST_BATCH NEW_BATCH: appends numbered batches for ever, and writes "N\n" to standard
// output when batch N is acknowledged. The batches are those of kill_pattern.h; every fifth also repeats a sample.
// Those below NEW_BATCH may be stored already: what the run before was killed over is sent again, as a real sender
// does.

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include <condition_variable>
#include <mutex>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/testing/kill_pattern.h"

int main(int argc, char** argv) {
  using namespace helios;
  if (argc != 4) return 2;
  const ManualClock clock(tsdb::kKillNow);
  obs::Metrics metrics;
  // Small limits, so that kills also hit flushes, moves to another segment and compactions.
  auto store = tsdb::OpenEmbeddedStore({.directory = argv[1],
                                        .segment_bytes = 1U << 20U,
                                        .sealed_bytes = 64U << 10U,
                                        .sweep_interval = std::chrono::milliseconds{20}},
                                       clock, metrics);
  if (!store) return 3;

  std::mutex mutex;
  std::condition_variable answered;
  int in_flight = 0;
  const std::uint64_t first = std::strtoull(argv[2], nullptr, 10);
  const std::uint64_t fresh = std::strtoull(argv[3], nullptr, 10);
  for (std::uint64_t number = first;; ++number) {
    {
      std::unique_lock lock(mutex);
      answered.wait(lock, [&] { return in_flight < tsdb::kKillMostInFlight; });
      ++in_flight;
    }
    const bool again = number < fresh;
    const bool repeats = number % 5 == 2 && number >= first + tsdb::kKillRepeat;
    (*store)->Append(tsdb::KillTenant(), {}, tsdb::KillBatch(number, repeats).batch(),
                     [&, number, again, repeats](const Result<tsdb::AppendOutcome>& outcome) {
                       if (!outcome) std::_Exit(4);
                       const std::size_t all = tsdb::KillSamples(number);
                       if (outcome->stored + outcome->duplicates != all + (repeats ? 1 : 0)) std::_Exit(6);
                       if (!again && outcome->stored != all) std::_Exit(7);
                       const std::string line = std::to_string(number) + "\n";
                       if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(5);
                       const std::unique_lock lock(mutex);
                       --in_flight;
                       answered.notify_one();
                     });
  }
}
