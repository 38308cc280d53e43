// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"

namespace helios::detection {

/// A sample with what was expected of it before it came, in the series' unit; of a counter its rate a second.
struct JudgedSample {
  TimestampMs time{};
  double value = 0;
  double expected = 0;
  double lower = 0;  ///< outside of [lower, upper] a single sample is anomalous
  double upper = 0;
};

/// At most `most` of `samples`, in their order: of each of equally long parts the smallest and the largest value, so
/// that no spike disappears from a chart. Requires most >= 2; fewer samples come back as they are.
[[nodiscard]] std::vector<JudgedSample> KeepExtremes(std::vector<JudgedSample> samples, std::size_t most);

}  // namespace helios::detection
