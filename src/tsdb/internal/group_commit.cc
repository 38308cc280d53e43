// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/group_commit.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "obs/log.h"
#include "tsdb/internal/aead.h"
#include "tsdb/internal/journal_record.h"
#include "tsdb/internal/segment_format.h"

namespace helios::tsdb {
namespace {

using std::chrono::steady_clock;

// What sealing adds to a payload.
constexpr std::size_t kSealBytes = Aes256GcmAead::kNonceBytes + Aes256GcmAead::kTagBytes;
// The closing group of a segment, and its header.
constexpr std::size_t kSegmentOverhead = 2 * kSegmentBlockBytes;
constexpr std::chrono::milliseconds kDiskFullPoll{500};
// Groups of so many batches are large enough: more would only make the first one wait.
constexpr std::size_t kMostCompany = 64;
// A record of usage: kind, length, tenant, kind, hour and count.
constexpr std::size_t kMostUsageBytes = 40;

/// Whether so many bytes of records, and the segment's end behind them, fit in `room`.
bool Fits(std::size_t payload_bytes, std::uint64_t room) {
  return GroupBytes(payload_bytes + kSealBytes) + kSegmentOverhead <= room;
}

Error ReadOnlyError() {
  return Error{ErrorCode::kUnavailable, "tsdb.read_only",
               "cannot store samples: writing failed earlier, so the store is read-only; restart helios once the disk "
               "is healthy"};
}

Error DiskFullError() {
  return Error{ErrorCode::kUnavailable, "tsdb.disk_full",
               "cannot store samples: no space is left on the disk; free some or retry later"};
}

}  // namespace

GroupCommit::GroupCommit(std::mutex& lock, SegmentPool& pool, const Aead* aead, const Config& config,
                         StoreMetrics& metrics)
    : lock_(lock), pool_(pool), aead_(aead), config_(config), metrics_(metrics) {
  epoch_ = static_cast<std::uint32_t>(config_.first_segment);
  closed_segment_ = config_.closed_segment;
  room_ = config_.segment_bytes;
  static_cast<void>(TakeSegment());  // else the thread goes on trying
  thread_ = std::thread([this] { Run(); });
}

GroupCommit::~GroupCommit() {
  {
    const std::unique_lock lock(lock_);
    closed_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

std::optional<Error> GroupCommit::MakeRoom(std::size_t bytes) {
  if (closed_) {
    return Error{ErrorCode::kUnavailable, "tsdb.closed", "cannot store a batch: the store is stopping"};
  }
  if (read_only_) return ReadOnlyError();
  if (disk_full_) return DiskFullError();
  const std::size_t open = open_.payload.size() + open_.usage.size() * kMostUsageBytes;
  const std::size_t waiting = open + closing_bytes_;
  const bool next_segment = !Fits(open + bytes, room_);
  if (waiting + bytes > config_.max_group_bytes || !Fits(bytes, config_.segment_bytes)) {
    return Error{ErrorCode::kUnavailable, "tsdb.overloaded",
                 fmt::format("cannot store a batch: too much waits for the disk; got up to {} bytes more than the {} "
                             "that wait; want at most {}; retry later",
                             bytes, waiting, std::min<std::uint64_t>(config_.max_group_bytes, config_.segment_bytes))};
  }
  if (next_segment) {
    // The group is its segment's last; the batch is the first of the next one, be that made already or not.
    closing_bytes_ += open_.payload.size();
    closing_.push_back(std::exchange(open_, Group{}));
    BeginEpoch();
    wake_.notify_one();
  }
  return std::nullopt;
}

void GroupCommit::BeginEpoch() {
  ++epoch_;
  room_ = config_.segment_bytes;
  rotate_ = false;
}

void GroupCommit::Join(AppendOutcome outcome, AppendCallback done) {
  open_.waiters.push_back({std::move(outcome), std::move(done)});
  // The first one starts the wait for company, the last one ends it.
  if (waiting_ && (open_.waiters.size() == 1 || open_.waiters.size() >= wanted_)) wake_.notify_one();
}

void GroupCommit::Wake() {
  if (waiting_) wake_.notify_one();
}

std::uint32_t GroupCommit::RequestRotation() {
  rotate_ = true;
  Wake();
  return epoch_;
}

bool GroupCommit::WaitForClosed(std::uint32_t number, std::chrono::milliseconds patience) {
  std::unique_lock lock(lock_);
  segment_closed_.wait_for(lock, patience, [&] { return closed_segment_ >= number || read_only_; });
  return closed_segment_ >= number;
}

std::map<std::uint32_t, UsageCounts> GroupCommit::TakeUsage(std::uint32_t last) {
  const std::unique_lock lock(lock_);
  std::map<std::uint32_t, UsageCounts> taken;
  while (!usage_.empty() && usage_.begin()->first <= last) taken.insert(usage_.extract(usage_.begin()));
  return taken;
}

std::map<std::uint32_t, UsageCounts> GroupCommit::Usage() const {
  const std::unique_lock lock(lock_);
  std::map<std::uint32_t, UsageCounts> counted = usage_;
  const auto add = [&counted](std::uint32_t segment, const Group& group) {
    for (const auto& [key, count] : group.usage) counted[segment][key] += count;
  };
  for (std::size_t i = 0; i < closing_.size(); ++i) {
    add(static_cast<std::uint32_t>(epoch_ - closing_.size() + i), closing_[i]);
  }
  add(epoch_, open_);
  return counted;
}

void GroupCommit::NoteSegmentReady() {
  const std::unique_lock lock(lock_);
  wake_.notify_one();
}

bool GroupCommit::MayRotate() const {
  // While the next segment is being made there is time to wait for it, up to a point.
  return rotate_ && !read_only_ && (pool_.HasPrepared() || room_ <= config_.rotate_below_bytes / 2);
}

GroupCommit::Taken GroupCommit::Take() {
  Taken taken;
  taken.last = !closing_.empty();
  taken.epoch = epoch_ - static_cast<std::uint32_t>(closing_.size());
  if (taken.last) {
    taken.group = std::move(closing_.front());
    closing_.pop_front();
    closing_bytes_ -= taken.group.payload.size();
  } else {
    taken.group = std::exchange(open_, Group{});
  }
  taken.group.feed = feed_;
  for (const auto& [key, count] : taken.group.usage) {
    AppendRecord(taken.group.payload,
                 UsageRecord{.tenant = key.tenant, .kind = key.kind, .hour = key.hour, .count = count});
    usage_[taken.epoch][key] += count;
  }
  if (taken.last) return taken;
  room_ -= std::min<std::uint64_t>(room_, GroupBytes(taken.group.payload.size() + kSealBytes));
  if (room_ < config_.rotate_below_bytes) rotate_ = true;
  if (MayRotate()) {
    taken.last = true;
    BeginEpoch();
  }
  return taken;
}

void GroupCommit::Run() {
  if (!writer_) WaitForSegment();
  std::unique_lock lock(lock_);
  const auto anything_waits = [this] {
    return !closing_.empty() || !open_.waiters.empty() || !open_.payload.empty() || !open_.usage.empty();
  };
  for (;;) {
    waiting_ = true;
    wake_.wait(lock, [&] { return closed_ || MayRotate() || anything_waits(); });
    if (open_.waiters.size() < wanted_) {
      wake_.wait_for(lock, config_.company_wait,
                     [this] { return closed_ || !closing_.empty() || MayRotate() || open_.waiters.size() >= wanted_; });
    }
    waiting_ = false;
    if (closed_ && !anything_waits()) break;
    Taken taken = Take();
    wanted_ = std::clamp<std::size_t>(taken.group.waiters.size(), 1, kMostCompany);
    lock.unlock();

    Commit(taken.group, taken.epoch);
    if (taken.last) Rotate(taken.epoch);
    lock.lock();
  }
  lock.unlock();
  if (!read_only_ && writer_) static_cast<void>(writer_->Close());
}

void GroupCommit::Commit(Group& group, std::uint32_t epoch) {
  const auto start = steady_clock::now();
  std::optional<Error> failure;
  if (read_only_) {
    failure = ReadOnlyError();
  } else if (!writer_) {
    failure = DiskFullError();
  } else if (!group.payload.empty()) {
    if (writer_->number() % (1ULL << 32U) != epoch) std::abort();  // a group must be where its references begin
    if (auto written = writer_->WriteGroup(group.payload); !written) {
      NoteFailure(written.error());
      failure = ReadOnlyError();
    }
  }
  if (!failure && group.feed) group.feed->Offer(std::move(group.fed));
  for (Waiter& waiter : group.waiters) {
    if (failure) {
      waiter.done(std::unexpected(*failure));
    } else {
      metrics_.Count(waiter.outcome);
      waiter.done(std::move(waiter.outcome));
    }
  }
  metrics_.CountCommit(group.waiters.size(), steady_clock::now() - start);
}

void GroupCommit::Rotate(std::uint32_t closing) {
  if (!writer_) return;  // the store is stopping without a segment: whatever waits hears so
  if (!read_only_) {
    if (auto closed = writer_->Close(); !closed) NoteFailure(closed.error());
  }
  writer_.reset();
  if (read_only_) return;
  {
    const std::unique_lock lock(lock_);
    closed_segment_ = closing;
    segment_closed_.notify_all();
  }
  WaitForSegment();
}

void GroupCommit::WaitForSegment() {
  while (!TakeSegment()) {
    // What was applied meanwhile stays in its group, for a sender that comes again would hear of duplicates; it is
    // written as soon as there is room, but nobody is told so.
    std::unique_lock lock(lock_);
    std::vector<Waiter> waiters = std::exchange(open_.waiters, {});
    for (Group& group : closing_) std::ranges::move(std::exchange(group.waiters, {}), std::back_inserter(waiters));
    lock.unlock();
    for (const Waiter& waiter : waiters) waiter.done(std::unexpected(DiskFullError()));
    lock.lock();
    if (closed_) return;
    wake_.wait_for(lock, kDiskFullPoll);
  }
}

bool GroupCommit::TakeSegment() {
  auto next = pool_.Next();
  if (!next) {
    if (!disk_full_.exchange(true)) obs::LogFailure("tsdb.disk_full", next.error());
    return false;
  }
  writer_.emplace(*std::move(next), aead_);
  if (disk_full_.exchange(false)) obs::LogInfo("tsdb.disk_recovered", {{"segment", writer_->number()}});
  return true;
}

void GroupCommit::NoteFailure(const Error& error) {
  // What a failed fsync left in the page cache is unknown, and a second one that succeeds proves nothing.
  read_only_ = true;
  obs::LogError("tsdb.read_only", {{"cause", error.message}});
  const std::unique_lock lock(lock_);
  segment_closed_.notify_all();
}

}  // namespace helios::tsdb
