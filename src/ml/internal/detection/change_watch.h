// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "ml/internal/detection/event_score.h"
#include "ml/internal/detection/running_mean.h"

namespace helios::ml {

struct ChangeParameters {
  float level_limit = 4.0F;       ///< mean residuals by which the level counts as shifted
  float unrest_limit = 4.0F;      ///< factor by which the scatter counts as changed, up or down
  std::uint16_t persist = 48;     ///< samples for which it must hold
  float calm_samples = 1'500.0F;  ///< horizon of what is usual
};

struct ChangeVerdict {
  bool level = false;     ///< the level has shifted: told once, when it has persisted
  bool variance = false;  ///< the scatter has grown or shrunk, likewise
};

/// Lasting changes, by name: they confirm an alarm rather than raise one. Single samples are cut, so that a
/// spike is no change. 16 bytes.
class ChangeWatch {
 public:
  ChangeVerdict Take(const EventReading& reading, std::uint32_t n, const ChangeParameters& parameters) {
    ChangeVerdict verdict;
    const float soon = Share(n, kSoon);
    const float level_most = parameters.level_limit * reading.scatter;
    Approach(level_, std::clamp(reading.residual, -kCut * level_most, kCut * level_most), soon);
    verdict.level = Persist(level_run_, std::max(level_, -level_) > level_most, parameters.persist);

    const float unrest_most = parameters.unrest_limit * calm_;
    const float unrest = calm_ > 0.0F ? std::min(reading.unrest, kCut * unrest_most) : reading.unrest;
    Approach(unrest_, unrest, soon);
    const bool changed = unrest_ > unrest_most || unrest_ * parameters.unrest_limit < calm_;
    verdict.variance = Persist(variance_run_, changed, parameters.persist);
    Approach(calm_, unrest, Share(n, parameters.calm_samples));
    return verdict;
  }

  template <class F>
  constexpr void Fields(F& f) {
    f(level_, unrest_, calm_, level_run_, variance_run_);
  }

 private:
  static constexpr float kSoon = 48.0F;  // samples
  static constexpr float kCut = 2.0F;    // times the limit

  static constexpr std::uint16_t kTold = 0x8000;

  /// Counts up while it holds and down while not. Tells when it has counted to `persist`, and may tell
  /// again only after it has counted down to none: what comes and goes is told once.
  static bool Persist(std::uint16_t& run, bool holds, std::uint16_t persist) {
    const bool told = (run & kTold) != 0;
    auto count = static_cast<std::uint16_t>(run & ~kTold);
    if (holds && count < persist) {
      ++count;
    } else if (!holds && count > 0) {
      --count;
    }
    const bool tells = !told && count >= persist;
    run = static_cast<std::uint16_t>(count | ((told || tells) && count > 0 ? kTold : 0));
    return tells;
  }

  float level_ = 0.0F;
  float unrest_ = 0.0F;
  float calm_ = 0.0F;
  std::uint16_t level_run_ = 0;
  std::uint16_t variance_run_ = 0;
};

struct FlatLineParameters {
  std::uint16_t least = 24;  ///< equal samples in a row before it counts
  std::uint16_t times = 4;   ///< and so many times the longest run until now
};

/// A value that repeats far longer than it ever did. 8 bytes.
class FlatLine {
 public:
  /// Says once a run that it has become one.
  bool Take(float value, const FlatLineParameters& parameters) {
    if (value != last_) {
      longest_ = std::max(longest_, run_);
      run_ = 0;
      last_ = value;
    }
    if (run_ < std::numeric_limits<std::uint16_t>::max()) ++run_;
    return run_ == std::max<std::uint32_t>(parameters.least, std::uint32_t{parameters.times} * longest_) + 1;
  }

  template <class F>
  constexpr void Fields(F& f) {
    f(last_, run_, longest_);
  }

 private:
  float last_ = 0.0F;
  std::uint16_t run_ = 0;
  std::uint16_t longest_ = 0;  // of the runs that ended
};

}  // namespace helios::ml
