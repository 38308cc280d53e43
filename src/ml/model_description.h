// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "ml/forecast.h"

namespace helios::ml {

/// What is known about one series' model without restoring it: the first section of its part in an artifact. Enough to
/// compare it with another version's, and to tell a person why it serves.
struct ModelDescription {
  std::string model_type;  ///< ModelTypeName() or NamedModelName(); "xgboost"
  std::string reason;      ///< why this model serves: one sentence for a person
  BacktestMetrics metrics{};
  TimestampMs trained_from{};  ///< oldest sample that was used
  TimestampMs trained_to{};    ///< the newest one: the origin when it was fitted
  std::chrono::milliseconds step{0};
  std::size_t season_length = 0;    ///< in steps; 0 for none
  std::size_t history_samples = 0;  ///< finite samples that were used
};

/// The description in a part of an artifact, whatever model the part holds; one that this version cannot restore, too.
/// Errors: kDataCorruption ml.bad_artifact; kFailedPrecondition ml.newer_format.
[[nodiscard]] Result<ModelDescription> ReadDescription(std::string_view part);

}  // namespace helios::ml
