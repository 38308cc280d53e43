// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "ml/internal/detection/event_score.h"

namespace helios::ml {

struct ChangeParameters {
  float level_limit = 4.0F;       ///< mean residuals by which the level counts as shifted
  float unrest_limit = 3.0F;      ///< factor by which the scatter counts as changed, up or down
  std::uint16_t persist = 48;     ///< samples for which it must hold
  float calm_samples = 1'500.0F;  ///< horizon of what is usual
};

struct ChangeVerdict {
  bool level = false;     ///< the level has shifted: told once, when it has persisted
  bool variance = false;  ///< the scatter has grown or shrunk, likewise
};

/// Lasting changes, by name: they confirm an alarm rather than raise one. 8 bytes.
class ChangeWatch {
 public:
  ChangeVerdict Take(const EventReading& reading, std::uint32_t n, const ChangeParameters& parameters) {
    ChangeVerdict verdict;
    const float most = parameters.level_limit * reading.scatter;
    verdict.level = Persist(level_run_, std::max(reading.smooth, -reading.smooth) > most, parameters.persist);
    const bool wild = reading.unrest > parameters.unrest_limit * calm_;
    const bool still = reading.unrest * parameters.unrest_limit < calm_;
    verdict.variance = Persist(variance_run_, wild || still, parameters.persist);
    calm_ += (reading.unrest - calm_) / std::min(static_cast<float>(n), parameters.calm_samples);
    return verdict;
  }

  template <class F>
  constexpr void Fields(F& f) {
    f(calm_, level_run_, variance_run_);
  }

 private:
  static bool Persist(std::uint16_t& run, bool holds, std::uint16_t persist) {
    if (!holds) {
      run = 0;
      return false;
    }
    if (run < std::numeric_limits<std::uint16_t>::max()) ++run;
    return run == persist;
  }

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
