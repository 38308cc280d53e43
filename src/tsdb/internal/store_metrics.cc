// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/store_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace helios::tsdb {

StoreMetrics::StoreMetrics(obs::Metrics& metrics)
    : samples_(metrics.Counter("helios_tsdb_samples_total", "Samples stored")),
      duplicates_(metrics.Counter("helios_tsdb_duplicates_total", "Samples that were stored already")),
      commit_seconds_(metrics.Histogram("helios_tsdb_commit_seconds", "From the start of a commit to its answers",
                                        obs::kLatencyBounds)),
      commit_batches_(metrics.Histogram("helios_tsdb_commit_batches", "Batches that shared one fsync",
                                        {1, 2, 4, 8, 16, 32, 64, 128, 256})),
      series_(metrics.Gauge("helios_tsdb_series", "Series in the index")),
      lost_chunks_(metrics.Gauge("helios_tsdb_lost_chunks", "Chunks that damaged tables have cost, at most")),
      unavailable_tenants_(
          metrics.Gauge("helios_tsdb_unavailable_tenants", "Tenants whose own database does not open")) {
  for (std::size_t reason = 0; reason < rejected_.size(); ++reason) {
    rejected_[reason] = &metrics.Counter("helios_tsdb_rejected_total", "Samples refused",
                                         {{"reason", std::string(RejectCode(static_cast<RejectReason>(reason)))}});
  }
}

void StoreMetrics::Count(const AppendOutcome& outcome) {
  samples_.Increment(static_cast<double>(outcome.stored));
  if (outcome.duplicates > 0) duplicates_.Increment(static_cast<double>(outcome.duplicates));
  for (const Rejection& rejection : outcome.rejected) {
    rejected_[static_cast<std::size_t>(rejection.reason)]->Increment();
  }
}

void StoreMetrics::CountCommit(std::size_t batches, std::chrono::duration<double> took) {
  commit_batches_.Observe(static_cast<double>(batches));
  commit_seconds_.Observe(took.count());
}

void StoreMetrics::SetSeries(std::size_t count) {
  series_.Set(static_cast<double>(count));
}

void StoreMetrics::SetLostChunks(std::uint64_t count) {
  lost_chunks_.Set(static_cast<double>(count));
}

void StoreMetrics::SetUnavailableTenants(std::size_t count) {
  unavailable_tenants_.Set(static_cast<double>(count));
}

}  // namespace helios::tsdb
