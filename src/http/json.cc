// SPDX-License-Identifier: Apache-2.0
#include "http/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/nearest_name.h"
#include "http/internal/json_writer.h"

namespace helios::http {
namespace {

namespace bj = boost::json;
using ErrorOf = bj::error_code;

/// Builds a value from the parser's events. Boost 1.81's own handler takes doubles that may be off in the
/// last bit; this one reads each number's text exactly.
class ValueBuilder {
 public:
  static constexpr std::size_t max_object_size = bj::object::max_size();
  static constexpr std::size_t max_array_size = bj::array::max_size();
  static constexpr std::size_t max_key_size = bj::string::max_size();
  static constexpr std::size_t max_string_size = bj::string::max_size();

  ValueBuilder() { stack_.reset(); }
  bj::value Release() { return stack_.release(); }

  bool on_document_begin(ErrorOf&) { return true; }
  bool on_document_end(ErrorOf&) { return true; }
  bool on_object_begin(ErrorOf&) { return true; }
  bool on_object_end(std::size_t count, ErrorOf&) {
    stack_.push_object(count);
    return true;
  }
  bool on_array_begin(ErrorOf&) { return true; }
  bool on_array_end(std::size_t count, ErrorOf&) {
    stack_.push_array(count);
    return true;
  }
  bool on_key_part(bj::string_view part, std::size_t, ErrorOf&) { return PushPart(part); }
  bool on_key(bj::string_view part, std::size_t, ErrorOf&) {
    stack_.push_key(part);
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, ErrorOf&) { return PushPart(part); }
  bool on_string(bj::string_view part, std::size_t, ErrorOf&) {
    stack_.push_string(part);
    return true;
  }
  bool on_number_part(bj::string_view part, ErrorOf&) {
    number_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t number, bj::string_view, ErrorOf&) {
    number_.clear();
    stack_.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, bj::string_view, ErrorOf&) {
    number_.clear();
    stack_.push_uint64(number);
    return true;
  }
  bool on_double(double rough, bj::string_view part, ErrorOf& error) {
    number_.append(part.data(), part.size());
    double exact = 0;
    const auto outcome = std::from_chars(number_.data(), number_.data() + number_.size(), exact);
    if (outcome.ec == std::errc::result_out_of_range) exact = rough;  // an underflow to zero, or an infinity
    number_.clear();
    if (!std::isfinite(exact)) {
      error = bj::error::exponent_overflow;
      return false;
    }
    stack_.push_double(exact);
    return true;
  }
  bool on_bool(bool flag, ErrorOf&) {
    stack_.push_bool(flag);
    return true;
  }
  bool on_null(ErrorOf&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(bj::string_view, ErrorOf&) { return true; }
  bool on_comment(bj::string_view, ErrorOf&) { return true; }

 private:
  bool PushPart(bj::string_view part) {
    stack_.push_chars(part);
    return true;
  }

  bj::value_stack stack_;
  std::string number_;
};

std::string_view Describe(const ErrorOf& error) {
  switch (static_cast<bj::error>(error.value())) {
    case bj::error::incomplete: return "it ends early";
    case bj::error::extra_data: return "something follows the end of the value";
    case bj::error::too_deep: return "it is nested too deep";
    case bj::error::illegal_leading_surrogate:
    case bj::error::illegal_trailing_surrogate: return "a string holds half of a surrogate pair";
    case bj::error::exponent_overflow: return "a number is too large for a double";
    default: return "not valid JSON";
  }
}

bool IsJsonType(std::string_view type) {
  return type.empty() || type == "application/json" || type.ends_with("+json");
}

template <class T>
const T& EmptyOf() {
  static const T empty;
  return empty;
}

std::optional<TimestampMs> TimeOf(const bj::value& value) {
  constexpr std::int64_t kLastMs = 253'402'300'799'999;  // the end of the year 9999
  if (value.is_string()) {
    if (const auto time = ParseRfc3339(value.get_string())) return *time;
    return std::nullopt;
  }
  std::int64_t ms = -1;
  if (value.is_int64()) ms = value.get_int64();
  if (const double* number = value.if_double();
      number != nullptr && *number == std::floor(*number) && *number >= 0 && *number <= static_cast<double>(kLastMs)) {
    ms = static_cast<std::int64_t>(*number);
  }
  if (ms < 0 || ms > kLastMs) return std::nullopt;
  return FromUnixMs(ms);
}

/// What came, short enough for a message.
std::string Show(const bj::value& value) {
  constexpr std::size_t kShown = 64;
  if (value.is_object() || value.is_array()) return std::string(KindName(value));
  std::string text;
  internal::AppendJson(text, value);
  return text.size() <= kShown ? text : std::string(KindName(value));
}

}  // namespace

Result<bj::value> ParseJson(std::string_view text, std::size_t max_depth) {
  bj::parse_options options;
  options.max_depth = max_depth;
  bj::basic_parser<ValueBuilder> parser(options);
  ErrorOf error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && used < text.size()) error = bj::error::extra_data;
  if (error) {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_json", "cannot read JSON: {} at byte {}", Describe(error), used);
  }
  return parser.handler().Release();
}

Result<bj::object> JsonBody(const Request& request) {
  if (const std::string type = request.ContentType(); !IsJsonType(type)) {
    return Fail(ErrorCode::kUnsupportedType, "http.unsupported_type",
                "cannot read the body: got Content-Type '{}'; want application/json", type.substr(0, 64));
  }
  const bool encoded = request.headers.Find("Content-Encoding").has_value();
  std::string decoded;
  if (encoded || request.body.size() > kMaxJsonBytes) {
    HELIOS_TRY(decoded, request.DecodedBody(kMaxJsonBytes));
  }
  const std::string& body = encoded ? decoded : request.body;
  if (body.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_json", "cannot read JSON: the body is empty; want an object");
  }
  HELIOS_TRY(bj::value value, ParseJson(body));
  if (!value.is_object()) {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_json", "cannot read JSON: got {}; want an object",
                KindName(value));
  }
  return std::move(value.get_object());
}

