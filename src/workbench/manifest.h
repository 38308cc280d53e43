// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace helios::workbench {

/// How samples become one of a coarser step: rates and levels are averaged, counts are added.
enum class Aggregation : std::uint8_t { kMean, kSum };

/// One series that a manifest names.
struct ManifestEntry {
  std::string path;                ///< of its CSV file, relative to the manifest's directory
  std::chrono::seconds step{300};  ///< spacing of its samples, 1 s to 1 d
  Aggregation aggregation = Aggregation::kMean;
  std::vector<std::string> tasks;  ///< what it is meant for, such as "forecast", "anomaly", "autoscale"

  [[nodiscard]] bool Has(std::string_view task) const;

  /// The part of `path` before its first '/': series of one origin; the whole path without one.
  [[nodiscard]] std::string_view family() const;
};

/// Parses a manifest: a JSON array of objects with `path`, `step_s`, `agg` ("mean" or "sum"; mean when left
/// out) and `tasks`; other members are passed over. `name` stands for the text in messages.
/// Errors: kInvalidArgument workbench.bad_manifest, which names the entry.
[[nodiscard]] Result<std::vector<ManifestEntry>> ParseManifest(std::string_view text, std::string_view name);

/// ParseManifest() of `directory`/manifest.json. Errors: those, and those of ReadFile().
[[nodiscard]] Result<std::vector<ManifestEntry>> ReadManifest(const std::filesystem::path& directory);

}  // namespace helios::workbench
