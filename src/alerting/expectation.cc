// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/expectation.h"

#include <algorithm>

namespace helios::alerting {

std::optional<Judged> JudgeExpectation(const ExpectationJudge& judge, ExpectationState& state, TimestampMs time,
                                       double value) {
  ml::Sample sample{.time = time, .value = value};
  if (judge.by_rate) {
    const auto rate = state.rates.Take(sample);
    if (!rate) return std::nullopt;
    sample = *rate;
  }
  const ml::Detection detection = judge.detector.Score(state.state, sample, judge.clock.OffsetAt(time));
  if (!detection.scored) return std::nullopt;
  const double distance = std::max({detection.lower - sample.value, sample.value - detection.upper, 0.0});
  const double width = detection.upper - detection.lower;
  return Judged{.time = time,
                .holds = detection.Has(ml::AnomalyKind::kPoint),
                .value = sample.value,
                .excess = width > 0 ? distance / width : distance};
}

}  // namespace helios::alerting
