// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/rollup.h"

#include <algorithm>
#include <cmath>

namespace helios::tsdb {
namespace {

// One bucket while it grows. Sums keep what rounding lost (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur
// Summation endlicher Summen", 1974).
struct Bucket {
  double min = 0;
  double max = 0;
  double sum = 0;
  double last = 0;
  std::uint64_t count = 0;
  double lost = 0;

  void Add(const Bucket& other) {
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    last = other.last;
    count += other.count;
    const double total = sum + other.sum;
    lost += std::abs(sum) >= std::abs(other.sum) ? (sum - total) + other.sum : (other.sum - total) + sum;
    sum = total;
  }
};

// Grows the last bucket of a buffer and begins new ones.
class Builder {
 public:
  explicit Builder(RollupBuffer& out) : out_(out) {
    if (out.size() == 0) return;
    const std::size_t i = out.size() - 1;
    time_ms_ = out.times_ms[i];
    bucket_ = {out.min[i], out.max[i], out.sum[i], out.last[i], out.count[i]};
    out.resize(i);
  }
  ~Builder() { Flush(); }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  [[nodiscard]] bool IsIn(std::int64_t time_ms) const { return bucket_.count > 0 && time_ms == time_ms_; }
  void Add(const Bucket& bucket) { bucket_.Add(bucket); }
  void Begin(std::int64_t time_ms, const Bucket& bucket) {
    Flush();
    time_ms_ = time_ms;
    bucket_ = bucket;
  }

 private:
  void Flush() {
    if (bucket_.count == 0) return;
    out_.times_ms.push_back(time_ms_);
    out_.min.push_back(bucket_.min);
    out_.max.push_back(bucket_.max);
    // After an overflow what was lost is no number.
    out_.sum.push_back(std::isfinite(bucket_.lost) ? bucket_.sum + bucket_.lost : bucket_.sum);
    out_.last.push_back(bucket_.last);
    out_.count.push_back(bucket_.count);
  }

  RollupBuffer& out_;
  std::int64_t time_ms_ = 0;
  Bucket bucket_;
};

Bucket At(const RollupBuffer& rollups, std::size_t i) {
  return {rollups.min[i], rollups.max[i], rollups.sum[i], rollups.last[i], rollups.count[i]};
}

}  // namespace

void RollupBuffer::resize(std::size_t buckets) {
  times_ms.resize(buckets);
  min.resize(buckets);
  max.resize(buckets);
  sum.resize(buckets);
  last.resize(buckets);
  count.resize(buckets);
}

std::int64_t BucketOf(std::chrono::milliseconds step, std::int64_t time_ms) {
  const std::int64_t beyond = time_ms % step.count();
  return time_ms - beyond - (beyond < 0 ? step.count() : 0);
}

void AddSamples(std::chrono::milliseconds step, std::span<const std::int64_t> times_ms, std::span<const double> values,
                RollupBuffer& out) {
  Builder builder(out);
  std::int64_t bucket = 0;
  std::int64_t end = 0;  // of `bucket`; nothing belongs to none
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    if (!std::isfinite(value)) continue;
    if (end == bucket || times_ms[i] >= end) {
      bucket = BucketOf(step, times_ms[i]);
      end = bucket + step.count();
      if (!builder.IsIn(bucket)) {
        builder.Begin(bucket, {value, value, value, value, 1});
        continue;
      }
    }
    builder.Add({value, value, value, value, 1});
  }
}

void MergeRollups(const RollupBuffer& older, const RollupBuffer& newer, RollupBuffer& out) {
  Builder builder(out);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < older.size() || j < newer.size()) {
    const bool from_older = i < older.size() && (j == newer.size() || older.times_ms[i] <= newer.times_ms[j]);
    const RollupBuffer& from = from_older ? older : newer;
    const std::size_t at = from_older ? i++ : j++;
    if (builder.IsIn(from.times_ms[at])) {
      builder.Add(At(from, at));
    } else {
      builder.Begin(from.times_ms[at], At(from, at));
    }
  }
}

void CoarsenRollups(std::chrono::milliseconds step, const RollupBuffer& fine, RollupBuffer& out) {
  Builder builder(out);
  for (std::size_t i = 0; i < fine.size(); ++i) {
    const std::int64_t bucket = BucketOf(step, fine.times_ms[i]);
    if (builder.IsIn(bucket)) {
      builder.Add(At(fine, i));
    } else {
      builder.Begin(bucket, At(fine, i));
    }
  }
}

}  // namespace helios::tsdb
