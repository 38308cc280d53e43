// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/line_protocol_decoder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace helios::ingest {
namespace {

/// Of a line; no line that could be taken has more.
constexpr std::size_t kMaxTags = 1'000;
constexpr std::size_t kMaxFields = 10'000;

/// Why a line cannot be read; nullopt where it can.
using Fault = std::optional<std::string_view>;

/// A text of which some characters may be escaped.
struct Text {
  std::string_view raw;
  bool escaped = false;
};

struct Field {
  Text key;
  std::string_view value;
};

bool IsEscapable(char c) {
  return c == ',' || c == ' ' || c == '=';
}

/// Appends `text` with "\," "\ " and "\=" undone; any other backslash stands for itself.
void AppendUnescaped(const Text& text, std::string& out) {
  if (!text.escaped) {
    out += text.raw;
    return;
  }
  for (std::size_t i = 0; i < text.raw.size(); ++i) {
    if (text.raw[i] == '\\' && i + 1 < text.raw.size() && IsEscapable(text.raw[i + 1])) ++i;
    out += text.raw[i];
  }
}

/// Takes from the front of `rest` up to one of `ends` that is not escaped; the end stays in `rest`.
Text TakeUntil(std::string_view& rest, std::string_view ends) {
  Text text;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (c == '\n') break;
    if (c == '\\' && at + 1 < rest.size() && IsEscapable(rest[at + 1])) {
      text.escaped = true;
      ++at;
    } else if (ends.find(c) != std::string_view::npos) {
      break;
    }
  }
  at = std::min(at, rest.size());
  text.raw = rest.substr(0, at);
  rest.remove_prefix(at);
  return text;
}

bool TakeChar(std::string_view& rest, char c) {
  if (!rest.starts_with(c)) return false;
  rest.remove_prefix(1);
  return true;
}

void SkipSpaces(std::string_view& rest) {
  while (TakeChar(rest, ' ') || TakeChar(rest, '\t')) {
  }
}

/// Takes a quoted text, which may hold line ends; false where it does not close.
bool TakeQuoted(std::string_view& rest) {
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] == '\\') {
      ++at;
    } else if (rest[at] == '"') {
      rest.remove_prefix(at + 1);
      return true;
    }
  }
  return false;
}

template <class Number>
std::optional<double> ReadNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const auto value = static_cast<double>(number);
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> ReadValue(std::string_view text) {
  if (text.empty()) return std::nullopt;
  constexpr std::array<std::string_view, 5> kTrue = {"t", "T", "true", "True", "TRUE"};
  constexpr std::array<std::string_view, 5> kFalse = {"f", "F", "false", "False", "FALSE"};
  if (std::ranges::find(kTrue, text) != kTrue.end()) return 1;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return 0;
  const std::string_view number = text.substr(0, text.size() - 1);
  if (text.back() == 'i') return ReadNumber<std::int64_t>(number);
  if (text.back() == 'u') return ReadNumber<std::uint64_t>(number);
  return ReadNumber<double>(text);
}

/// Reads line after line; kept by its thread for the memory.
class Reader {
 public:
  Result<void> Read(std::string_view body, const LineProtocolOptions& options, DecodedRequest& out);

 private:
  Fault ReadLine(std::string_view& rest, const LineProtocolOptions& options);
  Fault ReadTags(std::string_view& rest);
  Fault ReadFields(std::string_view& rest);
  Fault ReadTime(std::string_view& rest, const LineProtocolOptions& options);
  void AddSamples(const LineProtocolOptions& options, DecodedRequest& out);
  /// The name of a field's series.
  void AppendName(const Field& field, const LineProtocolOptions& options, DecodedRequest& out);
  /// The same for people.
  std::string ShowName(const Field& field, const LineProtocolOptions& options, DecodedRequest& out);

  // Of the line in hand:
  Text measurement_;
  std::vector<std::pair<Text, Text>> tags_;
  std::vector<Field> fields_;
  TimestampMs time_;
  std::string text_;
};

Fault Reader::ReadTags(std::string_view& rest) {
  measurement_ = TakeUntil(rest, ", ");
  if (measurement_.raw.empty()) return "it has no measurement";
  while (TakeChar(rest, ',')) {
    const Text key = TakeUntil(rest, ",= ");
    if (key.raw.empty() || !TakeChar(rest, '=')) return "a tag has no name or no value";
    const Text value = TakeUntil(rest, ", ");
    if (value.raw.empty()) return "a tag has no name or no value";
    if (tags_.size() == kMaxTags) return "it has too many tags";
    tags_.emplace_back(key, value);
  }
  return std::nullopt;
}

Fault Reader::ReadFields(std::string_view& rest) {
  do {
    if (fields_.size() == kMaxFields) return "it has too many fields";
    const Text key = TakeUntil(rest, ",= ");
    if (key.raw.empty() || !TakeChar(rest, '=')) return "a field has no name or no value";
    const std::string_view begin = rest;
    if (rest.starts_with('"')) {
      if (!TakeQuoted(rest)) {
        rest = {};
        return "a quoted text does not end";
      }
    } else {
      rest.remove_prefix(std::min(rest.find_first_of(", \t\r\n"), rest.size()));
    }
    fields_.push_back({.key = key, .value = begin.substr(0, begin.size() - rest.size())});
  } while (TakeChar(rest, ','));
  return std::nullopt;
}

