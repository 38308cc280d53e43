// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>

#include "base/result.h"

namespace helios::wiring {

/// Bytes of the sample store's chunks, its journal not counted.
struct CompactOutcome {
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_after = 0;
};

/// Opens the sample store of a platform that does not run, and does now what it would do in time: compacts every day
/// that is over, makes the rollups that are due and forgets what is beyond retention.
/// Errors: kUnavailable tsdb.locked where the platform runs; those of pg::DropPrivileges(), OpenLocalKeys(),
/// OpenEmbeddedStore() and EmbeddedStore::KeepDays().
[[nodiscard]] Result<CompactOutcome> CompactSamples(const std::filesystem::path& data_dir);

}  // namespace helios::wiring