ObjectReader::ObjectReader(const bj::object& object, std::string where) : object_(object), where_(std::move(where)) {}

const bj::value* ObjectReader::Find(std::string_view name) {
  known_.push_back(name);
  const bj::value* value = object_.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const bj::value* ObjectReader::Require(std::string_view name, std::string_view want) {
  const bj::value* value = Find(name);
  if (value == nullptr) Reject(name, object_.contains(name) ? "null" : "nothing", want);
  return value;
}

void ObjectReader::Reject(std::string_view name, std::string_view got, std::string_view want) {
  if (error_) return;
  error_ = Error{ErrorCode::kInvalidArgument, "http.bad_field",
                 fmt::format("cannot read field '{}{}': got {}; want {}", where_, name, got, want)};
}

std::optional<std::string> ObjectReader::OptionalString(std::string_view name, std::size_t max_bytes) {
  const bj::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  const bj::string* text = value->if_string();
  if (text == nullptr) {
    Reject(name, KindName(*value), "a string");
  } else if (text->size() > max_bytes) {
    Reject(name, fmt::format("{} bytes", text->size()), fmt::format("at most {}", max_bytes));
  } else if (text->find('\0') != bj::string::npos) {
    Reject(name, "a string with a NUL character", "one without");
  } else {
    return std::string(*text);
  }
  return std::nullopt;
}

std::optional<double> ObjectReader::OptionalNumber(std::string_view name) {
  const bj::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->to_number<double>();
  Reject(name, KindName(*value), "a number");
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::OptionalInteger(std::string_view name, std::int64_t minimum,
                                                          std::int64_t maximum) {
  const bj::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  constexpr double kExact = 9'007'199'254'740'992.0;  // 2^53: integers beyond it are not distinct doubles
  std::optional<std::int64_t> number;
  if (value->is_int64()) number = value->get_int64();
  if (const double* real = value->if_double();
      real != nullptr && *real == std::floor(*real) && std::abs(*real) <= kExact) {
    number = static_cast<std::int64_t>(*real);
  }
  if (number && *number >= minimum && *number <= maximum) return number;
  Reject(name, Show(*value), fmt::format("an integer from {} to {}", minimum, maximum));
  return std::nullopt;
}

std::optional<bool> ObjectReader::OptionalBool(std::string_view name) {
  const bj::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  Reject(name, KindName(*value), "true or false");
  return std::nullopt;
}

std::optional<TimestampMs> ObjectReader::OptionalTime(std::string_view name) {
  const bj::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto time = TimeOf(*value)) return time;
  Reject(name, Show(*value), "RFC 3339 text, such as \"2026-01-03T12:00:00Z\", or unix milliseconds");
  return std::nullopt;
}

const bj::object* ObjectReader::OptionalObject(std::string_view name) {
  const bj::value* value = Find(name);
  if (value == nullptr) return nullptr;
  if (value->is_object()) return &value->get_object();
  Reject(name, KindName(*value), "an object");
  return nullptr;
}

const bj::array* ObjectReader::OptionalArray(std::string_view name) {
  const bj::value* value = Find(name);
  if (value == nullptr) return nullptr;
  if (value->is_array()) return &value->get_array();
  Reject(name, KindName(*value), "an array");
  return nullptr;
}

std::optional<std::vector<std::string>> ObjectReader::OptionalStrings(std::string_view name, std::size_t max_items,
                                                                      std::size_t max_bytes) {
  const bj::array* array = OptionalArray(name);
  if (array == nullptr) return std::nullopt;
  if (array->size() > max_items) {
    Reject(name, fmt::format("{} items", array->size()), fmt::format("at most {}", max_items));
    return std::nullopt;
  }
  std::vector<std::string> texts;
  texts.reserve(array->size());
  for (const bj::value& item : *array) {
    const bj::string* text = item.if_string();
    if (text == nullptr || text->size() > max_bytes || text->find('\0') != bj::string::npos) {
      Reject(fmt::format("{}[{}]", name, texts.size()), KindName(item),
             fmt::format("a string of at most {} bytes", max_bytes));
      return std::nullopt;
    }
    texts.emplace_back(*text);
  }
  return texts;
}

std::vector<std::pair<std::string, std::string>> ObjectReader::OptionalStringMap(std::string_view name,
                                                                                 std::size_t max_items,
                                                                                 std::size_t max_bytes) {
  std::vector<std::pair<std::string, std::string>> texts;
  const bj::object* object = OptionalObject(name);
  if (object == nullptr) return texts;
  if (object->size() > max_items) {
    Reject(name, fmt::format("{} members", object->size()), fmt::format("at most {}", max_items));
    return texts;
  }
  for (const auto& member : *object) {
    const bj::string* text = member.value().if_string();
    if (text == nullptr || text->size() > max_bytes || text->find('\0') != bj::string::npos) {
      Reject(fmt::format("{}.{}", name, std::string_view(member.key()).substr(0, 64)), KindName(member.value()),
             fmt::format("a string of at most {} bytes", max_bytes));
      return {};
    }
    texts.emplace_back(member.key(), *text);
  }
  return texts;
}

std::string ObjectReader::String(std::string_view name, std::size_t max_bytes) {
  if (Require(name, "a string") == nullptr) return {};
  return OptionalString(name, max_bytes).value_or("");
}

double ObjectReader::Number(std::string_view name) {
  if (Require(name, "a number") == nullptr) return 0;
  return OptionalNumber(name).value_or(0);
}

TimestampMs ObjectReader::Time(std::string_view name) {
  if (Require(name, "a time") == nullptr) return {};
  return OptionalTime(name).value_or(TimestampMs{});
}

const bj::object& ObjectReader::Object(std::string_view name) {
  const bj::object* object = Require(name, "an object") == nullptr ? nullptr : OptionalObject(name);
  return object == nullptr ? EmptyOf<bj::object>() : *object;
}

const bj::array& ObjectReader::Array(std::string_view name) {
  const bj::array* array = Require(name, "an array") == nullptr ? nullptr : OptionalArray(name);
  return array == nullptr ? EmptyOf<bj::array>() : *array;
}

Result<void> ObjectReader::Finish() {
  if (error_) return std::unexpected(*error_);
  for (const auto& member : object_) {
    const std::string_view name = member.key();
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string_view nearest = NearestName(name, known_);
    return Fail(ErrorCode::kInvalidArgument, "http.unknown_field", "cannot read field '{}{}': no such field{}", where_,
                name.substr(0, 64), nearest.empty() ? "" : fmt::format("; did you mean '{}{}'?", where_, nearest));
  }
  return {};
}

std::string_view KindName(const bj::value& value) {
  switch (value.kind()) {
    case bj::kind::null: return "null";
    case bj::kind::bool_: return "a boolean";
    case bj::kind::int64:
    case bj::kind::uint64:
    case bj::kind::double_: return "a number";
    case bj::kind::string: return "a string";
    case bj::kind::array: return "an array";
    case bj::kind::object: return "an object";
  }
  return "nothing";
}

std::string JsonBytes(const bj::value& value) {
  std::string text;
  internal::AppendJson(text, value);
  return text;
}

Response Json(Status status, const bj::value& value) {
  return JsonText(status, JsonBytes(value));
}

}  // namespace helios::http
