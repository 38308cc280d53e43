// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "live/event_id.h"
#include "live/event_stream.h"
#include "live/live_metrics.h"
#include "tsdb/sample_store.h"

namespace helios::live {

/// Series at most of one selector: the first by name.
inline constexpr std::size_t kMaxSeriesOfSelector = 50;
/// Samples at most of one event; beyond it a reader is told of a gap, and reads the range.
inline constexpr std::size_t kMaxPointsOfEvent = 20'000;
/// A series that appears is sent from this long before its topic or stream began, for samples come late.
inline constexpr std::chrono::minutes kNewSeriesGrace{5};

/// What a stream asks for.
struct Subscription {
  TenantId tenant;
  std::string name;  ///< the same for whoever asks for the same series
  std::vector<tsdb::SeriesSelector> selectors;
};

/// Names a subscription within an EventId, the tenant among it.
[[nodiscard]] std::uint64_t SubscriptionHash(const Subscription& subscription);

/// The streams that ask for the same series, and up to where these were sent. Thread-safe.
///
/// A sample is sent once it is newer than what was sent of its series; one that comes late, older than that, is never
/// sent, as it is not fed to detection either: whoever reads the range finds it.
class Topic {
 public:
  /// `store` and `metrics` outlive the topic.
  Topic(Subscription subscription, const tsdb::SampleStore& store, const LiveMetrics& metrics);

  /// Tells `stream` which series there are (`ready`), and sends what the store has since `resume`; from then on it gets
  /// what comes. `retry_ms` is how long its reader waits before it connects anew. Reads the store.
  /// Errors: kInvalidArgument query.bad_regex; those of tsdb::SampleStore::FindSeries().
  [[nodiscard]] Result<void> Join(const std::shared_ptr<EventStream>& stream, const std::optional<EventId>& resume,
                                  TimestampMs now, int retry_ms);

  /// Looks for samples that came since the last look, and sends them. Reads the store.
  void Look(TimestampMs now);

  /// An event for every stream.
  void Push(const StreamEvent& event);
  void Beat(EventStream::Time now, std::chrono::milliseconds quiet);

  /// Streams that are open.
  [[nodiscard]] std::vector<std::shared_ptr<EventStream>> Streams();
  [[nodiscard]] bool empty() { return Streams().empty(); }
  [[nodiscard]] const Subscription& subscription() const { return subscription_; }

 private:
  struct Known {
    tsdb::SeriesKey key;
    TimestampMs sent;
  };
  struct Found {
    std::vector<tsdb::SeriesInfo> series;
    bool truncated = false;
  };
  /// One event of samples in the making.
  struct Collected;

  [[nodiscard]] Result<Found> Find() const;
  [[nodiscard]] Result<void> Begin(TimestampMs now);
  /// Appends the samples of a series after `sent` up to `last`; false where there are too many, or they cannot be read.
  [[nodiscard]] bool Collect(tsdb::SeriesId series, const tsdb::SeriesKey& key, bool introduce, TimestampMs sent,
                             TimestampMs last, Collected& into) const;
  [[nodiscard]] std::string IdText() const;
  [[nodiscard]] std::string Ready(bool resumed, int retry_ms, std::string_view id) const;
  [[nodiscard]] StreamEvent CatchUp(const EventId& resume) const;
  void ForgetGone(const Found& found);
  void PushToAll(const StreamEvent& event);

  const Subscription subscription_;
  const std::uint64_t hash_;
  const tsdb::SampleStore& store_;
  const LiveMetrics& metrics_;
  prometheus::Counter& samples_;

  std::mutex mutex_;
  bool begun_ = false;
  bool truncated_ = false;
  TimestampMs began_{};
  std::map<tsdb::SeriesId, Known> known_;
  std::vector<std::weak_ptr<EventStream>> streams_;
};

}  // namespace helios::live
