// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tsdb/series.h"

namespace re2 {
class RE2;
}

namespace helios::tsdb {

/// The text that a matcher names, made ready to be looked for among sorted values: a few literals, all that begins
/// alike, or an expression of which a range may be known. Whether the matcher is negative is the caller's concern.
/// Thread-safe once made.
class ValueMatcher {
 public:
  /// Errors: kInvalidArgument query.bad_regex.
  [[nodiscard]] static Result<ValueMatcher> Compile(const Matcher& matcher);

  ValueMatcher(ValueMatcher&&) noexcept;
  ValueMatcher& operator=(ValueMatcher&&) noexcept;
  ~ValueMatcher();

  /// Whether `value`, the whole of it, is such a text. `value` is UTF-8.
  [[nodiscard]] bool Accepts(std::string_view value) const;

  /// Sorted, each once; null unless these are all that Accepts() accepts.
  [[nodiscard]] const std::vector<std::string>* literals() const { return literals_ ? &*literals_ : nullptr; }

  /// Nothing below `first` is accepted, nor above `last` where there is a last.
  struct Range {
    std::string first;
    std::optional<std::string> last;
  };
  /// Of values that begin with `prefix`, all that are longer by `more` bytes are accepted, and no others.
  struct Prefix {
    std::string prefix;
    std::size_t more = 0;
  };
  [[nodiscard]] const Range& range() const { return range_; }
  [[nodiscard]] const std::optional<Prefix>& prefix() const { return prefix_; }

 private:
  ValueMatcher();

  std::optional<std::vector<std::string>> literals_;
  std::optional<Prefix> prefix_;
  std::unique_ptr<re2::RE2> regex_;  ///< null where literals or a prefix say all
  Range range_;
};

}  // namespace helios::tsdb
