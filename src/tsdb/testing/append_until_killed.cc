// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// append_until_killed DIRECTORY FIRST_BATCH: appends numbered batches for ever, and writes "N\n" to standard output
// when batch N is acknowledged. The batches are those of kill_pattern.h.

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
  if (argc != 3) return 2;
  const ManualClock clock(tsdb::kKillNow);
  obs::Metrics metrics;
  // Small limits, so that kills also hit flushes and moves to another segment.
  auto store = tsdb::OpenEmbeddedStore({.directory = argv[1], .segment_bytes = 1U << 20U, .sealed_bytes = 64U << 10U},
                                       clock, metrics);
  if (!store) return 3;

  std::mutex mutex;
  std::condition_variable answered;
  int in_flight = 0;
  for (std::uint64_t number = std::strtoull(argv[2], nullptr, 10);; ++number) {
    {
      std::unique_lock lock(mutex);
      answered.wait(lock, [&] { return in_flight < tsdb::kKillMostInFlight; });
      ++in_flight;
    }
    (*store)->Append(tsdb::KillTenant(), {}, tsdb::KillBatch(number).batch(),
                     [&, number](const Result<tsdb::AppendOutcome>& outcome) {
                       if (!outcome || outcome->stored != tsdb::kKillSeries) std::_Exit(4);
                       const std::string line = std::to_string(number) + "\n";
                       if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(5);
                       const std::unique_lock lock(mutex);
                       --in_flight;
                       answered.notify_one();
                     });
  }
}
