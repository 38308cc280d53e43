// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tsdb/internal/label_store.h"
#include "tsdb/internal/value_matcher.h"
#include "tsdb/series.h"

namespace helios::tsdb {

/// A selector, made ready to be looked up. Needs no lock; one search at a time.
class LabelSearch {
 public:
  /// Errors: kInvalidArgument query.bad_regex.
  [[nodiscard]] static Result<LabelSearch> Compile(const SeriesSelector& selector);

  /// Slots of the series that match, sorted. `store` must not change meanwhile.
  [[nodiscard]] std::vector<std::uint32_t> Run(const LabelStore& store) const;

  /// Whether every series matches, there being no condition.
  [[nodiscard]] bool matches_all() const { return conditions_.empty(); }

 private:
  struct Condition {
    std::string label;
    bool negative;
    ValueMatcher matcher;
  };
  /// A condition in a store: the series of `pairs`, or all but those.
  struct Choice {
    std::uint32_t name = LabelStore::kNone;
    std::vector<std::uint32_t> pairs;  ///< sorted
    std::size_t series = 0;            ///< of the pairs, together: no series has two values of one label
    bool all_but = false;
  };

  LabelSearch() = default;
  [[nodiscard]] static Choice Choose(const LabelStore& store, const Condition& condition);
  static void Narrow(const LabelStore& store, const Choice& choice, std::vector<std::uint32_t>& slots);

  std::vector<Condition> conditions_;
};

}  // namespace helios::tsdb
