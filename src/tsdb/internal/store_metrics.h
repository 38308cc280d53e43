// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "obs/metrics.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

/// What the store reports of itself. Thread-safe.
class StoreMetrics {
 public:
  explicit StoreMetrics(obs::Metrics& metrics);

  void Count(const AppendOutcome& outcome);
  void CountCommit(std::size_t batches, std::chrono::duration<double> took);
  void SetSeries(std::size_t count);
  void SetLostChunks(std::uint64_t count);
  void SetUnavailableTenants(std::size_t count);

 private:
  prometheus::Counter& samples_;
  prometheus::Counter& duplicates_;
  std::array<prometheus::Counter*, kRejectReasons> rejected_;  ///< by RejectReason
  prometheus::Histogram& commit_seconds_;
  prometheus::Histogram& commit_batches_;
  prometheus::Gauge& series_;
  prometheus::Gauge& lost_chunks_;
  prometheus::Gauge& unavailable_tenants_;
};

}  // namespace helios::tsdb
