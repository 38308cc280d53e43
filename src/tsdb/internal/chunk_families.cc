// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/chunk_families.h"

#include <fmt/format.h>

#include <charconv>

#include "obs/log.h"

namespace helios::tsdb {
namespace {

constexpr std::string_view kName = "chunks";

// A disk may stumble; one that does so this often, a second apart, has lost the sector.
constexpr std::uint32_t kMostUnread = 10;

}  // namespace

void DbWatch::OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) {
  if (reason == rocksdb::BackgroundErrorReason::kCompaction) {
    *error = rocksdb::Status::OK();
  } else if (!stopped_.exchange(true)) {
    obs::LogError("tsdb.database_stopped", {{"cause", error->ToString()}});
  }
}

void DbWatch::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status error, bool* by_itself) {
  error.PermitUncheckedError();
  *by_itself = false;
}

void DbWatch::OnCompactionCompleted(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& job) {
  const auto number = ChunkFamilies::NumberOf(job.cf_name);
  const bool live = number == live_;
  if (live && job.status.ok()) unread_ = 0;
  bool damaged = IsLost(job.status);
  if (live && job.status.IsIOError() && !job.status.IsNoSpace()) damaged = ++unread_ >= kMostUnread;
  if (!damaged) return;
  if (number ? !live || damage_found_.exchange(true) : catalogue_logged_.exchange(true)) return;
  obs::LogError("tsdb.damaged_file", {{"family", job.cf_name}, {"cause", job.status.ToString()}});
}

std::string ChunkFamilies::NameOf(std::uint32_t number) {
  return number == 0 ? std::string(kName) : fmt::format("{}-{}", kName, number);
}

std::optional<std::uint32_t> ChunkFamilies::NumberOf(std::string_view name) {
  if (name == kName) return 0;
  if (!name.starts_with(kName) || name.size() < kName.size() + 2 || name[kName.size()] != '-') return std::nullopt;
  name.remove_prefix(kName.size() + 1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

bool ChunkFamilies::Choose(std::uint32_t live) {
  Members members;
  for (auto* const handle : handles_) {
    const std::uint32_t number = NumberOf(handle->GetName()).value_or(0);
    if (number > live) {
      db_.DropColumnFamily(handle).PermitUncheckedError();  // it is empty, and the next start tries again
      dropped_.push_back(handle);
    } else {
      members.push_back({handle, number, FindUnreadable(db_, handle, directory_)});
    }
  }
  GiveBack();
  std::ranges::sort(members, std::greater{}, &Member::number);
  const bool found = !members.empty() && members.front().number == live;
  Publish(std::move(members));
  return found;
}

ChunkFamilies::~ChunkFamilies() {
  for (auto* const handle : handles_) db_.DestroyColumnFamilyHandle(handle).PermitUncheckedError();
}

void ChunkFamilies::Publish(Members members) {
  ever_.push_back(std::make_unique<const Members>(std::move(members)));
  members_ = ever_.back().get();
}

rocksdb::Status ChunkFamilies::Make(rocksdb::ColumnFamilyHandle*& made) {
  rocksdb::ColumnFamilyOptions options(db_.GetOptions(live().handle));
  options.disable_auto_compactions = false;
  return db_.CreateColumnFamily(options, NameOf(live().number + 1), &made);
}

void ChunkFamilies::Unmake(rocksdb::ColumnFamilyHandle* made) {
  db_.DropColumnFamily(made).PermitUncheckedError();
  db_.DestroyColumnFamilyHandle(made).PermitUncheckedError();
}

void ChunkFamilies::Begin(rocksdb::ColumnFamilyHandle* made) {
  auto* const old = live().handle;
  // A compaction would meet the damage again and again.
  db_.SetOptions(old, {{"disable_auto_compactions", "true"}}).PermitUncheckedError();
  handles_.push_back(made);
  Members next = {{made, live().number + 1, {}}};
  for (const Member& member : members()) next.push_back(member);
  next[1].unreadable = FindUnreadable(db_, old, directory_);
  Publish(std::move(next));
}

rocksdb::Status ChunkFamilies::DropSetAside() {
  for (const Member& member : members()) {
    if (member.number == live().number || std::ranges::find(dropped_, member.handle) != dropped_.end()) continue;
    if (auto status = db_.DropColumnFamily(member.handle); !status.ok()) return status;
    dropped_.push_back(member.handle);
  }
  Publish({live()});
  dropped_at_ = db_.GetLatestSequenceNumber();
  return rocksdb::Status::OK();
}

void ChunkFamilies::GiveBack() {
  if (dropped_.empty() || HasReadersBefore(dropped_at_ + 1)) return;
  for (auto* const handle : dropped_) {
    std::erase(handles_, handle);
    db_.DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  dropped_.clear();
}

bool ChunkFamilies::HasReadersBefore(rocksdb::SequenceNumber write) const {
  std::uint64_t snapshots = 0;
  std::uint64_t oldest = 0;
  if (!db_.GetIntProperty(rocksdb::DB::Properties::kNumSnapshots, &snapshots)) return true;
  if (snapshots == 0) return false;
  return !db_.GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &oldest) || oldest < write;
}

}  // namespace helios::tsdb
