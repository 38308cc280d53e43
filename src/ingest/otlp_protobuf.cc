// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Field numbers: opentelemetry/proto/collector/metrics/v1/metrics_service.proto, metrics/v1/metrics.proto,
// common/v1/common.proto, resource/v1/resource.proto.
#include "ingest/otlp_protobuf.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <protozero/pbf_reader.hpp>

#include "base/hex.h"

namespace helios::ingest {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;
using protozero::tag_and_type;

constexpr auto kBytes = pbf_wire_type::length_delimited;
constexpr auto kFixed = pbf_wire_type::fixed64;
constexpr auto kVarint = pbf_wire_type::varint;
constexpr int kMaxValueDepth = 16;
constexpr std::size_t kMaxItems = 1'000;  ///< of an array or a map; as text, that many are longer than a label may be
constexpr std::uint32_t kNoRecordedValue = 1;

// Flags are read as numbers: protozero 1.7's get_bool() looks at a byte before it knows that there is one.

std::string Text(const protozero::data_view& view) {
  return {view.data(), view.size()};
}

/// An AnyValue as JSON; what lies deeper than any sender means becomes null.
boost::json::value ReadJsonValue(pbf_reader message, int depth) {
  boost::json::value value;
  if (depth > kMaxValueDepth) return value;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, kBytes): value = Text(message.get_view()); break;
      case tag_and_type(2, kVarint): value = message.get_uint64() != 0; break;
      case tag_and_type(3, kVarint): value = message.get_int64(); break;
      case tag_and_type(4, kFixed): value = message.get_double(); break;
      case tag_and_type(5, kBytes): {
        boost::json::array items;
        pbf_reader array = message.get_message();
        while (items.size() < kMaxItems && array.next(1, kBytes)) {
          items.push_back(ReadJsonValue(array.get_message(), depth + 1));
        }
        value = std::move(items);
        break;
      }
      case tag_and_type(6, kBytes): {
        boost::json::object members;
        pbf_reader list = message.get_message();
        while (members.size() < kMaxItems && list.next(1, kBytes)) {
          pbf_reader pair = list.get_message();
          std::string key;
          boost::json::value member;
          while (pair.next()) {
            switch (pair.tag_and_type()) {
              case tag_and_type(1, kBytes): key = Text(pair.get_view()); break;
              case tag_and_type(2, kBytes): member = ReadJsonValue(pair.get_message(), depth + 1); break;
              default: pair.skip();
            }
          }
          members[key] = std::move(member);
        }
        value = std::move(members);
        break;
      }
      case tag_and_type(7, kBytes): {
        const auto bytes = message.get_view();
        value = ToHex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        break;
      }
      default: message.skip();
    }
  }
  return value;
}

std::string ReadValue(const pbf_reader& message) {
  const boost::json::value value = ReadJsonValue(message, 0);
  if (const auto* text = value.if_string()) return {text->data(), text->size()};
  if (const auto* number = value.if_double()) return fmt::format("{}", *number);
  return value.is_null() ? std::string() : boost::json::serialize(value);
}

OtlpAttribute ReadAttribute(pbf_reader message) {
  OtlpAttribute attribute;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, kBytes): attribute.key = Text(message.get_view()); break;
      case tag_and_type(2, kBytes): attribute.value = ReadValue(message.get_message()); break;
      default: message.skip();
    }
  }
  return attribute;
}

/// Those beyond what any series may have are skipped; the one too many that is kept has the point refused.
void AddAttribute(const pbf_reader& message, std::vector<OtlpAttribute>& attributes) {
  if (attributes.size() <= kMaxOtlpAttributes) attributes.push_back(ReadAttribute(message));
}

void AppendCounts(const auto& range, std::vector<double>& out) {
  for (const auto value : range) {
    if (out.size() > kMaxOtlpBuckets) return;
    out.push_back(static_cast<double>(value));
  }
}

void ReadBuckets(pbf_reader message, std::vector<ExponentialHistogram::Bucket>& out) {
  std::int64_t offset = 0;
  std::vector<double> counts;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, kVarint): offset = message.get_sint32(); break;
      case tag_and_type(2, kBytes): AppendCounts(message.get_packed_uint64(), counts); break;
      case tag_and_type(2, kVarint): AppendCounts(std::array{message.get_uint64()}, counts); break;
      default: message.skip();
    }
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    out.push_back({.index = offset + static_cast<std::int64_t>(i), .count = counts[i]});
  }
}

OtlpPoint::Quantile ReadQuantile(pbf_reader message) {
  OtlpPoint::Quantile read;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, kFixed): read.quantile = message.get_double(); break;
      case tag_and_type(2, kFixed): read.value = message.get_double(); break;
      default: message.skip();
    }
  }
  return read;
}

OtlpPoint ReadNumberPoint(pbf_reader message) {
  OtlpPoint point;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(7, kBytes): AddAttribute(message.get_message(), point.attributes); break;
      case tag_and_type(3, kFixed): point.time_ns = message.get_fixed64(); break;
      case tag_and_type(4, kFixed): point.value = message.get_double(); break;
      case tag_and_type(6, kFixed): point.value = static_cast<double>(message.get_sfixed64()); break;
      case tag_and_type(8, kVarint): point.no_recorded_value = (message.get_uint32() & kNoRecordedValue) != 0; break;
      default: message.skip();
    }
  }
  return point;
}

