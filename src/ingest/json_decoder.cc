// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/json_decoder.h"

#include <simdjson.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/nearest_name.h"
#include "http/json.h"

namespace helios::ingest {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

constexpr std::size_t kMaxSourceBytes = 100;
constexpr std::array<std::string_view, 5> kItemFields = {"name", "value", "timestamp", "labels", "source"};
constexpr std::array<std::string_view, 1> kEnvelopeFields = {"metrics"};

std::string UnknownField(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view nearest = NearestName(name, known);
  if (nearest.empty()) return fmt::format("unknown field '{}'; want {}", name, fmt::join(known, ", "));
  return fmt::format("unknown field '{}'; did you mean '{}'?", name, nearest);
}

/// A sample that cannot be taken: its code and its words.
struct ItemError {
  std::string_view code;
  std::string detail;
};

/// A sample without its name, which stands in the request's arena.
struct Item {
  TimestampMs time;
  double value = 0;
};

using ItemResult = std::expected<Item, ItemError>;

std::unexpected<ItemError> BadItem(std::string_view code, std::string detail) {
  return std::unexpected(ItemError{code, std::move(detail)});
}

std::optional<TimestampMs> ReadTime(const element& field) {
  std::int64_t ms = 0;
  if (field.get(ms) == simdjson::SUCCESS) return FromUnixMs(ms);
  double number = 0;
  if (field.get(number) == simdjson::SUCCESS && std::trunc(number) == number && std::abs(number) < 0x1p53) {
    return FromUnixMs(static_cast<std::int64_t>(number));
  }
  std::string_view text;
  if (field.get(text) != simdjson::SUCCESS) return std::nullopt;
  if (const auto time = ParseRfc3339(text)) return *time;
  return std::nullopt;
}

std::optional<ItemError> ReadLabels(const element& field, DecodedRequest& out) {
  simdjson::dom::object labels;
  if (field.get(labels) != simdjson::SUCCESS) {
    return ItemError{"ingest.bad_label_value", "cannot read labels; want an object of strings"};
  }
  for (const auto [name, value] : labels) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) {
      return ItemError{"ingest.bad_label_value",
                       fmt::format("cannot read label '{}'; want a string", name.substr(0, 64))};
    }
    out.AppendPart(name);
    out.AppendPart(text);
  }
  return std::nullopt;
}

/// Reads metrics[i]; its series' name is then in the making in `out`.
ItemResult ReadItem(const element& entry, TimestampMs now, DecodedRequest& out) {
  simdjson::dom::object fields;
  if (entry.get(fields) != simdjson::SUCCESS) return BadItem("ingest.bad_item", "cannot read the item; want an object");

  Item item;
  item.time = now;
  std::optional<std::string_view> metric;
  std::optional<element> labels;
  std::optional<ItemError> fault;  // the first one; the series' name is read all the same, to say whose it is
  const auto note = [&fault](std::string_view code, std::string detail) {
    if (!fault) fault = ItemError{code, std::move(detail)};
  };
  bool has_value = false;
  for (const auto [name, field] : fields) {
    std::string_view text;
    if (name == "name") {
      if (field.get(text) != simdjson::SUCCESS) {
        note("ingest.bad_metric_name", "cannot read name; want a string");
        continue;
      }
      metric = text;
    } else if (name == "value") {
      if (field.get(item.value) != simdjson::SUCCESS) {
        note("ingest.bad_value", "cannot read value; want a finite number");
      }
      has_value = true;
    } else if (name == "timestamp") {
      if (field.is_null()) continue;
      const auto time = ReadTime(field);
      if (time) {
        item.time = *time;
      } else {
        note("ingest.bad_timestamp", "cannot read timestamp; want RFC 3339 or unix milliseconds");
      }
    } else if (name == "labels") {
      if (!field.is_null()) labels = field;
    } else if (name == "source") {
      if (field.is_null()) continue;
      if (field.get(text) != simdjson::SUCCESS || text.size() > kMaxSourceBytes) {
        note("ingest.bad_source",
             fmt::format("cannot read source; want a string of at most {} bytes", kMaxSourceBytes));
      }
    } else {
      note("ingest.unknown_field", UnknownField(name.substr(0, 64), kItemFields));
    }
  }
  if (metric) {
    out.AppendPart(*metric);
    if (labels) {
      if (auto error = ReadLabels(*labels, out)) note(error->code, std::move(error->detail));
    }
  }
  if (fault) return std::unexpected(*std::move(fault));
  if (!metric) return BadItem("ingest.bad_metric_name", "the item has no name");
  if (!has_value) return BadItem("ingest.bad_value", "the item has no value");
  return item;
}

