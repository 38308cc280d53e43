// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace helios::tsdb {

/// Whether a record of RocksDB's log format that is whole lies behind one that is not.
///
/// RocksDB takes a record that reaches beyond its file's end for one that was being written, and reads no further. So a
/// flipped bit in a length makes it forget all that follows, and delete the tables that this was about.
[[nodiscard]] bool HasRecordBehindDamage(std::string_view log);

/// Refuses a database whose manifest has damage in its midst; before RocksDB opens it. A directory without one passes.
/// What cannot be told from a torn end: damage to the very last record. Errors: kDataCorruption tsdb.corrupt.
[[nodiscard]] Result<void> CheckManifest(const std::filesystem::path& directory);

}  // namespace helios::tsdb
