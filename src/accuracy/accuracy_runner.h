// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "accuracy/forecast_round.h"
#include "accuracy/forecast_series.h"

namespace helios::accuracy {

/// The scheduled forecasts of one process: a thread of low priority that runs a round every few minutes, within a share
/// of one core, and saves the ledger.
class AccuracyRunner {
 public:
  struct Config {
    std::filesystem::path file;                      ///< of the ledger
    std::chrono::milliseconds every{300'000};        ///< from begin to begin; a round that takes longer delays the next
    std::chrono::milliseconds save_every{900'000};   ///< a crash loses what was measured since
    ForecastBounds series = ForecastBounds::kValue;  ///< what is readable of forecasts
    unsigned cpu_percent = 50;                       ///< of one core, 1 to 100
  };

  /// Restores the ledger, and begins. All must outlive it; `requests` may be null.
  AccuracyRunner(tsdb::EmbeddedStore& store, const Clock& clock, ForecastSource& source, Ledger& ledger,
                 obs::Metrics& metrics, TrainingRequests* requests, const Config& config);
  ~AccuracyRunner();  ///< as Stop()
  AccuracyRunner(const AccuracyRunner&) = delete;
  AccuracyRunner& operator=(const AccuracyRunner&) = delete;

  /// Ends the round after its present series, and saves. Idempotent.
  void Stop();

 private:
  void Run();
  void RunRound();
  void Save();
  /// False once it is to stop. Waits meanwhile.
  bool Sleep(std::chrono::nanoseconds duration);

  tsdb::EmbeddedStore& store_;
  Ledger& ledger_;
  const Config config_;
  AccuracyMetrics metrics_;
  ForecastRound round_;
  ForecastSeries series_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace helios::accuracy
