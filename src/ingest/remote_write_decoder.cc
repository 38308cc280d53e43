// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/remote_write_decoder.h"

#include <algorithm>
#include <cstring>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <utility>

#include "ingest/native_histogram.h"
#include "ingest/snappy_body.h"

namespace helios::ingest {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;
using protozero::tag_and_type;

/// Field numbers of the messages of prompb/remote.proto and prompb/types.proto.
enum WriteRequestField : protozero::pbf_tag_type { kTimeSeries = 1 };
enum TimeSeriesField : protozero::pbf_tag_type { kLabels = 1, kSamples = 2, kExemplars = 3, kHistograms = 4 };
enum LabelField : protozero::pbf_tag_type { kName = 1, kValue = 2 };
enum SampleField : protozero::pbf_tag_type { kSampleValue = 1, kTimestamp = 2 };

constexpr auto kBytes = pbf_wire_type::length_delimited;

std::string_view View(const protozero::data_view& view) {
  return {view.data(), view.size()};
}

struct LabelView {
  std::string_view name;
  std::string_view value;
};

LabelView ReadLabel(pbf_reader message) {
  LabelView label;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(kName, kBytes): label.name = View(message.get_view()); break;
      case tag_and_type(kValue, kBytes): label.value = View(message.get_view()); break;
      default: message.skip();
    }
  }
  return label;
}

/// Calls `take` with each label of a block of label fields; false where there is something else in it.
bool ForEachLabel(std::string_view block, auto&& take) {
  pbf_reader message(block.data(), block.size());
  while (message.next()) {
    if (message.tag_and_type() != tag_and_type(kLabels, kBytes)) return false;
    take(ReadLabel(message.get_message()));
  }
  return true;
}

struct TimedValue {
  TimestampMs time;
  double value = 0;
};

/// Bytes of a Sample message with its tag and length, in the two forms that samples of our time have: a timestamp
/// between 2^35 and 2^42 ms takes six bytes, and a value of 0 is not written.
constexpr std::size_t kTimeBytes = 6;
constexpr std::size_t kSampleBytes = 18;
constexpr std::size_t kZeroSampleBytes = 9;

/// The varint of exactly six bytes at `at`; false where there is none.
bool ReadTime(const char* at, TimestampMs& time) {
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < kTimeBytes; ++i) {
    const auto byte = static_cast<std::uint8_t>(at[i]);
    if ((byte < 0x80) != (i + 1 == kTimeBytes)) return false;
    ms |= static_cast<std::uint64_t>(byte & 0x7fU) << (7 * i);
  }
  time = FromUnixMs(static_cast<std::int64_t>(ms));
  return true;
}

/// The size of the Sample field that `bytes` end with; 0 where they end otherwise.
std::size_t SampleAtEnd(std::string_view bytes, TimedValue& sample) {
  const char* const end = bytes.data() + bytes.size();
  if (bytes.size() >= kSampleBytes) {
    const char* const at = end - kSampleBytes;
    if (at[0] == 0x12 && at[1] == 0x10 && at[2] == 0x09 && at[11] == 0x10 && ReadTime(end - kTimeBytes, sample.time)) {
      std::memcpy(&sample.value, at + 3, sizeof sample.value);
      return kSampleBytes;
    }
  }
  if (bytes.size() >= kZeroSampleBytes) {
    const char* const at = end - kZeroSampleBytes;
    if (at[0] == 0x12 && at[1] == 0x07 && at[2] == 0x10 && ReadTime(end - kTimeBytes, sample.time)) {
      sample.value = 0;
      return kZeroSampleBytes;
    }
  }
  return 0;
}

/// A TimeSeries that has something but labels and then samples of the usual form: kept from one to the next.
struct GeneralSeries {
  std::vector<std::string_view> fields;
  std::vector<TimedValue> samples;
  std::vector<std::string_view> histograms;
  std::size_t exemplars = 0;
};

TimedValue ReadSample(pbf_reader message) {
  TimedValue sample;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(kSampleValue, pbf_wire_type::fixed64): sample.value = message.get_double(); break;
      case tag_and_type(kTimestamp, pbf_wire_type::varint): sample.time = FromUnixMs(message.get_int64()); break;
      default: message.skip();
    }
  }
  return sample;
}

