// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "ml/ensemble_forecaster.h"

namespace helios::ml {

/// The ensemble's default parameters, each independently multiplied by a factor between 1/2 and 2 (counts of origins
/// and switches stay; shares stay within 0 and 1): settings that nobody chose, for cross-validation. The best of some
/// tens of them on some series, judged on others, says what choosing the defaults on the series they are reported on is
/// worth. The same seed gives the same setting.
[[nodiscard]] EnsembleParameters VariedParameters(std::size_t steps_a_day, std::uint64_t seed);

}  // namespace helios::ml
