// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "tsdb/internal/chunk_key.h"

namespace helios::tsdb {

/// What one database of chunks holds of each tenant and day, so that a read asks only for what may be there.
/// Thread-safe. It may name a flush whose chunks a compaction has just replaced: those are then not found, and
/// the compacted chunk is.
class ChunkMap {
 public:
  struct Day {
    std::int32_t day = 0;
    bool compacted = false;              ///< has chunks that compaction wrote
    std::vector<std::uint32_t> flushes;  ///< rising
    bool set_aside = false;              ///< has chunks in a family that was set aside, on account of damage
    std::uint64_t rescued_at = 0;        ///< the write with which it no longer had
  };

  void Add(std::uint32_t tenant, ChunkKind kind, std::int32_t day, std::uint32_t flush);
  /// After the compaction of a day: the flushes up to `last` are gone; `kept` where it left a compacted chunk.
  void Replace(std::uint32_t tenant, ChunkKind kind, std::int32_t day, std::uint32_t last, bool kept);
  void Remove(std::uint32_t tenant, ChunkKind kind, std::int32_t day);

  /// Marks a day that is there, and every day.
  void SetAside(std::uint32_t tenant, ChunkKind kind, std::int32_t day);
  void SetAllAside();
  /// Takes the mark away, for those who see the write of that number.
  void Rescue(std::uint32_t tenant, ChunkKind kind, std::int32_t day, std::uint64_t write);
  /// Whether who sees writes up to that number finds chunks of the day in a family that was set aside.
  [[nodiscard]] bool IsAside(std::uint32_t tenant, ChunkKind kind, std::int32_t day, std::uint64_t write) const;
  [[nodiscard]] bool HasAside() const;

  /// The days from first to last, rising.
  [[nodiscard]] std::vector<Day> Days(std::uint32_t tenant, ChunkKind kind, std::int32_t first,
                                      std::int32_t last) const;

 private:
  struct Place {
    std::uint32_t tenant;
    ChunkKind kind;
    std::int32_t day;
    auto operator<=>(const Place&) const = default;
  };

  mutable std::shared_mutex mutex_;
  std::map<Place, Day> days_;
};

}  // namespace helios::tsdb
