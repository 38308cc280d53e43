// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "tsdb/internal/name_print.h"

namespace helios::tsdb {

/// Which slot of the head a name belongs to, by the name's print. Several names may lead to one slot.
///
/// Open addressing: lines of 64 bytes hold three entries each; an entry that finds its line full goes to the next one,
/// and each line counts the entries that went past it. So nearly every look-up, of a known name or not, reads one line;
/// erasing leaves no tombstones.
///
/// The upper bits of print.a choose one of 256 parts, each a table of its own that grows by half when it is 80 % full.
/// A growth therefore holds its caller up for one part only: 0.3 ms at a million entries. Memory: 27 to 40 bytes an
/// entry, and 8 KiB.
///
/// Not thread-safe: the store's lock covers it.
class NameTable {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t kParts = 256;

  NameTable() : parts_(kParts) {}

  /// Starts to bring the print's line into the cache. With Find() some 10 prints later, the wait for memory overlaps.
  void Prefetch(const NamePrint& print) const {
    const Part& part = PartOf(print);
    __builtin_prefetch(part.lines.data() + part.Home(print));
  }

  /// The slot, or kNone.
  [[nodiscard]] std::uint32_t Find(const NamePrint& print) const {
    const Part& part = PartOf(print);
    if (part.lines.empty()) return kNone;
    for (std::size_t at = part.Home(print);; at = part.Next(at)) {
      const Line& line = part.lines[at];
      for (std::size_t i = 0; i < kEntries; ++i) {
        if (line.prints[i] == print && line.slots[i] != kNone) return line.slots[i];
      }
      if (line.passed == 0) return kNone;
    }
  }

  /// Requires a print that is not present, and slot != kNone.
  void Insert(const NamePrint& print, std::uint32_t slot);

  /// Forgets every name whose slot `gone(slot)` says is going. Walks the whole table, 6 ms for a million names:
  /// a caller that holds a lock which appends wait for erases part by part instead, and lets go of the lock between
  /// them. A slot must not be given to another series before all parts are through.
  template <class Predicate>
  std::size_t EraseSlots(const Predicate& gone) {
    std::size_t erased = 0;
    for (std::size_t part = 0; part < kParts; ++part) erased += EraseSlots(part, gone);
    return erased;
  }

  /// The same for the names in one part, 0 to kParts - 1.
  template <class Predicate>
  std::size_t EraseSlots(std::size_t part_index, const Predicate& gone) {
    Part& part = parts_[part_index];
    std::size_t erased = 0;
    for (std::size_t at = 0; at < part.lines.size(); ++at) {
      for (std::size_t i = 0; i < kEntries; ++i) {
        if (part.lines[at].slots[i] == kNone || !gone(part.lines[at].slots[i])) continue;
        part.Remove(at, i);
        ++erased;
      }
    }
    size_ -= erased;
    if (erased > 0) part.ShrinkIfSparse();
    return erased;
  }

  [[nodiscard]] std::size_t size() const { return size_; }

  /// The memory it holds. Cost: one pass over the parts.
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::size_t kEntries = 3;

  struct alignas(64) Line {
    std::array<NamePrint, kEntries> prints{};
    std::array<std::uint32_t, kEntries> slots{kNone, kNone, kNone};
    std::uint32_t passed = 0;  ///< entries that belong here or before, and lie behind
  };
  static_assert(sizeof(Line) == 64);

  struct Part {
    std::vector<Line> lines;
    std::size_t size = 0;

    /// 32 bits of b, which no part is chosen by, scaled to the number of lines.
    [[nodiscard]] std::size_t Home(const NamePrint& print) const {
      return static_cast<std::size_t>((print.b & 0xffffffffU) * lines.size() >> 32U);
    }
    [[nodiscard]] std::size_t Next(std::size_t at) const { return at + 1 == lines.size() ? 0 : at + 1; }
    /// Requires a free entry.
    void Place(const NamePrint& print, std::uint32_t slot);
    void Remove(std::size_t line, std::size_t entry);
    void ShrinkIfSparse();
    void Resize(std::size_t line_count);
  };

  [[nodiscard]] const Part& PartOf(const NamePrint& print) const { return parts_[print.a >> 56U]; }

  std::vector<Part> parts_;
  std::size_t size_ = 0;
};

}  // namespace helios::tsdb
