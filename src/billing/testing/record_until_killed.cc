// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// record_until_killed DIRECTORY URL ROUND CRASH_AT: appends the batches of kill_load.h from the round's first on, while
// it flushes and records usage without a pause. Ends itself with SIGKILL at the third passing of CRASH_AT ("read",
// "committed", "forgotten"), or goes on until somebody kills it. Writes a line once usage was recorded.

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>

#include "base/manual_clock.h"
#include "billing/store_usage.h"
#include "billing/testing/kill_load.h"
#include "billing/usage_recorder.h"

namespace helios::billing {
namespace {

/// The store's usage, and the end of the program at one of the steps.
class CrashingUsage final : public UsageSource {
 public:
  CrashingUsage(tsdb::EmbeddedStore& store, std::string crash_at) : usage_(store), crash_at_(std::move(crash_at)) {}

  [[nodiscard]] std::string id() const override { return usage_.id(); }
  [[nodiscard]] Result<void> Close() override { return usage_.Close(); }
  [[nodiscard]] Result<std::vector<UsageCount>> Pending() const override {
    auto pending = usage_.Pending();
    if (pending && !pending->empty()) Pass("read");
    return pending;
  }
  [[nodiscard]] Result<void> Forget(std::uint64_t segment) override {
    Pass("committed");
    auto forgotten = usage_.Forget(segment);
    Pass("forgotten");
    return forgotten;
  }

 private:
  void Pass(std::string_view step) const {
    if (step == crash_at_ && ++passed_ == 3) ::kill(::getpid(), SIGKILL);
  }

  StoreUsage usage_;
  const std::string crash_at_;
  mutable std::atomic<int> passed_ = 0;
};

void AppendForEver(tsdb::EmbeddedStore& store, std::uint64_t number) {
  const auto tenants = LoadTenants();
  for (;; ++number) {
    std::promise<void> stored;
    store.Append(tenants[number % tenants.size()], {}, LoadBatch(number).batch(),
                 [&](const Result<tsdb::AppendOutcome>& outcome) {
                   // While the journal moves to another segment it may refuse.
                   if (outcome && outcome->stored != kLoadSeries + 1) std::_Exit(4);
                   stored.set_value();
                 });
    stored.get_future().wait();
  }
}

int Run(const std::string& directory, const std::string& url, std::uint64_t round, const std::string& crash_at) {
  const ManualClock clock(LoadTime(round));
  obs::Metrics metrics;
  auto store = tsdb::OpenEmbeddedStore({.directory = directory, .segment_bytes = 1U << 20U}, clock, metrics);
  if (!store) return 3;
  pg::Database database({.url = url}, metrics);
  CrashingUsage usage(**store, crash_at);
  UsageRecorder recorder(usage, database, metrics);
  std::thread([&] { AppendForEver(**store, round * kBatchesPerRound); }).detach();
  for (;;) {
    if (!(*store)->Flush()) return 5;
    const auto pass = recorder.RecordNow();
    if (!pass) return 6;
    if (pass->recorded + pass->known > 0 && ::write(STDOUT_FILENO, "recorded\n", 9) < 0) return 7;
  }
}

}  // namespace
}  // namespace helios::billing

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  std::_Exit(helios::billing::Run(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10), argv[4]));
}