std::unexpected<Error> BadEnvelope(std::string_view why) {
  return Fail(ErrorCode::kInvalidArgument, "ingest.bad_envelope",
              "cannot take the samples: {}; want {{\"metrics\":[{{\"name\":…,\"value\":…}}]}}", why);
}

/// The body with the numbers changed for which simdjson refuses a whole document: an integer of over 18 digits, as
/// which JavaScript, Go and we ourselves write large values, gets an exponent; one that no double can hold becomes a
/// string, so that its sample alone is refused.
std::string WithReadableNumbers(std::string_view body) {
  constexpr std::size_t kLongestShort = 18;
  std::string out;
  out.reserve(body.size() + 64);
  bool in_string = false;
  for (std::size_t i = 0; i < body.size();) {
    const char c = body[i];
    if (in_string || (c != '-' && (c < '0' || c > '9'))) {
      const std::size_t length = in_string && c == '\\' && i + 1 < body.size() ? 2 : 1;
      if (c == '"') in_string = !in_string;
      out += body.substr(i, length);
      i += length;
      continue;
    }
    const std::size_t end = std::min(body.find_first_not_of("+-.0123456789eE", i), body.size());
    const std::string_view number = body.substr(i, end - i);
    double value = 0;
    if (std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc::result_out_of_range) {
      out += "\"out of range\"";
      i = end;
      continue;
    }
    out += number;
    if (number.size() > kLongestShort && number.find_first_of(".eE") == std::string_view::npos) out += "e0";
    i = end;
  }
  return out;
}

/// simdjson does not say where it stopped: the slow parser is asked.
Error ExplainBadJson(std::string_view body) {
  auto parsed = http::ParseJson(body);
  if (!parsed) return std::move(parsed).error();
  return Error{ErrorCode::kInvalidArgument, "http.bad_json", "cannot read JSON: a number or a string is out of range"};
}

}  // namespace

Result<void> DecodeJson(std::string_view body, TimestampMs now, DecodedRequest& out) {
  thread_local simdjson::dom::parser parser;
  // A parser keeps the memory of the largest document it saw: the intake bounds that.
  if (parser.allocate(std::max<std::size_t>(body.size(), 4096), http::kMaxJsonDepth) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kUnavailable, "ingest.out_of_memory", "cannot take the samples: no memory left");
  }
  element root;
  auto parsed = parser.parse(body.data(), body.size(), true).get(root);
  if (parsed == simdjson::NUMBER_ERROR) parsed = parser.parse(WithReadableNumbers(body)).get(root);
  if (parsed != simdjson::SUCCESS) return std::unexpected(ExplainBadJson(body));
  simdjson::dom::object envelope;
  if (root.get(envelope) != simdjson::SUCCESS) return BadEnvelope("the body is not an object");
  std::optional<simdjson::dom::array> metrics;
  for (const auto [name, value] : envelope) {
    if (name != "metrics") {
      return Fail(ErrorCode::kInvalidArgument, "http.unknown_field", "cannot take the samples: {}",
                  UnknownField(name.substr(0, 64), kEnvelopeFields));
    }
    simdjson::dom::array array;
    if (value.get(array) != simdjson::SUCCESS) return BadEnvelope("'metrics' is not an array");
    metrics = array;
  }
  if (!metrics) return BadEnvelope("'metrics' is missing");

  out.CountDistinctSeries();
  for (const element entry : *metrics) {
    if (const ItemResult item = ReadItem(entry, now, out)) {
      out.AddSample(out.FinishSeries(), item->time, item->value);
    } else {
      std::string series = tsdb::ShowName(out.name(), &tsdb::DecodePartsName);
      out.DropName();
      out.Reject(item.error().code, item.error().detail, std::move(series));
    }
    HELIOS_CHECK(out.CheckLimits());
  }
  return out.Seal(tsdb::NameFormat::kParts, &tsdb::DecodePartsName);
}

}  // namespace helios::ingest
