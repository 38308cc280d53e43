// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/remote_read.h"

#include <snappy.h>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <utility>

namespace helios::transfer {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;
using protozero::tag_and_type;

enum ReadRequestField : protozero::pbf_tag_type { kQueries = 1, kAcceptedResponseTypes = 2 };
enum QueryField : protozero::pbf_tag_type { kStart = 1, kEnd = 2, kMatchers = 3 };
enum MatcherField : protozero::pbf_tag_type { kType = 1, kMatcherName = 2, kMatcherValue = 3 };
enum ReadResponseField : protozero::pbf_tag_type { kResults = 1 };
enum QueryResultField : protozero::pbf_tag_type { kTimeSeries = 1 };
enum TimeSeriesField : protozero::pbf_tag_type { kLabels = 1, kSamples = 2, kHistograms = 4 };
enum LabelField : protozero::pbf_tag_type { kName = 1, kValue = 2 };
enum SampleField : protozero::pbf_tag_type { kSampleValue = 1, kTimestamp = 2 };

constexpr auto kBytes = pbf_wire_type::length_delimited;
constexpr int kSamplesType = 0;

/// LabelMatcher.Type has the values of Matcher::Kind: EQ, NEQ, RE, NRE.
void AddMatcher(protozero::pbf_writer& query, const tsdb::Matcher& matcher) {
  protozero::pbf_writer written(query, kMatchers);
  written.add_enum(kType, static_cast<int>(matcher.kind));
  written.add_string(kMatcherName, matcher.label);
  written.add_string(kMatcherValue, matcher.value);
}

void ReadLabel(pbf_reader message, tsdb::SeriesKey& key) {
  tsdb::Label label;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(kName, kBytes): label.name = message.get_string(); break;
      case tag_and_type(kValue, kBytes): label.value = message.get_string(); break;
      default: message.skip();
    }
  }
  if (label.name == "__name__") {
    key.metric = std::move(label.value);
  } else {
    key.labels.push_back(std::move(label));
  }
}

ImportSample ReadSample(pbf_reader message) {
  ImportSample sample;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(kSampleValue, pbf_wire_type::fixed64): sample.value = message.get_double(); break;
      case tag_and_type(kTimestamp, pbf_wire_type::varint): sample.time = FromUnixMs(message.get_int64()); break;
      default: message.skip();
    }
  }
  return sample;
}

RemoteSeries ReadSeries(pbf_reader message) {
  RemoteSeries series;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(kLabels, kBytes): ReadLabel(message.get_message(), series.key); break;
      case tag_and_type(kSamples, kBytes): series.samples.push_back(ReadSample(message.get_message())); break;
      case tag_and_type(kHistograms, kBytes):
        message.skip();
        ++series.histograms;
        break;
      default: message.skip();
    }
  }
  return series;
}

void ReadResult(pbf_reader message, std::vector<RemoteSeries>& all) {
  while (message.next()) {
    if (message.tag_and_type() == tag_and_type(kTimeSeries, kBytes)) {
      all.push_back(ReadSeries(message.get_message()));
    } else {
      message.skip();
    }
  }
}

}  // namespace

std::string EncodeReadRequest(const tsdb::SeriesSelector& selector, tsdb::TimeRange range) {
  std::string message;
  {
    protozero::pbf_writer request(message);
    {
      protozero::pbf_writer query(request, kQueries);
      query.add_int64(kStart, ToUnixMs(range.first));
      query.add_int64(kEnd, ToUnixMs(range.last));
      if (!selector.metric.empty()) {
        AddMatcher(query, {.label = "__name__", .kind = tsdb::Matcher::Kind::kEqual, .value = selector.metric});
      }
      for (const tsdb::Matcher& matcher : selector.matchers) AddMatcher(query, matcher);
    }
    request.add_enum(kAcceptedResponseTypes, kSamplesType);
  }
  std::string body;
  snappy::Compress(message.data(), message.size(), &body);
  return body;
}

Result<std::vector<RemoteSeries>> DecodeReadAnswer(std::string_view body, std::size_t max_bytes) {
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(body.data(), body.size(), &size)) {
    return Fail(ErrorCode::kInvalidArgument, "transfer.bad_answer",
                "cannot read the answer: it is not in snappy's block format");
  }
  if (size > max_bytes) {
    return Fail(ErrorCode::kTooLarge, "transfer.answer_too_large",
                "cannot read the answer: it declares {} bytes; want at most {}", size, max_bytes);
  }
  std::string message;
  if (!snappy::Uncompress(body.data(), body.size(), &message)) {
    return Fail(ErrorCode::kInvalidArgument, "transfer.bad_answer",
                "cannot read the answer: its snappy data is damaged");
  }
  std::vector<RemoteSeries> all;
  try {
    pbf_reader response(message);
    while (response.next()) {
      if (response.tag_and_type() == tag_and_type(kResults, kBytes)) {
        ReadResult(response.get_message(), all);
      } else {
        response.skip();
      }
    }
  } catch (const protozero::exception& error) {
    return Fail(ErrorCode::kInvalidArgument, "transfer.bad_answer",
                "cannot read the answer: it is no prometheus.ReadResponse ({})", error.what());
  }
  return all;
}

}  // namespace helios::transfer
