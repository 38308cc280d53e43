// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "predictions/prediction_book.h"
#include "tsdb/sample_store.h"

namespace helios::predictions {

/// For which a prediction is kept after the moment that it is of.
inline constexpr std::chrono::days kKeepFor{14};

/// Writes what the book holds, has predictions meet their actual values, and forgets old ones, on a thread of its own.
/// While the database is away, what waits stays in the book, within its bound. A crash loses what was not written: at
/// most a second of it.
class PredictionRunner {
 public:
  struct Config {
    std::chrono::milliseconds write_every{1'000};
    std::chrono::milliseconds meet_every{15'000};
    std::chrono::milliseconds forget_every{3'600'000};
  };
  struct Needs {
    PredictionBook& book;
    PredictionMetrics& metrics;
    pg::Database& database;
    const tsdb::SampleStore& store;
    const Clock& clock;
    Random& random;
    std::function<std::vector<TenantId>()> tenants;  ///< those that may have predictions
  };

  /// What `needs` refers to must outlive it.
  PredictionRunner(Needs needs, const Config& config);
  ~PredictionRunner();  ///< as Stop()
  PredictionRunner(const PredictionRunner&) = delete;
  PredictionRunner& operator=(const PredictionRunner&) = delete;

  /// Writes what waits once more. Idempotent.
  void Stop();

 private:
  void Run();
  void Write();
  void Meet();
  void Forget();
  [[nodiscard]] Result<void> WriteTenant(TenantId tenant, const std::vector<AskedPrediction>& asked);
  [[nodiscard]] bool Stopping();

  const Needs needs_;
  const Config config_;
  bool away_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace helios::predictions
