// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "ml/scaling_recommendation.h"

namespace helios::workbench {

struct RecommendCommandOptions {
  std::filesystem::path file;       ///< the whole load of one target, CSV or JSON (history_file.h)
  std::filesystem::path plot = {};  ///< where to draw load and plan as SVG; empty for nowhere
  bool json = false;                ///< one JSON object, as POST /recommend answers, instead of a table
  ml::RecommendOptions recommend = {};
};

/// Recommends how many replicas a target should have, now and over the horizon, and replays its history.
/// Errors: those of ReadHistory(), ml::Recommend() and WriteFileAtomically().
[[nodiscard]] Result<std::string> RunRecommend(const RecommendCommandOptions& options);

}  // namespace helios::workbench
