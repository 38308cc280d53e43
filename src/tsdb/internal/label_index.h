// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tsdb/internal/label_store.h"
#include "tsdb/series.h"

namespace helios::tsdb {

/// How a tenant's series spread over one label.
struct LabelCardinality {
  std::string name;
  std::size_t values = 0;
  std::size_t series = 0;  ///< that have the label
  bool operator==(const LabelCardinality&) const = default;
};

/// One tenant's series by their labels, in memory alone. "__name__" stands for the metric wherever a label is named.
///
/// Names and values are kept once, and each pair of them knows its series (LabelStore); a series is a list of pairs.
/// With 6 to 10 labels of which a third is shared by all that is 75 bytes a series; a label that differs for every
/// series adds 85.
///
/// A matcher becomes a set of values: exact ones and alternatives of plain text (a|b|c) are looked up, "abc.*" is a
/// range of the sorted values, and other expressions test each value of the label once, within the range that RE2 knows
/// to be possible. The matcher with the fewest series is taken first; the others narrow it down, by whichever is
/// cheaper: merging the series of their values, or looking at the labels of each series that is left.
///
/// Thread-safe: readers run beside one another, Insert() and Erase() alone, so a writer waits for the longest Find()
/// that is under way, though not for those that come later. Slots may be scattered: nothing is as large as the largest
/// slot, but for bitmaps where they are dense.
class LabelIndex {
 public:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  /// `printer` gives hashes under secret keys; it must outlive the index.
  explicit LabelIndex(const NamePrinter& printer) : store_(printer) {}

  /// Requires a canonical key and a slot that is not present. 1 to 2 µs; where a label has a million values and more,
  /// one insertion in a thousand takes some 3 ms to sort new values in.
  void Insert(std::uint32_t slot, const SeriesKey& key);

  /// Forgets the series; slots that are not present are passed over. Costs a pass over the values and, for labels that
  /// are not shared by many, the series of each label value that is touched: rather one call with many slots.
  void Erase(std::span<const std::uint32_t> slots);

  /// Rebuilt from its parts, canonical; with an empty metric where the slot is not present (any more).
  [[nodiscard]] SeriesKey Key(std::uint32_t slot) const;

  /// The slots of all series that match, sorted. A series without a label counts as having "".
  /// Errors: kInvalidArgument query.bad_regex.
  [[nodiscard]] Result<std::vector<std::uint32_t>> Find(const SeriesSelector& selector) const;

  /// All metrics, sorted.
  [[nodiscard]] std::vector<std::string> MetricNames() const;

  /// Names of the labels that the selected series have, sorted, "__name__" among them; the first `limit`.
  /// Errors: kInvalidArgument query.bad_regex.
  [[nodiscard]] Result<std::vector<std::string>> LabelNames(const SeriesSelector& selector,
                                                            std::size_t limit = kNoLimit) const;

  /// Values of the label that the selected series have, sorted; the first `limit`. Series without the label add none.
  /// Errors: kInvalidArgument query.bad_regex.
  [[nodiscard]] Result<std::vector<std::string>> LabelValues(std::string_view name, const SeriesSelector& selector,
                                                             std::size_t limit = kNoLimit) const;

  /// The labels with the most values, the most first; equal ones by name.
  [[nodiscard]] std::vector<LabelCardinality> Cardinality(std::size_t top) const;

  /// How many series there are.
  [[nodiscard]] std::size_t size() const;

  /// Heap that it holds, with what the allocator adds. Constant cost.
  [[nodiscard]] std::size_t bytes() const;

 private:
  [[nodiscard]] std::shared_lock<std::shared_mutex> LockToRead() const;
  [[nodiscard]] std::unique_lock<std::shared_mutex> LockToWrite();

  /// Held while waiting for mutex_: whoever comes later queues behind a waiting writer. By itself, std::shared_mutex
  /// lets readers in for as long as there is one, and a writer could wait for ever.
  mutable std::mutex turn_;
  mutable std::shared_mutex mutex_;
  LabelStore store_;
};

}  // namespace helios::tsdb
