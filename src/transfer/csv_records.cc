// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/csv_records.h"

#include <utility>

namespace helios::transfer {
namespace {

constexpr std::size_t kBlock = 256U << 10U;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Where in a record the reader is.
enum class State : std::uint8_t {
  kFieldBegins,
  kPlain,
  kQuoted,
  kQuoteInQuoted,  ///< the quote's end, or the first of two
};

}  // namespace

CsvRecords::CsvRecords(Source source) : source_(std::move(source)), buffer_(kBlock) {}

Result<bool> CsvRecords::Fill() {
  HELIOS_TRY(filled_, source_(buffer_));
  at_ = 0;
  return filled_ > 0;
}

Result<int> CsvRecords::Get() {
  if (at_ == filled_) {
    HELIOS_TRY(const bool more, Fill());
    if (!more) return -1;
  }
  ++bytes_;
  const char byte = buffer_[at_++];
  if (byte == '\n') ++line_;
  return static_cast<unsigned char>(byte);
}

Result<void> CsvRecords::SkipLine() {
  for (;;) {
    HELIOS_TRY(const int byte, Get());
    if (byte < 0 || byte == '\n') return {};
  }
}

Result<bool> CsvRecords::Next(CsvRecord& record) {
  for (;;) {
    record.line = line_;
    record.problem = {};
    record.fields.assign(1, {});
    const bool first = bytes_ == 0;
    State state = State::kFieldBegins;
    bool ended = false;
    std::size_t size = 0;
    const auto give_up = [&](std::string_view problem) {
      record.problem = problem;
      record.fields.clear();
    };
    for (bool open = true; open;) {
      HELIOS_TRY(const int byte, Get());
      std::string& field = record.fields.back();
      if (byte < 0) {
        ended = true;
        if (state == State::kQuoted) give_up("a quote is not closed");
        break;
      }
      if (++size > kMostBytes) {
        give_up("it is longer than 1 MiB, or a quote is not closed");
        if (byte != '\n') HELIOS_CHECK(SkipLine());
        break;
      }
      const char c = static_cast<char>(byte);
      switch (state) {
        case State::kQuoted:
          if (c == '"') {
            state = State::kQuoteInQuoted;
          } else {
            field += c;
          }
          break;
        case State::kQuoteInQuoted:
          if (c == '"') {
            field += c;
            state = State::kQuoted;
            break;
          }
          if (c != ',' && c != '\n' && c != '\r') {
            give_up("there is text behind a closing quote");
            HELIOS_CHECK(SkipLine());
            open = false;
            break;
          }
          [[fallthrough]];
        case State::kFieldBegins:
        case State::kPlain:
          if (c == ',') {
            record.fields.emplace_back();
            state = State::kFieldBegins;
          } else if (c == '\n') {
            open = false;
          } else if (c == '"' && (state == State::kFieldBegins || (first && field == kByteOrderMark))) {
            field.clear();
            state = State::kQuoted;
          } else if (c == '"') {
            give_up("there is a quote within a field that does not begin with one");
            HELIOS_CHECK(SkipLine());
            open = false;
          } else if (state == State::kQuoteInQuoted) {
            // A carriage return: the line feed follows, or it is dropped.
          } else {
            field += c;
            state = State::kPlain;
          }
      }
    }
    if (record.problem.empty()) {
      if (state == State::kPlain && record.fields.back().ends_with('\r')) record.fields.back().pop_back();
      if (first && record.fields.front().starts_with(kByteOrderMark)) {
        record.fields.front().erase(0, kByteOrderMark.size());
      }
      const bool empty = record.fields.size() == 1 && record.fields.front().empty() && state != State::kQuoteInQuoted;
      if (!empty) return true;
      if (ended) return false;
      continue;
    }
    return true;
  }
}

}  // namespace helios::transfer
