// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/remote_write_decoder.h"

#include <snappy.h>

#include <protozero/pbf_reader.hpp>
#include <utility>

namespace helios::ingest {
namespace {

using protozero::pbf_reader;

std::string_view View(const protozero::data_view& view) {
  return {view.data(), view.size()};
}

/// A field by its number and wire type. One of another type is not ours, and is skipped as unknown fields are; asked
/// for its value, protozero would abort.
constexpr std::uint32_t Field(protozero::pbf_tag_type number, protozero::pbf_wire_type type) {
  return protozero::tag_and_type(number, type);
}
constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;

// The messages of prompb/remote.proto and prompb/types.proto.
constexpr std::uint32_t kTimeSeries = Field(1, kBytes);
constexpr std::uint32_t kLabels = Field(1, kBytes);
constexpr std::uint32_t kSamples = Field(2, kBytes);
constexpr std::uint32_t kHistograms = Field(4, kBytes);
constexpr std::uint32_t kName = Field(1, kBytes);
constexpr std::uint32_t kValue = Field(2, kBytes);
constexpr std::uint32_t kSampleValue = Field(1, protozero::pbf_wire_type::fixed64);
constexpr std::uint32_t kTimestamp = Field(2, protozero::pbf_wire_type::varint);

/// False for a second name of the metric.
bool ReadLabel(pbf_reader label, tsdb::SeriesKey& key, bool& named) {
  std::string_view name;
  std::string_view value;
  while (label.next()) {
    switch (label.tag_and_type()) {
      case kName: name = View(label.get_view()); break;
      case kValue: value = View(label.get_view()); break;
      default: label.skip();
    }
  }
  if (name != "__name__") {
    key.labels.push_back({.name = std::string(name), .value = std::string(value)});
    return true;
  }
  key.metric = value;
  return !std::exchange(named, true);
}

Result<void> ReadSample(pbf_reader sample, const Result<std::uint32_t>& series, BatchBuilder& builder) {
  double value = 0;
  std::int64_t time = 0;
  while (sample.next()) {
    switch (sample.tag_and_type()) {
      case kSampleValue: value = sample.get_double(); break;
      case kTimestamp: time = sample.get_int64(); break;
      default: sample.skip();
    }
  }
  if (!series) return builder.Reject(series.error().reason, series.error().message);
  return builder.AddSample(*series, FromUnixMs(time), value);
}

Result<void> ReadTimeSeries(const pbf_reader& message, BatchBuilder& builder) {
  // Labels may come after the samples: two passes, over a few hundred bytes.
  tsdb::SeriesKey key;
  bool named = false;
  bool named_once = true;
  for (pbf_reader pass = message; pass.next();) {
    if (pass.tag_and_type() == kLabels) {
      named_once = ReadLabel(pass.get_message(), key, named) && named_once;
    } else {
      pass.skip();
    }
  }
  Result<std::uint32_t> series = 0;
  if (!named_once) {
    series = Fail(ErrorCode::kInvalidArgument, "ingest.duplicate_label",
                  "cannot take a series: label '__name__' stands there twice");
  } else if (auto canonical = tsdb::Canonicalize(key); !canonical) {
    series = std::unexpected(std::move(canonical).error());
  } else {
    series = builder.AddSeries(key);
    if (!series) return std::unexpected(series.error());
  }
  for (pbf_reader pass = message; pass.next();) {
    if (pass.tag_and_type() == kSamples) {
      HELIOS_CHECK(ReadSample(pass.get_message(), series, builder));
    } else if (pass.tag_and_type() == kHistograms) {
      pass.skip();
      HELIOS_CHECK(builder.Reject("ingest.unsupported_histogram",
                                  "cannot take a native histogram; send classic histograms instead"));
    } else {
      pass.skip();
    }
  }
  return {};
}

}  // namespace

Result<DecodedBatch> DecodeRemoteWrite(std::string_view body) {
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(body.data(), body.size(), &size)) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_snappy",
                "cannot read the body: it is not in snappy's block format");
  }
  if (size > kMaxDecodedBytes) {
    return Fail(ErrorCode::kTooLarge, "http.body_too_large",
                "cannot take the body: it declares {} bytes decoded; want at most {}", size, kMaxDecodedBytes);
  }
  std::string bytes(size, '\0');
  if (!snappy::RawUncompress(body.data(), body.size(), bytes.data())) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_snappy", "cannot read the body: its snappy data is damaged");
  }

  BatchBuilder builder;
  try {
    pbf_reader request(bytes);
    while (request.next()) {
      if (request.tag_and_type() == kTimeSeries) {
        HELIOS_CHECK(ReadTimeSeries(request.get_message(), builder));
      } else {
        request.skip();
      }
    }
  } catch (const protozero::exception& error) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_protobuf", "cannot read the WriteRequest: {}", error.what());
  }
  return builder.Take();
}

}  // namespace helios::ingest
