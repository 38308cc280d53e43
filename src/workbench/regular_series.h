// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ml/grid.h"
#include "workbench/manifest.h"

namespace helios::workbench {

/// A series on a regular step, from its oldest sample on; gaps are NaN.
struct RegularSeries {
  std::string path;
  TimestampMs first{};
  std::chrono::seconds step{0};
  std::vector<double> values;
};

/// Samples finer than `coarsest` averaged or added up to it, as `entry` says; others on their own step. Buckets
/// begin at the oldest sample; the last may hold fewer samples than the others. Of several samples in a bucket of
/// a series that is not aggregated, their mean counts.
/// Errors: kInvalidArgument workbench.bad_series  no finite sample, or more than 10 million buckets
[[nodiscard]] Result<RegularSeries> ToRegularSeries(std::span<const ml::Sample> samples, const ManifestEntry& entry,
                                                    std::chrono::seconds coarsest = std::chrono::minutes{5});

/// ToRegularSeries() of the entry's file. Errors: those, and those of ReadCsvSeries().
[[nodiscard]] Result<RegularSeries> ReadRegularSeries(const std::filesystem::path& directory,
                                                      const ManifestEntry& entry);

}  // namespace helios::workbench
