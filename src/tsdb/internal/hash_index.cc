// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/hash_index.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "tsdb/internal/slot_set.h"

namespace helios::tsdb {
namespace {

constexpr std::size_t kFewestEntries = 8;
constexpr std::size_t kFullPercent = 80;
constexpr std::size_t kSparsePercent = 30;
constexpr std::size_t kShrunkPercent = 60;

}  // namespace

void HashIndex::Part::Place(const Entry& entry) {
  std::size_t at = Home(entry.hash);
  while (entries[at].number != kNone) at = Next(at);
  entries[at] = entry;
}

void HashIndex::Resize(Part& part, std::size_t entries) {
  const std::vector<Entry> old = std::exchange(part.entries, std::vector<Entry>(entries));
  bytes_ += HeapBytes(part.entries.capacity() * sizeof(Entry));
  bytes_ -= HeapBytes(old.capacity() * sizeof(Entry));
  for (const Entry& entry : old) {
    if (entry.number != kNone) part.Place(entry);
  }
}

void HashIndex::Insert(std::uint32_t hash, std::uint32_t number) {
  assert(number != kNone);
  Part& part = parts_[hash >> kPartShift];
  if ((part.size + 1) * 100 > part.entries.size() * kFullPercent) {
    Resize(part, std::max(kFewestEntries, part.entries.size() * 3 / 2));
  }
  part.Place({hash, number});
  ++part.size;
}

void HashIndex::Erase(std::uint32_t hash, std::uint32_t number) {
  Part& part = parts_[hash >> kPartShift];
  std::size_t hole = part.Home(hash);
  while (part.entries[hole].hash != hash || part.entries[hole].number != number) hole = part.Next(hole);
  // Whatever follows and would have liked to lie at the hole or before it moves up, so that no search ends too early.
  const std::size_t count = part.entries.size();
  for (std::size_t at = part.Next(hole); part.entries[at].number != kNone; at = part.Next(at)) {
    const std::size_t home = part.Home(part.entries[at].hash);
    const std::size_t from_home = at >= home ? at - home : at + count - home;
    const std::size_t from_hole = at >= hole ? at - hole : at + count - hole;
    if (from_home < from_hole) continue;
    part.entries[hole] = part.entries[at];
    hole = at;
  }
  part.entries[hole] = {};
  --part.size;
  if (count > kFewestEntries && part.size * 100 < count * kSparsePercent) {
    Resize(part, part.size == 0 ? 0 : std::max(kFewestEntries, part.size * 100 / kShrunkPercent + 1));
  }
}

}  // namespace helios::tsdb
