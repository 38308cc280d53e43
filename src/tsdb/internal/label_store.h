// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tsdb/internal/hash_index.h"
#include "tsdb/internal/name_print.h"
#include "tsdb/internal/slot_set.h"
#include "tsdb/series.h"

namespace helios::tsdb {

/// The series and labels of a LabelIndex, each text once.
///
/// A pair is one label name with one value; it knows its series. A series is a list of pairs, the metric first, as the
/// pair of "__name__". Names, pairs and series have numbers; a number is given again after its owner has gone. A pair
/// goes with its last series, and a name with its last pair. Not thread-safe.
class LabelStore {
 public:
  static constexpr std::uint32_t kNone = HashIndex::kNone;
  static constexpr std::string_view kMetricLabel = "__name__";

  /// `printer` gives the hashes: secret keys, so that no sender can choose labels that crowd a table.
  explicit LabelStore(const NamePrinter& printer) : printer_(printer) {}

  /// Requires a slot that is not present.
  void Insert(std::uint32_t slot, const SeriesKey& key);
  /// Sorted slots, each once; those that are not present are passed over.
  void Erase(std::span<const std::uint32_t> slots);

  [[nodiscard]] const SlotSet& slots() const { return slots_; }

  /// The numbers of the series' pairs, the metric's first; empty where there is no such series.
  [[nodiscard]] std::span<const std::uint32_t> PairsOf(std::uint32_t slot) const;

  /// kNone where no series has it.
  [[nodiscard]] std::uint32_t FindName(std::string_view name) const;
  [[nodiscard]] std::uint32_t FindPair(std::uint32_t name, std::string_view value) const;

  struct Pair {
    std::uint32_t name = 0;
    std::uint32_t value_size = 0;
    std::unique_ptr<char[]> value_bytes;
    SlotSet slots;

    [[nodiscard]] std::string_view value() const { return {value_bytes.get(), value_size}; }
  };
  [[nodiscard]] const Pair& pair(std::uint32_t number) const { return pairs_[number]; }
  /// All numbers of pairs are below.
  [[nodiscard]] std::size_t pair_numbers() const { return pairs_.size(); }

  struct Name {
    std::string text;
    std::vector<std::uint32_t> sorted;  ///< its pairs by value
    std::vector<std::uint32_t> recent;  ///< others, at most some thousand, in no order
    std::size_t series = 0;

    [[nodiscard]] std::size_t values() const { return sorted.size() + recent.size(); }
  };
  [[nodiscard]] const Name& name(std::uint32_t number) const { return names_[number]; }
  /// All numbers of names are below; a name without values is not in use.
  [[nodiscard]] std::size_t name_numbers() const { return names_.size(); }

  /// Heap that it holds. Constant cost.
  [[nodiscard]] std::size_t bytes() const;

 private:
  /// Lists of numbers, each preceded by its length, in pages of 4 KiB.
  class Records {
   public:
    std::uint32_t Add(std::span<const std::uint32_t> pairs);
    void Remove(std::uint32_t record);
    [[nodiscard]] std::span<const std::uint32_t> Get(std::uint32_t record) const;
    [[nodiscard]] std::size_t bytes() const;

   private:
    static constexpr std::uint32_t kPageWords = 1024;
    static constexpr std::size_t kMostPairs = kMaxLabels + 1;

    [[nodiscard]] std::uint32_t* At(std::uint32_t record) const {
      return pages_[record / kPageWords].get() + record % kPageWords;
    }

    std::vector<std::unique_ptr<std::uint32_t[]>> pages_;
    std::uint32_t used_ = kPageWords;                              ///< words of the last page
    std::array<std::uint32_t, kMostPairs + 1> free_ = NoneFree();  ///< by length; the first word leads to the next

    static constexpr std::array<std::uint32_t, kMostPairs + 1> NoneFree() {
      std::array<std::uint32_t, kMostPairs + 1> heads{};
      heads.fill(kNone);
      return heads;
    }
  };

  [[nodiscard]] std::uint32_t HashOf(std::uint32_t name, std::string_view value) const;
  [[nodiscard]] std::uint32_t HashOf(std::string_view name) const;
  std::uint32_t NameOf(std::string_view text);
  std::uint32_t PairOf(std::uint32_t name, std::string_view value);
  void SortRecent(Name& name);
  /// Takes the slots, sorted, from one pair; true where none are left.
  bool EraseFromPair(std::uint32_t pair, std::span<const std::uint32_t> slots);
  /// Requires pairs without series.
  void DropPairs(std::span<const std::uint32_t> pairs);

  const NamePrinter& printer_;
  std::deque<Name> names_;
  std::deque<Pair> pairs_;
  std::vector<std::uint32_t> free_names_;
  std::vector<std::uint32_t> free_pairs_;
  HashIndex name_index_;
  HashIndex pair_index_;
  HashIndex record_index_;  ///< by slot
  Records records_;
  SlotSet slots_;
  std::size_t heap_bytes_ = 0;  ///< values, posting lists, sorted views, names
};

}  // namespace helios::tsdb
