// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/native_histogram.h"

#include <bit>
#include <cmath>
#include <optional>
#include <protozero/pbf_reader.hpp>

#include "tsdb/sample_store.h"

namespace helios::ingest {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;
using protozero::tag_and_type;

constexpr std::int32_t kCustomSchema = -53;
constexpr std::int32_t kCoarsestSchema = -4;
constexpr std::int32_t kFinestSchema = 8;
constexpr std::size_t kMaxBuckets = 10'000;

struct Span {
  std::int64_t offset = 0;
  std::uint32_t length = 0;
};

struct Side {
  std::vector<Span> spans;
  std::vector<std::int64_t> deltas;
  std::vector<double> counts;
};

struct Message {
  double count = 0;
  double sum = 0;
  double zero_threshold = 0;
  double zero_count = 0;
  std::int32_t schema = 0;
  std::int64_t time_ms = 0;
  Side negative;
  Side positive;
  std::vector<double> bounds;
};

std::unexpected<Error> Bad(std::string_view why) {
  return Fail(ErrorCode::kInvalidArgument, "ingest.bad_histogram", "cannot take a native histogram: {}", why);
}

Span ReadSpan(pbf_reader message) {
  Span span;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, pbf_wire_type::varint): span.offset = message.get_sint32(); break;
      case tag_and_type(2, pbf_wire_type::varint): span.length = message.get_uint32(); break;
      default: message.skip();
    }
  }
  return span;
}

/// Stops where the histogram is too large anyway: a byte of the message may take 8 here.
template <class Range, class Value>
void AppendAll(const Range& range, std::vector<Value>& out) {
  for (const Value value : range) {
    if (out.size() > kMaxBuckets) return;
    out.push_back(value);
  }
}

Message ReadMessage(std::string_view bytes) {
  Message read;
  pbf_reader message(bytes.data(), bytes.size());
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(1, pbf_wire_type::varint): read.count = static_cast<double>(message.get_uint64()); break;
      case tag_and_type(2, pbf_wire_type::fixed64): read.count = message.get_double(); break;
      case tag_and_type(3, pbf_wire_type::fixed64): read.sum = message.get_double(); break;
      case tag_and_type(4, pbf_wire_type::varint): read.schema = message.get_sint32(); break;
      case tag_and_type(5, pbf_wire_type::fixed64): read.zero_threshold = message.get_double(); break;
      case tag_and_type(6, pbf_wire_type::varint): read.zero_count = static_cast<double>(message.get_uint64()); break;
      case tag_and_type(7, pbf_wire_type::fixed64): read.zero_count = message.get_double(); break;
      case tag_and_type(8, pbf_wire_type::length_delimited):
        read.negative.spans.push_back(ReadSpan(message.get_message()));
        break;
      case tag_and_type(9, pbf_wire_type::length_delimited):
        AppendAll(message.get_packed_sint64(), read.negative.deltas);
        break;
      case tag_and_type(9, pbf_wire_type::varint): read.negative.deltas.push_back(message.get_sint64()); break;
      case tag_and_type(10, pbf_wire_type::length_delimited):
        AppendAll(message.get_packed_double(), read.negative.counts);
        break;
      case tag_and_type(10, pbf_wire_type::fixed64): read.negative.counts.push_back(message.get_double()); break;
      case tag_and_type(11, pbf_wire_type::length_delimited):
        read.positive.spans.push_back(ReadSpan(message.get_message()));
        break;
      case tag_and_type(12, pbf_wire_type::length_delimited):
        AppendAll(message.get_packed_sint64(), read.positive.deltas);
        break;
      case tag_and_type(12, pbf_wire_type::varint): read.positive.deltas.push_back(message.get_sint64()); break;
      case tag_and_type(13, pbf_wire_type::length_delimited):
        AppendAll(message.get_packed_double(), read.positive.counts);
        break;
      case tag_and_type(13, pbf_wire_type::fixed64): read.positive.counts.push_back(message.get_double()); break;
      case tag_and_type(15, pbf_wire_type::varint): read.time_ms = message.get_int64(); break;
      case tag_and_type(16, pbf_wire_type::length_delimited):
        AppendAll(message.get_packed_double(), read.bounds);
        break;
      case tag_and_type(16, pbf_wire_type::fixed64): read.bounds.push_back(message.get_double()); break;
      default: message.skip();
    }
  }
  return read;
}