/// No series that could be taken has more labels.
constexpr std::size_t kMaxLabelFields = 10'000;

Result<void> ReadGeneral(std::string_view bytes, const DecodedRequest& out, GeneralSeries& series) {
  series.fields.clear();
  series.samples.clear();
  series.histograms.clear();
  series.exemplars = 0;
  pbf_reader message(bytes.data(), bytes.size());
  while (true) {
    const char* const begin = message.data().data();
    if (!message.next()) break;
    switch (message.tag_and_type()) {
      case tag_and_type(kLabels, kBytes): {
        message.skip();
        series.fields.emplace_back(begin, static_cast<std::size_t>(message.data().data() - begin));
        break;
      }
      case tag_and_type(kSamples, kBytes): series.samples.push_back(ReadSample(message.get_message())); break;
      case tag_and_type(kExemplars, kBytes):
        message.skip();
        ++series.exemplars;
        break;
      case tag_and_type(kHistograms, kBytes): series.histograms.push_back(View(message.get_view())); break;
      default: message.skip();
    }
    // As soon as it is too much: two bytes of the message may take 16 here.
    if (series.fields.size() > kMaxLabelFields) {
      return Fail(ErrorCode::kInvalidArgument, "ingest.bad_protobuf",
                  "cannot read the WriteRequest: a series has more than {} labels", kMaxLabelFields);
    }
    HELIOS_CHECK(out.CheckLimits(series.samples.size() + series.histograms.size()));
  }
  return {};
}

std::uint32_t AddName(const GeneralSeries& series, DecodedRequest& out) {
  for (const std::string_view field : series.fields) out.AppendToName(field);
  return out.FinishSeries();
}

std::string ShowName(const GeneralSeries& series, DecodedRequest& out) {
  for (const std::string_view field : series.fields) out.AppendToName(field);
  std::string shown = tsdb::ShowName(out.name(), &DecodeRemoteWriteName);
  out.DropName();
  return shown;
}

void AppendLabel(std::string_view name, std::string_view value, std::string_view suffix, DecodedRequest& out) {
  thread_local std::string field;
  thread_local std::string text;
  field.clear();
  text.assign(value).append(suffix);
  protozero::pbf_writer series(field);
  {
    protozero::pbf_writer label(series, kLabels);
    label.add_string(kName, name.data(), name.size());
    label.add_string(kValue, text);
  }
  out.AppendToName(field);
}

/// The name of one series of a histogram: its labels with a suffix to the metric's name, and with the bound.
std::uint32_t AddHistogramName(const GeneralSeries& series, std::string_view suffix, std::string_view le,
                               DecodedRequest& out) {
  for (const std::string_view field : series.fields) {
    ForEachLabel(field, [&](const LabelView& label) {
      AppendLabel(label.name, label.value, label.name == kNameLabel ? suffix : std::string_view(), out);
    });
  }
  if (!le.empty()) AppendLabel("le", le, {}, out);
  return out.FinishSeries();
}

Result<void> AddGeneral(const GeneralSeries& series, DecodedRequest& out) {
  HELIOS_CHECK(out.CheckLimits(series.samples.size() + series.histograms.size()));
  if (series.exemplars > 0 && out.LeaveOut("ingest.unsupported_exemplar", series.exemplars)) {
    out.DescribeLeftOut("exemplars are not kept; their samples are", ShowName(series, out));
  }
  if (!series.samples.empty()) {
    const std::uint32_t name = AddName(series, out);
    for (const TimedValue& sample : series.samples) out.AddSample(name, sample.time, sample.value);
  }
  for (const std::string_view message : series.histograms) {
    const auto histogram = ReadNativeHistogram(message);
    out.MarkHistogram();
    if (!histogram) {
      out.Reject(histogram.error().reason, histogram.error().message, ShowName(series, out));
      continue;
    }
    out.BeginItem();
    ForEachSeries(histogram->classic, [&](std::string_view suffix, std::string_view le, double value) {
      if (out.CheckLimits()) out.AddRow(AddHistogramName(series, suffix, le, out), histogram->time, value);
    });
    HELIOS_CHECK(out.CheckLimits());
  }
  return {};
}

