// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "base/random.h"
#include "detection/anomaly_writer.h"
#include "detection/stream_detector.h"
#include "detection/tenant_settings.h"
#include "pg/database.h"
#include "tsdb/embedded_store.h"

namespace helios::detection {

/// Streaming detection of one process: a thread that scores what the store feeds, one that writes anomalies to the
/// database and tells of drift, and one that keeps tenants' settings.
class DetectionRunner {
 public:
  struct Config {
    std::filesystem::path folder;                   ///< of its state
    std::size_t memory_bytes = 256U << 20U;         ///< of series' states, at most
    bool write_scores = true;                       ///< as series helios:score
    std::size_t most_waiting_samples = 2'000'000;   ///< 48 MB; beyond it the oldest are skipped, and counted
    std::chrono::milliseconds save_every{300'000};  ///< the state; each save takes about 1.5 KB a series
    std::chrono::milliseconds write_every{500};
  };

  /// Follows the store from here on. All must outlive it.
  DetectionRunner(tsdb::EmbeddedStore& store, pg::Database& database, const Clock& clock, Random& random,
                  obs::Metrics& metrics, DriftListener& drift, const Config& config);
  ~DetectionRunner();  ///< as Stop()
  DetectionRunner(const DetectionRunner&) = delete;
  DetectionRunner& operator=(const DetectionRunner&) = delete;

  /// Scores what was fed, writes what waits for at most 5 s, and saves the state. Idempotent.
  void Stop();

 private:
  void Restore();
  void Run();
  void RunWriter();
  void Drain(std::chrono::milliseconds patience);
  void Save();
  void NoteDropped();

  tsdb::EmbeddedStore& store_;
  const Config config_;
  DetectionMetrics metrics_;
  ReportOutbox outbox_;
  SettingsKeeper settings_;
  DriftWatch drift_;
  StreamDetector detector_;
  AnomalyWriter writer_;
  std::shared_ptr<tsdb::SampleFeed> feed_;
  std::uint64_t generation_ = 0;
  std::uint64_t dropped_ = 0;
  std::atomic<bool> stopping_ = false;
  bool stopped_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;  ///< of the writer
  bool scored_all_ = false;       ///< nothing more comes into the outbox
  std::thread scoring_;
  std::thread writing_;
};

}  // namespace helios::detection
