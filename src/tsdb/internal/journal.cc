// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/journal.h"

#include <rocksdb/env.h>

#include <chrono>

#include "obs/log.h"

namespace helios::tsdb {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kDiskFullPoll{500};

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

Journal::Journal(const Parts& parts)
    : parts_(parts),
      queue_(parts.config.max_pending_bytes),
      first_free_id_(parts.db.first_free_series_id()),
      thread_([this] { Run(); }) {}

Journal::~Journal() {
  queue_.Close();
  thread_.join();
}

void Journal::Run() {
  auto next_sweep = steady_clock::now() + parts_.config.sweep_interval;
  while (!queue_.Drained()) {
    auto patience = std::chrono::ceil<std::chrono::milliseconds>(next_sweep - steady_clock::now());
    if (disk_full_) patience = std::min(patience, kDiskFullPoll);
    auto group = queue_.PopGroup(std::max(patience, std::chrono::milliseconds{0}));
    std::erase_if(group, [](const PendingAppend& append) {
      if (append.refusal) append.done(std::unexpected(*append.refusal));
      return append.refusal.has_value();
    });
    if (!group.empty()) Commit(group);
    if (disk_full_) static_cast<void>(CheckWritable());
    if (steady_clock::now() >= next_sweep) {
      SweepSeries();
      next_sweep = steady_clock::now() + parts_.config.sweep_interval;
    }
  }
}

void Journal::Commit(std::vector<PendingAppend>& group) {
  const auto start = steady_clock::now();
  std::vector<Result<AppendOutcome>> outcomes(group.size());
  const auto fail_all = [&outcomes](const Error& error) {
    for (auto& outcome : outcomes) outcome = std::unexpected(error);
  };

  if (const auto error = CheckWritable()) {
    fail_all(*error);
  } else {
    // A batch whose look-up fails drops out, and the rest is staged anew without it.
    for (;;) {
      CommitGroup staged(parts_.db, parts_.index, parts_.retention, first_free_id_, parts_.clock.Now());
      if (!StageAll(staged, group, outcomes)) continue;
      rocksdb::WriteBatch& batch = staged.Seal();
      if (batch.Count() == 0) break;
      if (const auto status = parts_.db.WriteSynced(batch); !status.ok()) {
        fail_all(NoteFailedWrite(status));
        break;
      }
      staged.Publish();
      first_free_id_ = staged.first_free_id();
      break;
    }
  }

  parts_.metrics.SetSeries(parts_.index.size());
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    bytes += group[i].bytes;
    if (outcomes[i]) parts_.metrics.Count(*outcomes[i]);
    group[i].done(std::move(outcomes[i]));
  }
  parts_.metrics.CountCommit(group.size(), steady_clock::now() - start);
  queue_.Release(bytes);
}

bool Journal::StageAll(CommitGroup& staged, const std::vector<PendingAppend>& group,
                       std::vector<Result<AppendOutcome>>& outcomes) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!outcomes[i]) continue;
    outcomes[i] = staged.Stage(group[i].tenant, group[i].policy, group[i].batch);
    if (!outcomes[i]) {
      obs::LogFailure("tsdb.lookup_failed", outcomes[i].error());
      return false;
    }
  }
  return true;
}

std::optional<Error> Journal::CheckWritable() {
  if (read_only_) return ReadOnlyError();
  std::uint64_t free_bytes = 0;
  const auto known = parts_.env.GetFreeSpace(parts_.config.directory.string(), &free_bytes);
  if (known.ok() && free_bytes < parts_.config.min_free_bytes) {
    NoteDiskFull(free_bytes);
    return DiskFullError();
  }
  if (needs_resume_) {
    const auto status = parts_.db.db().Resume();
    if (status.IsNoSpace() || status.IsBusy()) return DiskFullError();
    if (!status.ok()) return NoteFailedWrite(status);
    needs_resume_ = false;
  }
  if (disk_full_.exchange(false)) obs::LogInfo("tsdb.disk_recovered", {{"free_bytes", free_bytes}});
  return std::nullopt;
}

void Journal::NoteDiskFull(std::uint64_t free_bytes) {
  if (disk_full_.exchange(true)) return;
  obs::LogWarning("tsdb.disk_full", {{"directory", parts_.config.directory.string()},
                                     {"free_bytes", free_bytes},
                                     {"min_free_bytes", parts_.config.min_free_bytes}});
}

Error Journal::NoteFailedWrite(const rocksdb::Status& status) {
  if (status.IsNoSpace()) {
    needs_resume_ = true;
    NoteDiskFull(0);
    return DiskFullError();
  }
  // What a failed fsync left in the page cache is unknown, and a second fsync that succeeds proves nothing.
  read_only_ = true;
  obs::LogError("tsdb.read_only", {{"cause", status.ToString()}});
  return ReadOnlyError();
}

void Journal::SweepSeries() {
  if (read_only_ || disk_full_) return;
  const TimestampMs now = parts_.clock.Now();
  std::vector<std::pair<TenantId, std::vector<SeriesPtr>>> gone;
  rocksdb::WriteBatch batch;
  for (const auto& [tenant, series] : parts_.index.tenants()) {
    const std::int64_t cutoff = parts_.retention.CutoffMs(tenant, now);
    std::vector<SeriesPtr> expired;
    for (const auto& [id, one] : series.by_id()) {
      if (one->newest_ms.load(std::memory_order_relaxed) >= cutoff) continue;
      parts_.db.DeleteSeries(batch, tenant, one->id);
      expired.push_back(one);
    }
    if (!expired.empty()) gone.emplace_back(tenant, std::move(expired));
  }
  if (gone.empty()) return;
  if (const auto status = parts_.db.WriteSynced(batch); !status.ok()) {
    static_cast<void>(NoteFailedWrite(status));
    return;
  }
  for (const auto& [tenant, series] : gone) parts_.index.Erase(tenant, series);
  parts_.metrics.SetSeries(parts_.index.size());
}

}  // namespace helios::tsdb
