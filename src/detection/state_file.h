// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "detection/report_outbox.h"
#include "detection/stream_detector.h"

namespace helios::detection {

/// Detection's memory on disk: docs/formats/detection-state.md. A folder with parts of at most 4 MiB and a manifest
/// that names them with their SHA-256; the manifest is replaced in one step after its parts are synced, so that a crash
/// leaves the old state or the new one.
///
/// It is a cache of what the store's history taught, but for the reports in it: without it every series learns anew
/// from its history, and anomalies that were under way are told no more.

/// Saves every state, then the anomalies under way and the reports that wait. `generation` names the parts: another
/// number than the one before. `between` runs after each part and may go on scoring with the table: each state is its
/// own cursor, so they need not be of one moment, and a sample that an anomaly has seen before its state is merely seen
/// again. Errors: kUnavailable file.unwritable.
[[nodiscard]] Result<void> SaveState(
    const std::filesystem::path& folder, const Uuid& store, std::uint64_t generation, WatchTable& table,
    const ReportOutbox& outbox, const std::function<void()>& between = [] {});

/// The names of the files of the newest saved state, the manifest's last; none where there is none. Errors:
/// kDataCorruption detection.bad_state; kUnavailable file.unreadable.
[[nodiscard]] Result<std::vector<std::string>> ListStateFiles(const std::filesystem::path& folder);

/// Fills an empty detector and outbox; the generation that was read, 0 where there is no state.
/// Errors: kDataCorruption detection.bad_state (damaged, or of a later version), kFailedPrecondition
/// detection.foreign_state (of another store), kUnavailable file.unreadable. What was filled by then stays.
[[nodiscard]] Result<std::uint64_t> LoadState(const std::filesystem::path& folder, const Uuid& store,
                                              StreamDetector& detector, ReportOutbox& outbox);

}  // namespace helios::detection
