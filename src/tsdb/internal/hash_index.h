// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace helios::tsdb {

/// From hashes of 32 bits to numbers, with the things themselves kept elsewhere: 10 to 15 bytes an entry.
///
/// Linear probing in 16 parts, each of which grows by half when 80 % full, 0.5 ms at a million entries.
/// Requires hashes whose bits are all well mixed. Not thread-safe.
class HashIndex {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  HashIndex() : parts_(kParts) {}

  /// The number under this hash for which `is_it(number)`, or kNone.
  template <class Predicate>
  [[nodiscard]] std::uint32_t Find(std::uint32_t hash, const Predicate& is_it) const {
    const Part& part = parts_[hash >> kPartShift];
    if (part.size == 0) return kNone;
    for (std::size_t at = part.Home(hash); part.entries[at].number != kNone; at = part.Next(at)) {
      if (part.entries[at].hash == hash && is_it(part.entries[at].number)) return part.entries[at].number;
    }
    return kNone;
  }

  /// Requires a pair that is not present, and number != kNone.
  void Insert(std::uint32_t hash, std::uint32_t number);
  /// Requires a pair that is present.
  void Erase(std::uint32_t hash, std::uint32_t number);

  /// Heap that it holds. Constant cost.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kParts = 16;
  static constexpr unsigned kPartShift = 28;

  struct Entry {
    std::uint32_t hash = 0;
    std::uint32_t number = kNone;
  };
  struct Part {
    std::vector<Entry> entries;
    std::size_t size = 0;

    /// The hash's bits that did not choose the part, scaled to the number of entries.
    [[nodiscard]] std::size_t Home(std::uint32_t hash) const {
      return static_cast<std::size_t>(std::uint64_t{hash << 4U} * entries.size() >> 32U);
    }
    [[nodiscard]] std::size_t Next(std::size_t at) const { return at + 1 == entries.size() ? 0 : at + 1; }
    void Place(const Entry& entry);
  };

  void Resize(Part& part, std::size_t entries);

  std::vector<Part> parts_;
  std::size_t bytes_ = kParts * sizeof(Part);
};

}  // namespace helios::tsdb
