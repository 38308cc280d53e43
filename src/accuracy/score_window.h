// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"

namespace helios::accuracy {

/// Sums over forecasts that met their actual values; errors in the series' unit.
struct Score {
  std::uint64_t met = 0;
  std::uint64_t covered = 0;  ///< of them, inside their intervals
  double error = 0;           ///< sum of |actual - forecast|
  double naive_error = 0;     ///< sum of |actual - seasonal naive's forecast of the same moment|

  [[nodiscard]] double mae() const { return error / static_cast<double>(met); }
  [[nodiscard]] double naive_mae() const { return naive_error / static_cast<double>(met); }
  [[nodiscard]] double coverage() const { return static_cast<double>(covered) / static_cast<double>(met); }
  /// The error over that of the seasonal naive at the same moments; none where that one made no error.
  [[nodiscard]] std::optional<double> mase() const;

  Score& operator+=(const Score& other);
};

/// How one horizon of one series did over the last week, in buckets of six hours by the time forecast, UTC. 16 bytes a
/// bucket. Not thread-safe.
class ScoreWindow {
 public:
  static constexpr std::chrono::hours kBucket{6};
  static constexpr std::uint32_t kBuckets = 28;

  struct Bucket {
    std::uint32_t number = 0;  ///< of six hours since 1970
    std::uint16_t met = 0;
    std::uint16_t covered = 0;
    float error = 0;
    float naive_error = 0;
  };

  /// Older than the window's week is passed over.
  void Add(TimestampMs time, double error, double naive_error, bool covered);

  /// Of the whole week.
  [[nodiscard]] Score Week() const;
  /// Of the newest bucket and the four before it, 24 to 30 hours; none where that much was not measured yet.
  [[nodiscard]] std::optional<Score> Day() const;
  /// Begin of the oldest bucket; none without one.
  [[nodiscard]] std::optional<TimestampMs> Since() const;

  [[nodiscard]] const std::vector<Bucket>& buckets() const { return buckets_; }
  /// Rising by number, at most kBuckets.
  void Restore(std::vector<Bucket> buckets) { buckets_ = std::move(buckets); }

 private:
  std::vector<Bucket> buckets_;  // rising by number
};

}  // namespace helios::accuracy
