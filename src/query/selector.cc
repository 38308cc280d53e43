// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "query/selector.h"

#include <cctype>
#include <optional>

namespace helios::query {
namespace {

/// Walks the text of one selector.
class MatcherParser {
 public:
  explicit MatcherParser(std::string_view text) : text_(text) {}

  Result<std::vector<tsdb::Matcher>> Parse() {
    std::vector<tsdb::Matcher> matchers;
    SkipSpaces();
    if (AtEnd()) return matchers;
    if (!Take("{")) return Unexpected("'{'");
    for (SkipSpaces(); !Take("}"); SkipSpaces()) {
      HELIOS_TRY(tsdb::Matcher matcher, ParseOne());
      matchers.push_back(std::move(matcher));
      SkipSpaces();
      if (!Take(",") && Peek() != '}') return Unexpected("',' or '}'");
    }
    SkipSpaces();
    if (!AtEnd()) return Unexpected("the end");
    return matchers;
  }

 private:
  Result<tsdb::Matcher> ParseOne() {
    tsdb::Matcher matcher;
    while (!AtEnd() && (std::isalnum(static_cast<unsigned char>(Peek())) != 0 || Peek() == '_' || Peek() == '.')) {
      matcher.label += text_[position_++];
    }
    if (matcher.label.empty()) return Unexpected("a label's name");
    SkipSpaces();
    using Kind = tsdb::Matcher::Kind;
    if (Take("=~")) {
      matcher.kind = Kind::kRegex;
    } else if (Take("!~")) {
      matcher.kind = Kind::kNotRegex;
    } else if (Take("!=")) {
      matcher.kind = Kind::kNotEqual;
    } else if (!Take("=")) {
      return Unexpected("=, !=, =~ or !~");
    }
    SkipSpaces();
    HELIOS_TRY(matcher.value, ParseQuoted());
    return matcher;
  }

  Result<std::string> ParseQuoted() {
    const char quote = Peek();
    if (quote != '"' && quote != '\'') return Unexpected("a quoted string");
    ++position_;
    std::string value;
    while (!AtEnd() && Peek() != quote) {
      char c = text_[position_++];
      if (c == '\\') {
        if (AtEnd()) break;
        c = text_[position_++];
        if (c == 'n') {
          c = '\n';
        } else if (c == 't') {
          c = '\t';
        } else if (c != '\\' && c != '"' && c != '\'') {
          value += '\\';  // an escape of the regex itself, such as \d
        }
      }
      value += c;
    }
    if (AtEnd()) return Unexpected("the closing quote");
    ++position_;
    return value;
  }

  [[nodiscard]] bool AtEnd() const { return position_ >= text_.size(); }
  [[nodiscard]] char Peek() const { return AtEnd() ? '\0' : text_[position_]; }
  void SkipSpaces() {
    while (Peek() == ' ' || Peek() == '\t' || Peek() == '\n') ++position_;
  }
  bool Take(std::string_view token) {
    if (!text_.substr(position_).starts_with(token)) return false;
    position_ += token.size();
    return true;
  }
  [[nodiscard]] std::unexpected<Error> Unexpected(std::string_view want) const {
    const std::string got = AtEnd() ? "the end" : fmt::format("'{}'", text_[position_]);
    return Fail(ErrorCode::kInvalidArgument, "query.bad_match", "cannot read match at byte {}: got {}; want {}",
                position_, got, want);
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

Result<std::vector<tsdb::Matcher>> ParseMatchers(std::string_view text) {
  return MatcherParser(text).Parse();
}

}  // namespace helios::query