Fault Reader::ReadTime(std::string_view& rest, const LineProtocolOptions& options) {
  const std::string_view text = rest.substr(0, std::min(rest.find_first_of(" \t\r\n"), rest.size()));
  rest.remove_prefix(text.size());
  time_ = options.now;
  if (text.empty()) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::int64_t ns = 0;
  if (error != std::errc{} || end != text.data() + text.size() ||
      __builtin_mul_overflow(number, options.unit_ns, &ns)) {
    return "its timestamp is no whole number of the precision that was named";
  }
  constexpr std::int64_t kNsPerMs = 1'000'000;
  time_ = FromUnixMs(ns / kNsPerMs - (ns % kNsPerMs < 0 ? 1 : 0));
  return std::nullopt;
}

Fault Reader::ReadLine(std::string_view& rest, const LineProtocolOptions& options) {
  tags_.clear();
  fields_.clear();
  if (Fault fault = ReadTags(rest)) return fault;
  SkipSpaces(rest);
  if (Fault fault = ReadFields(rest)) return fault;
  SkipSpaces(rest);
  if (Fault fault = ReadTime(rest, options)) return fault;
  SkipSpaces(rest);
  TakeChar(rest, '\r');
  return rest.empty() || rest.front() == '\n' ? Fault() : "something follows its timestamp";
}

void Reader::AddSamples(const LineProtocolOptions& options, DecodedRequest& out) {
  for (const Field& field : fields_) {
    if (!out.CheckLimits()) return;  // long tags and many fields make a small line large
    if (field.value.starts_with('"')) {
      if (out.LeaveOut("ingest.text_field", 1)) {
        out.DescribeLeftOut(fmt::format("field '{}' of '{}' holds text, which is no sample",
                                        field.key.raw.substr(0, 64), measurement_.raw.substr(0, 64)),
                            ShowName(field, options, out));
      }
      continue;
    }
    const auto value = ReadValue(field.value);
    if (!value) {
      out.Reject("ingest.bad_value",
                 fmt::format("cannot read field '{}' of '{}'; want a finite number, a boolean or a quoted text",
                             field.key.raw.substr(0, 64), measurement_.raw.substr(0, 64)),
                 ShowName(field, options, out));
      continue;
    }
    AppendName(field, options, out);
    out.AddSample(out.FinishSeries(), time_, *value);
  }
}

void Reader::AppendName(const Field& field, const LineProtocolOptions& options, DecodedRequest& out) {
  text_.clear();
  AppendUnescaped(measurement_, text_);
  if (field.key.raw != "value") {
    text_ += '_';
    AppendUnescaped(field.key, text_);
  }
  out.AppendPart(text_);
  bool has_extra = options.extra_value.empty();
  for (const auto& [key, tag] : tags_) {
    has_extra = has_extra || key.raw == options.extra_label;
    for (const Text& part : {key, tag}) {
      if (!part.escaped) {
        out.AppendPart(part.raw);
      } else {
        text_.clear();
        AppendUnescaped(part, text_);
        out.AppendPart(text_);
      }
    }
  }
  if (!has_extra) {
    out.AppendPart(options.extra_label);
    out.AppendPart(options.extra_value);
  }
}

std::string Reader::ShowName(const Field& field, const LineProtocolOptions& options, DecodedRequest& out) {
  AppendName(field, options, out);
  std::string shown = tsdb::ShowName(out.name(), &tsdb::DecodePartsName);
  out.DropName();
  return shown;
}

Result<void> Reader::Read(std::string_view body, const LineProtocolOptions& options, DecodedRequest& out) {
  out.CountDistinctSeries();
  std::size_t line = 0;
  while (!body.empty()) {
    ++line;
    SkipSpaces(body);
    TakeChar(body, '\r');
    if (TakeChar(body, '\n')) continue;
    if (body.empty()) break;
    if (body.front() == '#') {
      body.remove_prefix(std::min(body.find('\n'), body.size()));
      TakeChar(body, '\n');
      continue;
    }
    std::string_view rest = body;
    if (const Fault fault = ReadLine(rest, options)) {
      out.Reject("ingest.bad_line", fmt::format("cannot read line {}: {}", line, *fault),
                 tsdb::ReadableBytes(body.substr(0, body.find_first_of(" \r\n"))));
      body.remove_prefix(std::min(body.find('\n'), body.size()));
    } else {
      AddSamples(options, out);
      body = rest;
    }
    TakeChar(body, '\n');
    HELIOS_CHECK(out.CheckLimits());
  }
  return out.Seal(tsdb::NameFormat::kParts, &tsdb::DecodePartsName);
}

}  // namespace

std::optional<std::int64_t> PrecisionOf(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 10> kUnits = {{{"", 1},
                                                                                 {"n", 1},
                                                                                 {"ns", 1},
                                                                                 {"u", 1'000},
                                                                                 {"us", 1'000},
                                                                                 {"µ", 1'000},
                                                                                 {"ms", 1'000'000},
                                                                                 {"s", 1'000'000'000},
                                                                                 {"m", 60'000'000'000},
                                                                                 {"h", 3'600'000'000'000}}};
  const auto found = std::ranges::find(kUnits, name, &std::pair<std::string_view, std::int64_t>::first);
  return found == kUnits.end() ? std::nullopt : std::optional(found->second);
}

Result<void> DecodeLineProtocol(std::string_view body, const LineProtocolOptions& options, DecodedRequest& out) {
  thread_local Reader reader;
  return reader.Read(body, options, out);
}

}  // namespace helios::ingest
