// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/series_filter.h"

#include <re2/re2.h>

#include "tsdb/internal/utf8.h"

namespace helios::tsdb {
namespace {

// Of one compiled expression; RE2 refuses larger ones, so that a short hostile pattern cannot take the memory.
constexpr std::int64_t kMaxRegexBytes = 4 << 20;

Result<std::unique_ptr<re2::RE2>> CompileRegex(const Matcher& matcher) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(kMaxRegexBytes);
  auto regex = std::make_unique<re2::RE2>(matcher.value, options);
  if (!regex->ok()) {
    return Fail(ErrorCode::kInvalidArgument, "query.bad_regex",
                "cannot match label '{}': {}; got '{}'; want a regular expression in RE2 syntax", matcher.label,
                regex->error(), Utf8Prefix(matcher.value, 200));
  }
  return regex;
}

}  // namespace

SeriesFilter::SeriesFilter() = default;
SeriesFilter::SeriesFilter(SeriesFilter&&) noexcept = default;
SeriesFilter& SeriesFilter::operator=(SeriesFilter&&) noexcept = default;
SeriesFilter::~SeriesFilter() = default;

Result<SeriesFilter> SeriesFilter::Compile(const std::vector<Matcher>& matchers) {
  SeriesFilter filter;
  for (const Matcher& matcher : matchers) {
    Condition condition{matcher, nullptr};
    if (matcher.kind == Matcher::Kind::kRegex || matcher.kind == Matcher::Kind::kNotRegex) {
      HELIOS_TRY(condition.regex, CompileRegex(matcher));
    }
    filter.conditions_.push_back(std::move(condition));
  }
  return filter;
}

bool SeriesFilter::Matches(const SeriesKey& key) const {
  for (const auto& [matcher, regex] : conditions_) {
    const std::string_view value = matcher.label == "__name__" ? std::string_view(key.metric) : key.Find(matcher.label);
    const bool equal =
        regex ? re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex) : value == matcher.value;
    const bool wanted = matcher.kind == Matcher::Kind::kEqual || matcher.kind == Matcher::Kind::kRegex;
    if (equal != wanted) return false;
  }
  return true;
}

}  // namespace helios::tsdb