/// The counts of a side with the index of each, as Prometheus numbers them; nullopt where they do not fit.
std::optional<std::vector<ExponentialHistogram::Bucket>> Buckets(const Side& side) {
  const std::size_t count = std::max(side.deltas.size(), side.counts.size());
  if (count > kMaxBuckets || (!side.deltas.empty() && !side.counts.empty())) return std::nullopt;
  std::vector<ExponentialHistogram::Bucket> buckets;
  buckets.reserve(count);
  std::int64_t index = 0;
  std::int64_t running = 0;
  for (const Span& span : side.spans) {
    if (!buckets.empty() && span.offset < 0) return std::nullopt;
    index += span.offset;
    if (span.length > count - buckets.size()) return std::nullopt;
    for (std::uint32_t i = 0; i < span.length; ++i, ++index) {
      double value = 0;
      if (side.counts.empty()) {
        if (__builtin_add_overflow(running, side.deltas[buckets.size()], &running)) return std::nullopt;
        value = static_cast<double>(running);
      } else {
        value = side.counts[buckets.size()];
      }
      if (!(value >= 0)) return std::nullopt;
      buckets.push_back({.index = index, .count = value});
    }
  }
  if (buckets.size() != count) return std::nullopt;
  return buckets;
}

/// Of schema -53: bucket i ends at bounds[i], the one after the last at +Inf.
bool FillCustom(const Message& message, const std::vector<ExponentialHistogram::Bucket>& buckets,
                ClassicHistogram& classic) {
  for (const double bound : message.bounds) {
    if (std::isnan(bound) || (!classic.buckets.empty() && bound <= classic.buckets.back().le)) return false;
    classic.buckets.push_back({.le = bound, .count = 0});
  }
  for (const auto& bucket : buckets) {
    const auto limit = static_cast<std::int64_t>(message.bounds.size());
    if (bucket.index < 0 || bucket.index > limit) return false;
    if (bucket.index < limit) classic.buckets[static_cast<std::size_t>(bucket.index)].count = bucket.count;
  }
  double sum = 0;
  for (ClassicHistogram::Bucket& bucket : classic.buckets) bucket.count = sum += bucket.count;
  if (!classic.buckets.empty() && std::isinf(classic.buckets.back().le)) classic.buckets.pop_back();
  return true;
}

}  // namespace

Result<NativeHistogram> ReadNativeHistogram(std::string_view bytes) {
  const Message message = ReadMessage(bytes);
  NativeHistogram read{.time = FromUnixMs(message.time_ms), .classic = {}};
  ClassicHistogram& classic = read.classic;
  if (std::bit_cast<std::uint64_t>(message.sum) == tsdb::kStaleMarkerBits) {
    classic.stale = true;
    return read;
  }
  classic.count = message.count;
  classic.sum = message.sum;
  auto positive = Buckets(message.positive);
  auto negative = Buckets(message.negative);
  if (!positive || !negative) return Bad("its spans and its counts do not fit each other, or a count is below 0");
  if (!(message.count >= 0) || !(message.zero_count >= 0)) return Bad("a count is below 0");
  if (message.schema == kCustomSchema) {
    if (!FillCustom(message, *positive, classic)) return Bad("its custom bounds do not rise, or a bucket has none");
    return read;
  }
  if (message.schema < kCoarsestSchema || message.schema > kFinestSchema) {
    return Bad(fmt::format("its schema is unknown; got {}; want {} to {}, or {}", message.schema, kCoarsestSchema,
                           kFinestSchema, kCustomSchema));
  }
  // Prometheus numbers a bucket by its upper bound, OpenTelemetry by its lower one.
  for (auto& bucket : *positive) --bucket.index;
  for (auto& bucket : *negative) --bucket.index;
  ToClassic({.scale = message.schema,
             .zero_threshold = message.zero_threshold,
             .zero_count = message.zero_count,
             .positive = *std::move(positive),
             .negative = *std::move(negative)},
            classic.buckets);
  return read;
}

}  // namespace helios::ingest
