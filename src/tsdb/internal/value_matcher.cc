// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/value_matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "tsdb/internal/utf8.h"

namespace helios::tsdb {
namespace {

// Of one compiled expression; RE2 refuses larger ones, so that a short hostile pattern cannot take the memory.
constexpr std::int64_t kMaxRegexBytes = 4 << 20;

// Of the bounds that RE2 finds; longer ones would hardly choose better.
constexpr int kMaxBoundBytes = 64;

constexpr std::string_view kSpecial = R"(\.+*?()[]{}^$|)";

re2::RE2::Options RegexOptions() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(kMaxRegexBytes);
  return options;
}

/// Takes plain characters and escaped punctuation off the front of `pattern`.
std::string TakeLiteral(std::string_view& pattern) {
  std::string literal;
  while (!pattern.empty()) {
    const bool escaped = pattern.front() == '\\' && pattern.size() > 1 && kSpecial.contains(pattern[1]);
    if (!escaped && kSpecial.contains(pattern.front())) break;
    literal += pattern[escaped ? 1 : 0];
    pattern.remove_prefix(escaped ? 2 : 1);
  }
  return literal;
}

/// The alternatives of a|b|c, (a|b|c) or (?:a|b|c), where all are plain text.
std::optional<std::vector<std::string>> ParseAlternatives(std::string_view pattern) {
  for (const std::string_view opening : {"(?:", "("}) {
    if (!pattern.starts_with(opening) || !pattern.ends_with(')')) continue;
    pattern.remove_prefix(opening.size());
    pattern.remove_suffix(1);
    break;
  }
  std::vector<std::string> alternatives;
  while (true) {
    alternatives.push_back(TakeLiteral(pattern));
    if (pattern.empty()) break;
    if (pattern.front() != '|') return std::nullopt;
    pattern.remove_prefix(1);
  }
  std::ranges::sort(alternatives);
  const auto twice = std::ranges::unique(alternatives);
  alternatives.erase(twice.begin(), twice.end());
  return alternatives;
}

/// What Prefix says, of abc.* and abc.+
std::optional<ValueMatcher::Prefix> ParsePrefix(std::string_view pattern) {
  std::string literal = TakeLiteral(pattern);
  if (pattern == ".*") return ValueMatcher::Prefix{std::move(literal), 0};
  if (pattern == ".+") return ValueMatcher::Prefix{std::move(literal), 1};
  return std::nullopt;
}

ValueMatcher::Range RangeOf(const std::string& pattern) {
  // RE2 knows bounds for expressions that are tied to the front. Where the brackets change the meaning, as after an
  // open \Q, there are none.
  const re2::RE2 anchored("^(?:" + pattern + ")", RegexOptions());
  ValueMatcher::Range range;
  std::string first;
  std::string last;
  if (anchored.ok() && anchored.PossibleMatchRange(&first, &last, kMaxBoundBytes)) {
    range.first = std::move(first);
    range.last = std::move(last);
  }
  return range;
}

}  // namespace

ValueMatcher::ValueMatcher() = default;
ValueMatcher::ValueMatcher(ValueMatcher&&) noexcept = default;
ValueMatcher& ValueMatcher::operator=(ValueMatcher&&) noexcept = default;
ValueMatcher::~ValueMatcher() = default;

Result<ValueMatcher> ValueMatcher::Compile(const Matcher& matcher) {
  ValueMatcher made;
  if (matcher.kind == Matcher::Kind::kEqual || matcher.kind == Matcher::Kind::kNotEqual) {
    made.literals_ = {matcher.value};
    return made;
  }
  const auto fail = [&](std::string_view cause, std::string_view shown) {
    return Fail(ErrorCode::kInvalidArgument, "query.bad_regex",
                "cannot match label '{}': {}; got '{}'; want a regular expression in RE2 syntax", matcher.label, cause,
                shown);
  };
  if (!IsValidUtf8(matcher.value)) return fail("its expression is not UTF-8", "bytes that are not UTF-8");
  made.literals_ = ParseAlternatives(matcher.value);
  if (!made.literals_) made.prefix_ = ParsePrefix(matcher.value);
  if (made.literals_ || made.prefix_) return made;
  made.regex_ = std::make_unique<re2::RE2>(matcher.value, RegexOptions());
  if (!made.regex_->ok()) return fail(made.regex_->error(), Utf8Prefix(matcher.value, 200));
  made.range_ = RangeOf(matcher.value);
  return made;
}

bool ValueMatcher::Accepts(std::string_view value) const {
  if (literals_) return std::ranges::binary_search(*literals_, value, std::less<>());
  if (prefix_) return value.size() >= prefix_->prefix.size() + prefix_->more && value.starts_with(prefix_->prefix);
  return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_);
}

}  // namespace helios::tsdb
