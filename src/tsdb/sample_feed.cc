// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/sample_feed.h"

#include <utility>

namespace helios::tsdb {

void SampleFeed::Offer(FedGroup group) {
  if (group.samples.empty()) return;
  {
    const std::scoped_lock lock(mutex_);
    samples_ += group.samples.size();
    groups_.push_back(std::move(group));
    while (samples_ > most_samples_ && !groups_.empty()) {
      samples_ -= groups_.front().samples.size();
      dropped_ += groups_.front().samples.size();
      groups_.pop_front();
    }
  }
  filled_.notify_one();
}

std::optional<FedGroup> SampleFeed::Take(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!filled_.wait_for(lock, patience, [this] { return !groups_.empty(); })) return std::nullopt;
  FedGroup group = std::move(groups_.front());
  groups_.pop_front();
  samples_ -= group.samples.size();
  return group;
}

std::uint64_t SampleFeed::dropped() const {
  const std::scoped_lock lock(mutex_);
  return dropped_;
}

bool SampleFeed::empty() const {
  const std::scoped_lock lock(mutex_);
  return groups_.empty();
}

}  // namespace helios::tsdb
