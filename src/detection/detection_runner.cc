// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/detection_runner.h"

#include <algorithm>
#include <utility>

#include "detection/history_scan.h"
#include "detection/state_file.h"
#include "obs/log.h"

namespace helios::detection {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{200};
constexpr std::chrono::seconds kSweepEvery{15};
constexpr std::chrono::seconds kWritePatience{5};
constexpr std::size_t kCatchUpSamples = 20'000;  // some 10 ms
constexpr int kGroupsBetween = 64;
constexpr std::chrono::days kBudgetWindow{14};
constexpr ScanLimits kBudgetLimits{.most_series = 100'000, .most_samples = 50'000'000};

SettingsKeeper::Solve SolveOn(const tsdb::SampleStore& store, const Clock& clock) {
  return [&store, &clock](TenantId tenant, const TenantSettings& settings) -> Result<double> {
    HELIOS_TRY(const Judge judge, JudgeOf(settings));
    const tsdb::TimeRange window{.first = clock.Now() - kBudgetWindow, .last = clock.Now()};
    HELIOS_TRY(const auto scan, ScanHistory(store, tenant, {}, window, judge, kBudgetLimits));
    return SolveBudget(scan, BudgetWithin(scan, window, settings.budget_per_week.value_or(0)));
  };
}

}  // namespace

DetectionRunner::DetectionRunner(tsdb::EmbeddedStore& store, pg::Database& database, const Clock& clock, Random& random,
                                 obs::Metrics& metrics, DriftListener& drift, const Config& config)
    : store_(store),
      config_(config),
      metrics_(metrics),
      settings_(database, SolveOn(store, clock)),
      drift_(store, clock, drift),
      detector_(
          store, clock,
          [this](TenantId tenant) {
            const auto settings = settings_.Of(tenant);
            return StreamDetector::Manner{.detector = settings.detector, .zone = settings.zone};
          },
          outbox_, metrics_,
          {.most_series = std::max<std::size_t>(1, config.memory_bytes / WatchTable::kSeriesBytes),
           .write_scores = config.write_scores},
          &drift_),
      writer_(
          database, clock, random,
          [this](TenantId tenant) {
            const auto settings = settings_.Of(tenant);
            return AnomalyWriter::Terms{.floor = settings.score_floor, .zone = settings.zone};
          },
          outbox_, metrics_),
      feed_(std::make_shared<tsdb::SampleFeed>(config.most_waiting_samples)) {
  Restore();
  store_.Follow(feed_);
  if (auto begun = detector_.Begin(); !begun) obs::LogFailure("detection.not_caught_up", begun.error());
  scoring_ = std::thread([this] { Run(); });
  writing_ = std::thread([this] { RunWriter(); });
}

DetectionRunner::~DetectionRunner() {
  Stop();
}

void DetectionRunner::Restore() {
  const auto loaded = LoadState(config_.folder, store_.id(), detector_, outbox_);
  if (loaded) {
    generation_ = *loaded;
  } else {
    // Series learn anew from their history.
    obs::LogFailure("detection.state_lost", loaded.error());
  }
  if (loaded.value_or(0) == 0) {
    // Nobody knows any more of the anomalies that were under way.
    for (const TenantId tenant : store_.Tenants()) writer_.EndOrphans(tenant);
    generation_ = static_cast<std::uint64_t>(steady_clock::now().time_since_epoch().count());
  }
  obs::LogInfo("detection.started", {{"series", detector_.table().size()},
                                     {"most_series", detector_.table().most_series()},
                                     {"waiting_anomalies", outbox_.size()}});
}

void DetectionRunner::Stop() {
  if (std::exchange(stopped_, true)) return;
  store_.Follow(nullptr);
  stopping_ = true;
  scoring_.join();
  {
    const std::scoped_lock lock(mutex_);
    scored_all_ = true;
    wake_.notify_all();
  }
  writing_.join();
  settings_.Stop();
  Save();
}

void DetectionRunner::Run() {
  bool catching_up = true;
  auto next_sweep = steady_clock::now() + kSweepEvery;
  auto next_save = steady_clock::now() + config_.save_every;
  while (!stopping_ || !feed_->empty()) {
    Drain(catching_up ? std::chrono::milliseconds{0} : kPatience);
    // What a stop leaves of it is found again at the next start.
    if (catching_up && !stopping_) catching_up = detector_.CatchUp(kCatchUpSamples);
    const auto now = steady_clock::now();
    if (now >= next_sweep) {
      next_sweep = now + kSweepEvery;
      NoteDropped();
      detector_.Sweep();
    }
    if (now >= next_save) {
      Save();
      next_save = steady_clock::now() + config_.save_every;
    }
  }
}

void DetectionRunner::Drain(std::chrono::milliseconds patience) {
  for (int i = 0; i < kGroupsBetween; ++i) {
    const auto group = feed_->Take(i == 0 ? patience : std::chrono::milliseconds{0});
    if (!group) return;
    detector_.Take(*group);
  }
}

void DetectionRunner::NoteDropped() {
  const std::uint64_t dropped = feed_->dropped();
  if (dropped == dropped_) return;
  metrics_.behind.Increment(static_cast<double>(dropped - dropped_));
  obs::LogWarning("detection.skipped_ahead", {{"samples", dropped - dropped_}});
  dropped_ = dropped;
}

void DetectionRunner::Save() {
  const auto begin = steady_clock::now();
  ++generation_;
  if (auto saved = SaveState(config_.folder, store_.id(), generation_, detector_.table(), outbox_,
                             [this] { Drain(std::chrono::milliseconds{0}); });
      !saved) {
    obs::LogFailure("detection.state_not_saved", saved.error());
    return;
  }
  const std::chrono::duration<double> took = steady_clock::now() - begin;
  obs::LogInfo("detection.state_saved", {{"series", detector_.table().size()}, {"seconds", took.count()}});
}

void DetectionRunner::RunWriter() {
  bool away = false;
  for (bool last = false; !last;) {
    {
      // Reports are few; what they wait is `write_every` at most.
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, config_.write_every, [this] { return scored_all_; });
      last = scored_all_;
    }
    drift_.Tell();
    const auto written = writer_.WriteAll(steady_clock::now() + kWritePatience);
    if (!written && !std::exchange(away, true)) obs::LogFailure("detection.anomalies_wait", written.error());
    if (written && std::exchange(away, false)) obs::LogInfo("detection.anomalies_written");
  }
}

}  // namespace helios::detection
