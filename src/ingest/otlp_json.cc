// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/otlp_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <limits>

#include "http/json.h"

namespace helios::ingest {
namespace {

namespace json = boost::json;

/// A field of the wrong type; caught where the decoding began.
struct WrongType {
  std::string message;
};

[[noreturn]] void Wrong(std::string_view field, std::string_view want) {
  throw WrongType{fmt::format("cannot read the export request: field '{}' is wrong; want {}", field, want)};
}

/// The member, or nullptr where it is absent or null, which in protobuf's JSON is the same.
const json::value* Find(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const json::array& Array(const json::object& object, std::string_view name) {
  static const json::array none;
  const json::value* value = Find(object, name);
  if (value == nullptr) return none;
  const json::array* array = value->if_array();
  if (array == nullptr) Wrong(name, "an array");
  return *array;
}

const json::object& AsObject(const json::value& value, std::string_view name) {
  const json::object* object = value.if_object();
  if (object == nullptr) Wrong(name, "an object");
  return *object;
}

std::string Text(const json::object& object, std::string_view name) {
  const json::value* value = Find(object, name);
  if (value == nullptr) return {};
  const json::string* text = value->if_string();
  if (text == nullptr) Wrong(name, "a text");
  return {text->data(), text->size()};
}

bool Bool(const json::object& object, std::string_view name) {
  const json::value* value = Find(object, name);
  if (value == nullptr) return false;
  if (!value->is_bool()) Wrong(name, "true or false");
  return value->get_bool();
}

template <class Integer>
Integer IntegerOf(const json::value& value, std::string_view name) {
  if (const json::string* text = value.if_string()) {
    Integer number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size()) Wrong(name, "a whole number");
    return number;
  }
  if (const auto* number = value.if_int64(); number != nullptr && std::in_range<Integer>(*number)) {
    return static_cast<Integer>(*number);
  }
  if (const auto* number = value.if_uint64(); number != nullptr && std::in_range<Integer>(*number)) {
    return static_cast<Integer>(*number);
  }
  if (const auto* number = value.if_double()) {
    // Whole numbers that a sender writes as 1e3 or 5.0.
    if (std::trunc(*number) == *number && std::abs(*number) < 0x1p53 &&
        (*number >= 0 || std::numeric_limits<Integer>::is_signed)) {
      return static_cast<Integer>(*number);
    }
  }
  Wrong(name, "a whole number");
}

template <class Integer>
Integer IntegerOr0(const json::object& object, std::string_view name) {
  const json::value* value = Find(object, name);
  return value == nullptr ? Integer{0} : IntegerOf<Integer>(*value, name);
}

double DoubleOf(const json::value& value, std::string_view name) {
  if (const auto* number = value.if_double()) return *number;
  if (const auto* number = value.if_int64()) return static_cast<double>(*number);
  if (const auto* number = value.if_uint64()) return static_cast<double>(*number);
  if (const json::string* text = value.if_string()) {
    if (*text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (*text == "Infinity") return std::numeric_limits<double>::infinity();
    if (*text == "-Infinity") return -std::numeric_limits<double>::infinity();
    double number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc{} && end == text->data() + text->size()) return number;
  }
  Wrong(name, "a number");
}

/// A value as JSON of its own, without the wrapping that says its type.
json::value Unwrap(const json::value& wrapped) {
  const json::object& value = AsObject(wrapped, "value");
  if (const json::value* text = Find(value, "stringValue")) return *text;
  if (const json::value* flag = Find(value, "boolValue")) return *flag;
  if (const json::value* number = Find(value, "intValue")) return IntegerOf<std::int64_t>(*number, "intValue");
  if (const json::value* number = Find(value, "doubleValue")) return DoubleOf(*number, "doubleValue");
  if (const json::value* bytes = Find(value, "bytesValue")) return *bytes;
  if (const json::value* array = Find(value, "arrayValue")) {
    json::array items;
    for (const json::value& item : Array(AsObject(*array, "arrayValue"), "values")) items.push_back(Unwrap(item));
    return items;
  }
  if (const json::value* list = Find(value, "kvlistValue")) {
    json::object members;
    for (const json::value& item : Array(AsObject(*list, "kvlistValue"), "values")) {
      const json::object& pair = AsObject(item, "values");
      const json::value* member = Find(pair, "value");
      members[Text(pair, "key")] = member == nullptr ? json::value() : Unwrap(*member);
    }
    return members;
  }
  return nullptr;
}

std::vector<OtlpAttribute> Attributes(const json::object& object) {
  std::vector<OtlpAttribute> attributes;
  for (const json::value& item : Array(object, "attributes")) {
    if (attributes.size() > kMaxOtlpAttributes) break;  // the one too many has the point refused
    const json::object& pair = AsObject(item, "attributes");
    OtlpAttribute& attribute = attributes.emplace_back(OtlpAttribute{.key = Text(pair, "key"), .value = {}});
    const json::value* wrapped = Find(pair, "value");
    if (wrapped == nullptr) continue;
    const json::value value = Unwrap(*wrapped);
    if (const json::string* text = value.if_string()) {
      attribute.value = {text->data(), text->size()};
    } else if (const double* number = value.if_double()) {
      attribute.value = fmt::format("{}", *number);
    } else if (!value.is_null()) {
      attribute.value = json::serialize(value);
    }
  }
  return attributes;
}

void Numbers(const json::object& object, std::string_view name, std::vector<double>& out) {
  for (const json::value& item : Array(object, name)) {
    if (out.size() > kMaxOtlpBuckets) return;
    out.push_back(DoubleOf(item, name));
  }
}

void Buckets(const json::object& point, std::string_view name, std::vector<ExponentialHistogram::Bucket>& out) {
  const json::value* side = Find(point, name);
  if (side == nullptr) return;
  const json::object& object = AsObject(*side, name);
  std::vector<double> counts;
  Numbers(object, "bucketCounts", counts);
  const auto offset = IntegerOr0<std::int32_t>(object, "offset");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    out.push_back({.index = offset + static_cast<std::int64_t>(i), .count = counts[i]});
  }
}

OtlpPoint ReadPoint(const json::object& object) {
  constexpr std::uint32_t kNoRecordedValue = 1;
  OtlpPoint point;
  point.attributes = Attributes(object);
  point.time_ns = IntegerOr0<std::uint64_t>(object, "timeUnixNano");
  point.no_recorded_value = (IntegerOr0<std::uint32_t>(object, "flags") & kNoRecordedValue) != 0;
  if (const json::value* value = Find(object, "asDouble")) point.value = DoubleOf(*value, "asDouble");
  if (const json::value* value = Find(object, "asInt")) {
    point.value = static_cast<double>(IntegerOf<std::int64_t>(*value, "asInt"));
  }
  point.count = static_cast<double>(IntegerOr0<std::uint64_t>(object, "count"));
  if (const json::value* sum = Find(object, "sum")) point.sum = DoubleOf(*sum, "sum");
  Numbers(object, "explicitBounds", point.bounds);
  Numbers(object, "bucketCounts", point.bucket_counts);
  point.exponential.scale = IntegerOr0<std::int32_t>(object, "scale");
  point.exponential.zero_count = static_cast<double>(IntegerOr0<std::uint64_t>(object, "zeroCount"));
  if (const json::value* width = Find(object, "zeroThreshold")) {
    point.exponential.zero_threshold = DoubleOf(*width, "zeroThreshold");
  }
  Buckets(object, "positive", point.exponential.positive);
  Buckets(object, "negative", point.exponential.negative);
  for (const json::value& item : Array(object, "quantileValues")) {
    if (point.quantiles.size() > kMaxOtlpBuckets) break;
    const json::object& pair = AsObject(item, "quantileValues");
    const json::value* quantile = Find(pair, "quantile");
    const json::value* value = Find(pair, "value");
    point.quantiles.push_back({.quantile = quantile == nullptr ? 0 : DoubleOf(*quantile, "quantile"),
                               .value = value == nullptr ? 0 : DoubleOf(*value, "value")});
  }
  return point;
}

OtlpTemporality Temporality(const json::object& data) {
  const json::value* value = Find(data, "aggregationTemporality");
  if (value == nullptr) return OtlpTemporality::kUnspecified;
  if (value->is_string()) {
    const std::string_view name = value->get_string();
    if (name == "AGGREGATION_TEMPORALITY_DELTA") return OtlpTemporality::kDelta;
    if (name == "AGGREGATION_TEMPORALITY_CUMULATIVE") return OtlpTemporality::kCumulative;
  }
  switch (IntegerOf<std::int32_t>(*value, "aggregationTemporality")) {
    case 1: return OtlpTemporality::kDelta;
    case 2: return OtlpTemporality::kCumulative;
    default: return OtlpTemporality::kUnspecified;
  }
}

Result<void> ReadMetric(const json::object& object, OtlpSink& sink) {
  static constexpr std::pair<std::string_view, OtlpKind> kKinds[] = {
      {"gauge", OtlpKind::kGauge},
      {"sum", OtlpKind::kSum},
      {"histogram", OtlpKind::kHistogram},
      {"exponentialHistogram", OtlpKind::kExponentialHistogram},
      {"summary", OtlpKind::kSummary}};
  OtlpMetric metric{.name = Text(object, "name"), .unit = Text(object, "unit")};
  for (const auto& [name, kind] : kKinds) {
    const json::value* value = Find(object, name);
    if (value == nullptr) continue;
    const json::object& data = AsObject(*value, name);
    metric.kind = kind;
    metric.temporality = Temporality(data);
    metric.monotonic = Bool(data, "isMonotonic");
    sink.BeginMetric(metric);
    for (const json::value& point : Array(data, "dataPoints")) {
      HELIOS_CHECK(sink.AddPoint(ReadPoint(AsObject(point, "dataPoints"))));
    }
    return {};
  }
  return {};
}

Result<void> ReadRequest(const json::object& request, OtlpSink& sink) {
  for (const json::value& entry : Array(request, "resourceMetrics")) {
    const json::object& resource_metrics = AsObject(entry, "resourceMetrics");
    const json::value* resource = Find(resource_metrics, "resource");
    sink.BeginResource(resource == nullptr ? std::vector<OtlpAttribute>{}
                                           : Attributes(AsObject(*resource, "resource")));
    for (const json::value& scope : Array(resource_metrics, "scopeMetrics")) {
      for (const json::value& metric : Array(AsObject(scope, "scopeMetrics"), "metrics")) {
        HELIOS_CHECK(ReadMetric(AsObject(metric, "metrics"), sink));
      }
    }
  }
  return {};
}

}  // namespace

Result<void> DecodeOtlpJson(std::string_view body, OtlpSink& sink) {
  HELIOS_TRY(const json::value request, http::ParseJson(body));
  try {
    return ReadRequest(AsObject(request, "(the body)"), sink);
  } catch (const WrongType& wrong) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_envelope", "{}", wrong.message);
  }
}

}  // namespace helios::ingest
