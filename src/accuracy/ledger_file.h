// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>

#include "accuracy/ledger.h"
#include "base/result.h"
#include "base/uuid.h"

namespace helios::accuracy {

/// The ledger on disk: docs/formats/accuracy-ledger.md. One file, replaced in one step after it is synced, so that a
/// crash leaves the old ledger or the new one; every block of it has a checksum.
///
/// It is a week's measurements, and forecasts that wait for their moments. Without it every series is measured anew,
/// and what was withdrawn serves again until it has lost for another day.

/// Only the thread that changes the ledger may save it. Errors: kUnavailable file.unwritable.
[[nodiscard]] Result<void> SaveLedger(const std::filesystem::path& path, const Uuid& store, const Ledger& ledger);

/// Fills an empty ledger; where there is no file it stays empty.
/// Errors: kDataCorruption accuracy.bad_ledger (damaged, or of a later version), kFailedPrecondition
/// accuracy.foreign_ledger (of another store), kUnavailable file.unreadable. What was filled by then stays.
[[nodiscard]] Result<void> LoadLedger(const std::filesystem::path& path, const Uuid& store, Ledger& ledger);

}  // namespace helios::accuracy
