// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "base/random.h"

namespace helios::agent {

/// Pauses between attempts that fail: up to 1 s after the first failure, twice as long after each further
/// one, at most 60 s. The pause is anywhere between nothing and that length ("full jitter"), so that a
/// fleet that lost its platform at one moment does not return at one moment.
class Backoff {
 public:
  using Duration = std::chrono::milliseconds;
  static constexpr Duration kFirst{1'000};
  static constexpr Duration kLongest{60'000};

  /// `random` must outlive it.
  explicit Backoff(Random& random) : random_(random) {}

  /// The pause after another failure.
  Duration Next() {
    const Duration pause = Jittered(ceiling_);
    ceiling_ = std::min(ceiling_ * 2, kLongest);
    return pause;
  }

  void Reset() { ceiling_ = kFirst; }

  /// Anything from 0 to `ceiling`.
  Duration Jittered(Duration ceiling) {
    return Duration(static_cast<Duration::rep>(random_.Uniform() * static_cast<double>(ceiling.count())));
  }

 private:
  Random& random_;
  Duration ceiling_ = kFirst;
};

}  // namespace helios::agent