OtlpPoint ReadHistogramPoint(pbf_reader message) {
  OtlpPoint point;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(9, kBytes): AddAttribute(message.get_message(), point.attributes); break;
      case tag_and_type(3, kFixed): point.time_ns = message.get_fixed64(); break;
      case tag_and_type(4, kFixed): point.count = static_cast<double>(message.get_fixed64()); break;
      case tag_and_type(5, kFixed): point.sum = message.get_double(); break;
      case tag_and_type(6, kBytes): AppendCounts(message.get_packed_fixed64(), point.bucket_counts); break;
      case tag_and_type(6, kFixed): AppendCounts(std::array{message.get_fixed64()}, point.bucket_counts); break;
      case tag_and_type(7, kBytes): AppendCounts(message.get_packed_double(), point.bounds); break;
      case tag_and_type(7, kFixed): AppendCounts(std::array{message.get_double()}, point.bounds); break;
      case tag_and_type(10, kVarint): point.no_recorded_value = (message.get_uint32() & kNoRecordedValue) != 0; break;
      default: message.skip();
    }
  }
  return point;
}

OtlpPoint ReadExponentialPoint(pbf_reader message) {
  OtlpPoint point;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, kBytes): AddAttribute(message.get_message(), point.attributes); break;
      case tag_and_type(3, kFixed): point.time_ns = message.get_fixed64(); break;
      case tag_and_type(4, kFixed): point.count = static_cast<double>(message.get_fixed64()); break;
      case tag_and_type(5, kFixed): point.sum = message.get_double(); break;
      case tag_and_type(6, kVarint): point.exponential.scale = message.get_sint32(); break;
      case tag_and_type(7, kFixed): point.exponential.zero_count = static_cast<double>(message.get_fixed64()); break;
      case tag_and_type(8, kBytes): ReadBuckets(message.get_message(), point.exponential.positive); break;
      case tag_and_type(9, kBytes): ReadBuckets(message.get_message(), point.exponential.negative); break;
      case tag_and_type(10, kVarint): point.no_recorded_value = (message.get_uint32() & kNoRecordedValue) != 0; break;
      case tag_and_type(14, kFixed): point.exponential.zero_threshold = message.get_double(); break;
      default: message.skip();
    }
  }
  return point;
}

OtlpPoint ReadSummaryPoint(pbf_reader message) {
  OtlpPoint point;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(7, kBytes): AddAttribute(message.get_message(), point.attributes); break;
      case tag_and_type(3, kFixed): point.time_ns = message.get_fixed64(); break;
      case tag_and_type(4, kFixed): point.count = static_cast<double>(message.get_fixed64()); break;
      case tag_and_type(5, kFixed): point.sum = message.get_double(); break;
      case tag_and_type(6, kBytes):
        if (point.quantiles.size() > kMaxOtlpBuckets) {
          message.skip();
        } else {
          point.quantiles.push_back(ReadQuantile(message.get_message()));
        }
        break;
      case tag_and_type(8, kVarint): point.no_recorded_value = (message.get_uint32() & kNoRecordedValue) != 0; break;
      default: message.skip();
    }
  }
  return point;
}

OtlpKind KindOf(protozero::pbf_tag_type tag) {
  switch (tag) {
    case 5: return OtlpKind::kGauge;
    case 7: return OtlpKind::kSum;
    case 9: return OtlpKind::kHistogram;
    case 10: return OtlpKind::kExponentialHistogram;
    case 11: return OtlpKind::kSummary;
    default: return OtlpKind::kNone;
  }
}

OtlpPoint ReadPoint(OtlpKind kind, const pbf_reader& message) {
  switch (kind) {
    case OtlpKind::kHistogram: return ReadHistogramPoint(message);
    case OtlpKind::kExponentialHistogram: return ReadExponentialPoint(message);
    case OtlpKind::kSummary: return ReadSummaryPoint(message);
    default: return ReadNumberPoint(message);
  }
}

Result<void> ReadMetric(pbf_reader message, OtlpSink& sink) {
  OtlpMetric metric;
  pbf_reader data;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, kBytes): metric.name = Text(message.get_view()); break;
      case tag_and_type(3, kBytes): metric.unit = Text(message.get_view()); break;
      default:
        if (message.wire_type() == kBytes && KindOf(message.tag()) != OtlpKind::kNone) {
          metric.kind = KindOf(message.tag());
          data = message.get_message();
        } else {
          message.skip();
        }
    }
  }
  if (metric.kind == OtlpKind::kNone) return {};
  // What says how to read the points stands after them.
  for (pbf_reader pass = data; pass.next();) {
    switch (pass.tag_and_type()) {
      case tag_and_type(2, kVarint): metric.temporality = static_cast<OtlpTemporality>(pass.get_enum() & 3); break;
      case tag_and_type(3, kVarint): metric.monotonic = pass.get_uint64() != 0; break;
      default: pass.skip();
    }
  }
  sink.BeginMetric(metric);
  while (data.next(1, kBytes)) HELIOS_CHECK(sink.AddPoint(ReadPoint(metric.kind, data.get_message())));
  return {};
}

Result<void> ReadResource(const pbf_reader& message, OtlpSink& sink) {
  std::vector<OtlpAttribute> attributes;
  for (pbf_reader pass = message; pass.next(1, kBytes);) {
    pbf_reader resource = pass.get_message();
    while (resource.next(1, kBytes)) AddAttribute(resource.get_message(), attributes);
  }
  sink.BeginResource(attributes);
  for (pbf_reader pass = message; pass.next(2, kBytes);) {
    pbf_reader scope = pass.get_message();
    while (scope.next(2, kBytes)) HELIOS_CHECK(ReadMetric(scope.get_message(), sink));
  }
  return {};
}

}  // namespace

Result<void> DecodeOtlpProtobuf(std::string_view body, OtlpSink& sink) {
  try {
    pbf_reader request(body.data(), body.size());
    while (request.next(1, kBytes)) HELIOS_CHECK(ReadResource(request.get_message(), sink));
  } catch (const protozero::exception& error) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_protobuf", "cannot read the export request: {}", error.what());
  }
  return {};
}

}  // namespace helios::ingest
