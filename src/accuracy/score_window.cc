// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/score_window.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace helios::accuracy {
namespace {

constexpr std::uint32_t kDayBuckets = 4;  // and the newest, which is not over

std::uint32_t NumberOf(TimestampMs time) {
  return static_cast<std::uint32_t>(time.time_since_epoch() / ScoreWindow::kBucket);
}

Score ScoreOf(const ScoreWindow::Bucket& bucket) {
  return {.met = bucket.met, .covered = bucket.covered, .error = bucket.error, .naive_error = bucket.naive_error};
}

}  // namespace

std::optional<double> Score::mase() const {
  if (naive_error <= 0) return std::nullopt;
  return error / naive_error;
}

Score& Score::operator+=(const Score& other) {
  met += other.met;
  covered += other.covered;
  error += other.error;
  naive_error += other.naive_error;
  return *this;
}

void ScoreWindow::Add(TimestampMs time, double error, double naive_error, bool covered) {
  const std::uint32_t number = NumberOf(time);
  if (!buckets_.empty() && number + kBuckets <= buckets_.back().number) return;
  auto at = std::ranges::lower_bound(buckets_, number, {}, &Bucket::number);
  if (at == buckets_.end() || at->number != number) at = buckets_.insert(at, {.number = number});
  const auto sum = static_cast<float>(at->error + error);
  const auto naive_sum = static_cast<float>(at->naive_error + naive_error);
  // Errors beyond what a float holds are not of use to anybody.
  if (at->met < std::numeric_limits<std::uint16_t>::max() && std::isfinite(sum) && std::isfinite(naive_sum)) {
    ++at->met;
    at->covered = static_cast<std::uint16_t>(at->covered + (covered ? 1 : 0));
    at->error = sum;
    at->naive_error = naive_sum;
  }
  std::erase_if(buckets_,
                [newest = buckets_.back().number](const Bucket& bucket) { return bucket.number + kBuckets <= newest; });
}

Score ScoreWindow::Week() const {
  Score score;
  for (const Bucket& bucket : buckets_) score += ScoreOf(bucket);
  return score;
}

std::optional<Score> ScoreWindow::Day() const {
  if (buckets_.empty() || buckets_.front().number + kDayBuckets > buckets_.back().number) return std::nullopt;
  Score score;
  for (const Bucket& bucket : buckets_) {
    if (bucket.number + kDayBuckets >= buckets_.back().number) score += ScoreOf(bucket);
  }
  return score;
}

std::optional<TimestampMs> ScoreWindow::Since() const {
  if (buckets_.empty()) return std::nullopt;
  return TimestampMs{kBucket * static_cast<std::int64_t>(buckets_.front().number)};
}

}  // namespace helios::accuracy
