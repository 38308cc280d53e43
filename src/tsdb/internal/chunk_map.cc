// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/chunk_map.h"

#include <algorithm>

namespace helios::tsdb {

void ChunkMap::Add(std::uint32_t tenant, ChunkKind kind, std::int32_t day, std::uint32_t flush) {
  const std::unique_lock lock(mutex_);
  Day& entry = days_[{tenant, kind, day}];
  entry.day = day;
  if (flush == ChunkKey::kCompacted) {
    entry.compacted = true;
  } else if (const auto at = std::ranges::lower_bound(entry.flushes, flush);
             at == entry.flushes.end() || *at != flush) {
    entry.flushes.insert(at, flush);
  }
}

void ChunkMap::Replace(std::uint32_t tenant, ChunkKind kind, std::int32_t day, std::uint32_t last, bool kept) {
  const std::unique_lock lock(mutex_);
  const auto at = days_.find({tenant, kind, day});
  if (at == days_.end()) return;
  std::erase_if(at->second.flushes, [&](std::uint32_t flush) { return flush <= last; });
  at->second.compacted = kept;
  if (!kept && at->second.flushes.empty()) days_.erase(at);
}

void ChunkMap::Remove(std::uint32_t tenant, ChunkKind kind, std::int32_t day) {
  const std::unique_lock lock(mutex_);
  days_.erase({tenant, kind, day});
}

void ChunkMap::SetAside(std::uint32_t tenant, ChunkKind kind, std::int32_t day) {
  const std::unique_lock lock(mutex_);
  if (const auto at = days_.find({tenant, kind, day}); at != days_.end()) at->second.set_aside = true;
}

void ChunkMap::SetAllAside() {
  const std::unique_lock lock(mutex_);
  for (auto& [place, day] : days_) day.set_aside = true;
}

void ChunkMap::Rescue(std::uint32_t tenant, ChunkKind kind, std::int32_t day, std::uint64_t write) {
  const std::unique_lock lock(mutex_);
  const auto at = days_.find({tenant, kind, day});
  if (at == days_.end()) return;
  at->second.set_aside = false;
  at->second.rescued_at = write;
}

bool ChunkMap::IsAside(std::uint32_t tenant, ChunkKind kind, std::int32_t day, std::uint64_t write) const {
  const std::shared_lock lock(mutex_);
  const auto at = days_.find({tenant, kind, day});
  return at != days_.end() && (at->second.set_aside || write < at->second.rescued_at);
}

bool ChunkMap::HasAside() const {
  const std::shared_lock lock(mutex_);
  return std::ranges::any_of(days_, [](const auto& entry) { return entry.second.set_aside; });
}

std::vector<ChunkMap::Day> ChunkMap::Days(std::uint32_t tenant, ChunkKind kind, std::int32_t first,
                                          std::int32_t last) const {
  std::vector<Day> found;
  const std::shared_lock lock(mutex_);
  for (auto at = days_.lower_bound({tenant, kind, first}); at != days_.end(); ++at) {
    const Place& place = at->first;
    if (place.tenant != tenant || place.kind != kind || place.day > last) break;
    found.push_back(at->second);
  }
  return found;
}

}  // namespace helios::tsdb
