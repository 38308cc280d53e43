// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <optional>

#include "scaling/advice_sink.h"
#include "scaling/target.h"

namespace helios::scaling {

/// What a target's channels know of its advice.
struct Told {
  std::optional<std::int64_t> replicas;  ///< none: they were never told
  std::int64_t sequence = 0;             ///< how often they were
};

/// Whether the channels are to be told: the number is another than the one they know, and autoscalers may act on it.
[[nodiscard]] bool IsNews(const Told& told, const TargetAdvice& advice, bool shadow);

/// The event that follows on `told`. Its id is a hash of the target and of its place in the sequence, so that the same
/// change is told once, whoever finds it again, also where a clock went back.
[[nodiscard]] AdviceEvent MakeAdviceEvent(const Target& target, const TargetAdvice& advice, const Told& told);

}  // namespace helios::scaling
