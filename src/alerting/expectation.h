// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>

#include "alerting/series_tracker.h"
#include "ml/detector.h"

namespace helios::alerting {

/// Takes a sample into the detector's state and says whether it lies outside of what was expected before it: the rule's
/// excess is its distance from the range, in widths of the range. nullopt for what is not scored (not finite, not
/// newer).
[[nodiscard]] std::optional<Judged> JudgeExpectation(const ml::Detector& detector, ml::DetectorState& state,
                                                     TimestampMs time, double value);

}  // namespace helios::alerting
