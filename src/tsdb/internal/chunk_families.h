// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <rocksdb/db.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tsdb/internal/table_check.h"

namespace helios::tsdb {

/// What RocksDB's threads meet. Thread-safe.
///
/// A compaction that fails is tried again by RocksDB, and is nobody's concern but where a table is damaged. After any
/// other failure, such as one to write its manifest, RocksDB 7.8 must be opened again: it never takes a file any more,
/// whatever it says of having recovered, and where it is given one all the same it ends the process.
class DbWatch final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error, bool* by_itself) override;
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo& job) override;

  /// Says that a table of the family that takes chunks is damaged.
  void NoteDamage() { damage_found_ = true; }
  [[nodiscard]] bool damage_found() const { return damage_found_; }
  /// Of the family that takes chunks now, nothing is known.
  void Reset(std::uint32_t live) {
    live_ = live;
    unread_ = 0;
    damage_found_ = false;
  }

  /// Nothing can be written until the database is opened again.
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  std::atomic<std::uint32_t> live_ = 0;    ///< number of the family that takes chunks
  std::atomic<std::uint32_t> unread_ = 0;  ///< compactions of it in a row to which the disk did not deliver a table
  std::atomic<bool> damage_found_ = false;
  std::atomic<bool> catalogue_logged_ = false;
  std::atomic<bool> stopped_ = false;
};

/// The families of one database that hold chunks: the one that takes new ones, and those that were set aside because
/// a table of theirs is damaged.
///
/// RocksDB reads tables when it compacts and when files come in, and neither ends well where one is damaged. So what
/// is written next goes to a new family, and what is in the old one stays as it is, to be read, until ChunkRescue has
/// copied all of it that can be read. What a newer family has of a key hides what an older one has.
///
/// members(), live() and HasReadersBefore() are for any thread; the rest for one at a time.
class ChunkFamilies {
 public:
  struct Member {
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    std::uint32_t number = 0;
    std::vector<KeyRange> unreadable;  ///< tables in which nothing can be found

    /// Whether the key may be in a table in which nothing can be found.
    [[nodiscard]] bool Hides(std::string_view key) const {
      return std::ranges::any_of(unreadable, [&](const KeyRange& range) { return range.Contains(key); });
    }
  };
  using Members = std::vector<Member>;

  /// "chunks" is the first one, 0; "chunks-N" follow.
  [[nodiscard]] static std::string NameOf(std::uint32_t number);
  [[nodiscard]] static std::optional<std::uint32_t> NumberOf(std::string_view name);

  /// `handles` are all families of chunks there are.
  ChunkFamilies(rocksdb::DB& db, std::filesystem::path directory, std::vector<rocksdb::ColumnFamilyHandle*> handles)
      : db_(db), directory_(std::move(directory)), handles_(std::move(handles)) {}
  /// Before the database is closed.
  ~ChunkFamilies();
  ChunkFamilies(const ChunkFamilies&) = delete;
  ChunkFamilies& operator=(const ChunkFamilies&) = delete;

  /// First of all: says which one takes what is written. Drops those that were made after it, by a process that ended
  /// before they were of use. False where there is no such family.
  [[nodiscard]] bool Choose(std::uint32_t live);

  /// The newest first, which takes what is written. Whoever walks them holds a snapshot of the database.
  [[nodiscard]] const Members& members() const { return *members_.load(); }
  [[nodiscard]] const Member& live() const { return members().front(); }

  /// Makes the next family, which is then none of the members. Errors: RocksDB's.
  [[nodiscard]] rocksdb::Status Make(rocksdb::ColumnFamilyHandle*& made);
  void Unmake(rocksdb::ColumnFamilyHandle* made);
  /// Makes it the live one.
  void Begin(rocksdb::ColumnFamilyHandle* made);
  /// Drops every family but the live one. Their space comes back with GiveBack(), or when the database is closed.
  [[nodiscard]] rocksdb::Status DropSetAside();
  void GiveBack();
  /// Whether somebody holds a snapshot from before the write of that number.
  [[nodiscard]] bool HasReadersBefore(rocksdb::SequenceNumber write) const;

 private:
  void Publish(Members members);

  rocksdb::DB& db_;
  const std::filesystem::path directory_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;  ///< to be given back in the end
  std::vector<rocksdb::ColumnFamilyHandle*> dropped_;  ///< of `handles_`
  rocksdb::SequenceNumber dropped_at_ = 0;
  std::vector<std::unique_ptr<const Members>> ever_;  ///< all that were published: someone may still walk them
  std::atomic<const Members*> members_ = nullptr;
};

}  // namespace helios::tsdb
