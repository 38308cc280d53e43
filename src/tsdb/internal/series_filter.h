// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "tsdb/series.h"

namespace re2 {
class RE2;
}

namespace helios::tsdb {

/// The matchers of a selector, made ready to test many series. Thread-safe once made.
class SeriesFilter {
 public:
  /// Errors: kInvalidArgument query.bad_regex.
  [[nodiscard]] static Result<SeriesFilter> Compile(const std::vector<Matcher>& matchers);

  SeriesFilter(SeriesFilter&&) noexcept;
  SeriesFilter& operator=(SeriesFilter&&) noexcept;
  ~SeriesFilter();

  /// Whether every matcher holds. The label "__name__" is the metric's name.
  [[nodiscard]] bool Matches(const SeriesKey& key) const;

 private:
  struct Condition {
    Matcher matcher;
    std::unique_ptr<re2::RE2> regex;  ///< null unless the matcher is one
  };
  SeriesFilter();

  std::vector<Condition> conditions_;
};

}  // namespace helios::tsdb
