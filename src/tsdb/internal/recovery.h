// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>

#include "tsdb/internal/catalogue.h"
#include "tsdb/internal/journal_file_system.h"
#include "tsdb/internal/store_core.h"

namespace helios::tsdb {

/// What the journal held that the databases did not.
struct Replayed {
  std::uint64_t segments = 0;
  std::uint64_t samples = 0;
  std::uint64_t damaged_bytes = 0;                        ///< that had to be left out; each place is logged
  std::uint64_t lost_samples = 0;                         ///< that cannot be read without what was there
  std::uint64_t last_segment = 0;                         ///< the newest one found
  std::map<std::uint32_t, UsageCounts> usage;             ///< by segment
  std::vector<SeriesId> deleted;                          ///< series whose deletion may not have reached the databases
  std::map<std::uint64_t, TenantNumber> deleted_tenants;  ///< of `deleted`
};

/// Brings series and their newest samples back from the shared database. Before anything else uses the core.
/// Errors: kDataCorruption tsdb.corrupt, tsdb.bad_checksum; ReadError().
[[nodiscard]] Result<void> LoadSeries(StoreCore& core);

/// Applies the journal's segments behind the flushed one, oldest first.
/// Errors: those of SegmentReader::Open() and CheckSegmentsComplete().
[[nodiscard]] Result<Replayed> ReplayJournal(StoreCore& core, JournalFileSystem& fs,
                                             const std::filesystem::path& directory, const StoreMarks& marks);

}  // namespace helios::tsdb
