// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/expectation.h"

#include <algorithm>

namespace helios::alerting {

std::optional<Judged> JudgeExpectation(const ml::Detector& detector, ml::DetectorState& state, TimestampMs time,
                                       double value) {
  const ml::Detection detection = detector.Score(state, {.time = time, .value = value});
  if (!detection.scored) return std::nullopt;
  const double distance = std::max({detection.lower - value, value - detection.upper, 0.0});
  const double width = detection.upper - detection.lower;
  return Judged{.time = time,
                .holds = detection.Has(ml::AnomalyKind::kPoint),
                .value = value,
                .excess = width > 0 ? distance / width : distance};
}

}  // namespace helios::alerting
