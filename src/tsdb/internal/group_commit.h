// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tsdb/internal/segment_pool.h"
#include "tsdb/internal/segment_writer.h"
#include "tsdb/internal/store_metrics.h"
#include "tsdb/sample_feed.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

/// What was counted of one tenant, kind and UTC hour.
struct UsageKey {
  std::uint32_t tenant = 0;
  std::uint8_t kind = 0;
  std::uint32_t hour = 0;  ///< since 1970
  auto operator<=>(const UsageKey&) const = default;
};
using UsageCounts = std::map<UsageKey, std::uint64_t>;

/// Makes what appends did durable, many of them with one write and one fdatasync, and then answers them.
///
/// Appends write their records into the open group while they hold the store's lock, so the journal has them in the
/// order in which they were applied. A thread takes the group whenever it is free and something waits; what arrives
/// meanwhile forms the next one.
///
/// A group waits for as many batches as the one before it had, up to `company_wait`: senders that wait for their
/// answers come again together, and a write, a sync and a wake-up for all of them cost what they cost for one. A lone
/// sender never waits.
///
/// The journal moves to another segment when one is nearly full or RequestRotation() asks for it, between two groups.
/// What comes while the next segment is still being made waits for it in memory, in the group that will be its first,
/// and hears tsdb.disk_full where it cannot be made.
class GroupCommit {
 public:
  struct Config {
    std::size_t max_group_bytes = 64U << 20U;  ///< more waiting than this, in all groups: tsdb.overloaded
    std::uint64_t segment_bytes = 128U << 20U;
    std::uint64_t first_segment = 1;   ///< number of the pool's next segment
    std::uint32_t closed_segment = 0;  ///< the newest one of an earlier start that is to be flushed now; 0 for none
    std::chrono::microseconds company_wait{1000};
    std::uint64_t rotate_below_bytes = 8U << 20U;  ///< of room left
  };

  /// Starts with the pool's next segment, or full, as long as it has none. `lock` is the store's; everything must
  /// outlive this object.
  GroupCommit(std::mutex& lock, SegmentPool& pool, const Aead* aead, const Config& config, StoreMetrics& metrics);
  /// Commits what waits, answers everyone, and closes the segment.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // With the store's lock held:

  /// Sees to it that the open group has room for `bytes` of records, an upper bound; else says why nothing can be
  /// accepted now: tsdb.overloaded, disk_full, read_only, closed. epoch() may be another one afterwards.
  [[nodiscard]] std::optional<Error> MakeRoom(std::size_t bytes);
  /// The segment that the open group will be written to.
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// The open group, to append records to.
  [[nodiscard]] std::string& payload() { return open_.payload; }
  void CountUsage(const UsageKey& key, std::uint64_t count) { open_.usage[key] += count; }
  /// Has `done` called with `outcome` once everything appended so far is durable.
  void Join(AppendOutcome outcome, AppendCallback done);
  /// What becomes durable from now on goes to `feed` too; null ends that.
  void FeedTo(std::shared_ptr<SampleFeed> feed) { feed_ = std::move(feed); }
  [[nodiscard]] bool followed() const { return feed_ != nullptr; }
  /// A sample of the open group, for whoever follows.
  void Feed(TenantId tenant, TimestampMs now, const FedSample& sample) { open_.fed.Add(tenant, now, sample); }
  /// Has the open group committed, also where nobody waits for it.
  void Wake();
  /// The next group goes to another segment. Returns the number of the one that will be closed then.
  std::uint32_t RequestRotation();

  // From anywhere:

  /// Waits until segment `number` is closed; false where it never will be, because writing failed, and when `patience`
  /// is over.
  [[nodiscard]] bool WaitForClosed(std::uint32_t number, std::chrono::milliseconds patience);
  /// The newest segment that is closed; 0, or that of the configuration, for none since the start.
  [[nodiscard]] std::uint32_t closed_segment() const { return closed_segment_; }
  /// What the groups of closed segments up to `last` counted, by segment; forgotten here with this call.
  [[nodiscard]] std::map<std::uint32_t, UsageCounts> TakeUsage(std::uint32_t last);
  /// A copy of what was counted and not taken yet, by segment, also of the open group.
  [[nodiscard]] std::map<std::uint32_t, UsageCounts> Usage() const;
  [[nodiscard]] bool Writable() const { return !read_only_ && !disk_full_; }
  [[nodiscard]] bool read_only() const { return read_only_; }
  /// Wakes the thread: the pool has a segment again.
  void NoteSegmentReady();

 private:
  struct Waiter {
    AppendOutcome outcome;
    AppendCallback done;
  };
  struct Group {
    std::string payload;
    UsageCounts usage;
    std::vector<Waiter> waiters;
    FedGroup fed;
    std::shared_ptr<SampleFeed> feed;  ///< that takes `fed` once the group is durable
  };

  void Run();
  /// The group to be committed next. With the lock held.
  struct Taken {
    Group group;
    std::uint32_t epoch = 0;  ///< the segment it belongs to
    bool last = false;        ///< of that segment
  };
  [[nodiscard]] Taken Take();
  /// Whether a rotation is wanted, and the time for it. With the lock held.
  [[nodiscard]] bool MayRotate() const;
  /// What comes from now on belongs to the next segment. With the lock held.
  void BeginEpoch();
  void Commit(Group& group, std::uint32_t epoch);
  void Rotate(std::uint32_t closing);
  /// False where the pool has no segment.
  [[nodiscard]] bool TakeSegment();
  /// Until it has one; meanwhile nothing is acknowledged, and who waits hears so.
  void WaitForSegment();
  void NoteFailure(const Error& error);

  std::mutex& lock_;
  SegmentPool& pool_;
  const Aead* const aead_;
  const Config config_;
  StoreMetrics& metrics_;

  // Under the store's lock:
  Group open_;
  std::deque<Group> closing_;  ///< the last ones of the segments before epoch_, in order, that are not taken yet
  std::size_t closing_bytes_ = 0;
  std::uint32_t epoch_ = 0;
  std::uint64_t room_ = 0;  ///< bytes left in the segment behind the groups taken so far
  bool rotate_ = false;
  bool closed_ = false;
  std::size_t wanted_ = 1;  ///< batches that the thread waits for
  bool waiting_ = false;    ///< the thread waits
  std::condition_variable wake_;
  std::condition_variable segment_closed_;
  std::map<std::uint32_t, UsageCounts> usage_;  ///< by segment
  std::shared_ptr<SampleFeed> feed_;

  std::atomic<bool> read_only_ = false;
  std::atomic<bool> disk_full_ = false;
  std::atomic<std::uint32_t> closed_segment_ = 0;

  // The thread's:
  std::optional<SegmentWriter> writer_;  ///< none while there is no segment to write to
  std::thread thread_;                   // last: it uses all of the above
};

}  // namespace helios::tsdb
