// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/accuracy_runner.h"

#include <sys/resource.h>
#include <ctime>

#include <utility>

#include "accuracy/ledger_file.h"
#include "obs/log.h"

namespace helios::accuracy {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr int kNiceness = 10;
constexpr nanoseconds kSlice = std::chrono::milliseconds{10};

/// Of this thread.
nanoseconds CpuTime() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

}  // namespace

AccuracyRunner::AccuracyRunner(tsdb::EmbeddedStore& store, const Clock& clock, ForecastSource& source, Ledger& ledger,
                               obs::Metrics& metrics, TrainingRequests* requests, const Config& config)
    : store_(store),
      ledger_(ledger),
      config_(config),
      metrics_(metrics),
      round_(store, clock, source, ledger, metrics_, requests),
      series_(store, metrics_, config.series) {
  if (auto loaded = LoadLedger(config_.file, store.id(), ledger_); !loaded) {
    obs::LogFailure("forecasts.ledger_lost", loaded.error());  // every series is measured anew
  }
  obs::LogInfo("forecasts.started", {{"series", ledger_.size()}, {"cpu_percent", config_.cpu_percent}});
  thread_ = std::thread([this] { Run(); });
}

AccuracyRunner::~AccuracyRunner() {
  Stop();
}

void AccuracyRunner::Stop() {
  if (std::exchange(stopped_, true)) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  thread_.join();
  Save();
}

bool AccuracyRunner::Sleep(nanoseconds duration) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, duration, [this] { return stopping_; });
}

void AccuracyRunner::Run() {
  // Linux gives each thread a niceness of its own, and 0 means the calling one.
  ::setpriority(PRIO_PROCESS, 0, kNiceness);
  auto next_save = steady_clock::now() + config_.save_every;
  for (;;) {
    const auto begin = steady_clock::now();
    RunRound();
    if (steady_clock::now() >= next_save) {
      Save();
      next_save = steady_clock::now() + config_.save_every;
    }
    if (!Sleep(std::max<nanoseconds>(nanoseconds{0}, begin + config_.every - steady_clock::now()))) return;
  }
}

void AccuracyRunner::RunRound() {
  const auto begin = steady_clock::now();
  const nanoseconds cpu_begin = CpuTime();
  nanoseconds slice_begin = cpu_begin;
  const auto pace = [&] {
    const nanoseconds used = CpuTime() - slice_begin;
    if (used < kSlice) return Sleep(nanoseconds{0});
    slice_begin += used;
    return Sleep(used * (100 - config_.cpu_percent) / config_.cpu_percent);
  };
  round_.Run(pace, [this](TenantId tenant, const tsdb::SeriesInfo& info, const ml::SeriesForecast& forecast) {
    series_.Add(tenant, info.key, forecast);
  });
  series_.Flush();
  const std::chrono::duration<double> took = steady_clock::now() - begin;
  const std::chrono::duration<double> cpu = CpuTime() - cpu_begin;
  metrics_.round_seconds.Set(took.count());
  metrics_.round_cpu_seconds.Set(cpu.count());
  obs::LogDebug("forecasts.round", {{"series", ledger_.size()}, {"seconds", took.count()}, {"cpu", cpu.count()}});
}

void AccuracyRunner::Save() {
  if (auto saved = SaveLedger(config_.file, store_.id(), ledger_); !saved) {
    obs::LogFailure("forecasts.ledger_not_saved", saved.error());
  }
}

}  // namespace helios::accuracy