/// Of the usual form: nothing of the labels is read. False where it has another.
bool AddUsual(std::string_view message, std::vector<TimedValue>& samples, DecodedRequest& out) {
  TimedValue sample;
  std::size_t size = SampleAtEnd(message, sample);
  if (size == 0) return false;
  std::string_view labels = message.substr(0, message.size() - size);
  if (!labels.starts_with('\x0a')) return false;
  TimedValue before;
  if (size = SampleAtEnd(labels, before); size == 0) [[likely]] {
    out.AddSample(out.AddSeries(labels), sample.time, sample.value);
    return true;
  }
  samples.assign({sample});
  for (; size != 0; size = SampleAtEnd(labels, before)) {
    if (samples.size() > out.limits().samples) return false;  // read field by field, it will be refused
    samples.push_back(before);
    labels.remove_suffix(size);
  }
  if (labels.empty() || !out.CheckLimits(samples.size())) return false;
  const std::uint32_t series = out.AddSeries(labels);
  for (auto at = samples.rbegin(); at != samples.rend(); ++at) out.AddSample(series, at->time, at->value);
  return true;
}

}  // namespace

Result<void> DecodeRemoteWrite(std::string_view body, DecodedRequest& out, SampleTimes times) {
  HELIOS_TRY(const std::string_view bytes, UncompressSnappy(body, out.limits().decoded_bytes));
  thread_local std::vector<TimedValue> samples;
  thread_local GeneralSeries general;
  out.CountDistinctSeries();  // Prometheus names a series anew with each of its samples
  try {
    std::size_t series = 0;
    pbf_reader request(bytes.data(), bytes.size());
    while (request.next()) {
      if (request.tag_and_type() != tag_and_type(kTimeSeries, kBytes)) {
        request.skip();
        continue;
      }
      const std::string_view message = View(request.get_view());
      if (++series > out.limits().samples) {  // also where they are empty
        return Fail(ErrorCode::kTooLarge, "ingest.too_many_series",
                    "cannot take the request: it has more than {} series; send it in parts", out.limits().series);
      }
      if (times == SampleTimes::kAny || !AddUsual(message, samples, out)) {
        HELIOS_CHECK(ReadGeneral(message, out, general));
        HELIOS_CHECK(AddGeneral(general, out));
      }
      HELIOS_CHECK(out.CheckLimits());
    }
  } catch (const protozero::exception& error) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_protobuf", "cannot read the WriteRequest: {}", error.what());
  }
  return out.Seal(tsdb::NameFormat::kRemoteWrite, &DecodeRemoteWriteName);
}

Result<tsdb::SeriesKey> DecodeRemoteWriteName(std::string_view name) {
  tsdb::SeriesKey key;
  bool named = false;
  bool named_twice = false;
  bool has_cluster = false;
  try {
    const bool labels_alone = ForEachLabel(name, [&](const LabelView& label) {
      if (label.name == kNameLabel) {
        named_twice = std::exchange(named, true) || named_twice;
        key.metric = label.value;
        return;
      }
      has_cluster = has_cluster || (label.name == kClusterLabel && !label.value.empty());
      key.labels.push_back({.name = std::string(label.name), .value = std::string(label.value)});
    });
    if (!labels_alone) {
      return Fail(ErrorCode::kInvalidArgument, "ingest.bad_protobuf",
                  "cannot read a TimeSeries: something stands between its labels; want its fields in order");
    }
  } catch (const protozero::exception& error) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_protobuf", "cannot read the labels of a TimeSeries: {}",
                error.what());
  }
  if (named_twice) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.duplicate_label",
                "cannot take a series: label '__name__' stands there twice");
  }
  if (has_cluster) std::erase_if(key.labels, [](const tsdb::Label& label) { return label.name == kReplicaLabel; });
  HELIOS_CHECK(tsdb::Canonicalize(key));
  return key;
}

Replica ReplicaOfRemoteWriteName(std::string_view name) {
  Replica replica;
  if (name.find(kReplicaLabel) == std::string_view::npos) return replica;
  try {
    ForEachLabel(name, [&](const LabelView& label) {
      if (label.name == kClusterLabel) replica.cluster = label.value;
      if (label.name == kReplicaLabel) replica.name = label.value;
    });
  } catch (const protozero::exception&) {
    return {};
  }
  return replica;
}

}  // namespace helios::ingest
