// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace helios::workbench {

struct NabOptions {
  std::filesystem::path directory;  ///< the corpus: combined_windows.json and the files it names, by category
  bool json = false;                ///< one JSON object instead of tables
};

/// Runs the detector over the Numenta Anomaly Benchmark and scores it by the benchmark's rules
/// (ml/nab_score.h): with the threshold that the corpus likes best, as published results are, with the
/// threshold fixed at 0.5, and with threshold and fatigue chosen on the other categories for each category.
/// Errors: those of ReadLabelledSeries(); kInvalidArgument workbench.nothing_to_score.
[[nodiscard]] Result<std::string> RunNab(const NabOptions& options);

}  // namespace helios::workbench
