// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "obs/metrics.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

struct EmbeddedStoreConfig {
  std::filesystem::path directory;
  std::size_t block_cache_bytes = 64U << 20U;
  std::size_t write_buffer_bytes = 64U << 20U;
  std::size_t max_pending_bytes = 128U << 20U;       ///< of batches waiting for the journal; above: tsdb.overloaded
  std::uint64_t min_free_bytes = 64U << 20U;         ///< of the disk, kept for flushes; below: tsdb.disk_full
  std::chrono::milliseconds sweep_interval{60'000};  ///< between searches for series with no sample left
};

/// Opens the store in `config.directory`, creating it where it is absent, and recovers what a crash left.
/// One process at a time holds it. `clock` and `metrics` must outlive the store. Its destructor finishes
/// what was appended and answers every callback.
/// Errors: kUnavailable tsdb.locked (another process), tsdb.cannot_open; kDataCorruption tsdb.corrupt.
[[nodiscard]] Result<std::unique_ptr<SampleStore>> OpenEmbeddedStore(const EmbeddedStoreConfig& config,
                                                                     const Clock& clock, obs::Metrics& metrics);

}  // namespace helios::tsdb
