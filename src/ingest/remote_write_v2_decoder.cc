// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/remote_write_v2_decoder.h"

#include <algorithm>
#include <protozero/pbf_reader.hpp>
#include <vector>

#include "ingest/native_histogram.h"
#include "ingest/snappy_body.h"

namespace helios::ingest {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;
using protozero::tag_and_type;

/// Field numbers of prompb/io/prometheus/write/v2/types.proto.
enum RequestField : protozero::pbf_tag_type { kSymbols = 4, kTimeSeries = 5 };
enum SeriesField : protozero::pbf_tag_type { kLabelRefs = 1, kSamples = 2, kHistograms = 3, kExemplars = 4 };
enum SampleField : protozero::pbf_tag_type { kValue = 1, kTimestamp = 2 };

constexpr auto kBytes = pbf_wire_type::length_delimited;
/// An empty symbol takes 2 bytes of a request and 16 here: without a bound, 32 MiB would become 256.
constexpr std::size_t kMaxSymbols = 1'000'000;
constexpr std::size_t kKeptSymbols = 50'000;
/// Above it no name can be right, and referring to a long symbol often makes a small request large.
constexpr std::size_t kMaxReferences = 20'000;  // of a series
constexpr std::size_t kMaxNameBytes = 16U << 10U;

std::unexpected<Error> BadRequest(std::string_view why) {
  return Fail(ErrorCode::kInvalidArgument, "ingest.bad_protobuf", "cannot read the write request: {}", why);
}

struct TimedValue {
  TimestampMs time;
  double value = 0;
};

TimedValue ReadSample(pbf_reader message) {
  TimedValue sample;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(kValue, pbf_wire_type::fixed64): sample.value = message.get_double(); break;
      case tag_and_type(kTimestamp, pbf_wire_type::varint): sample.time = FromUnixMs(message.get_int64()); break;
      default: message.skip();
    }
  }
  return sample;
}

std::string_view View(const protozero::data_view& view) {
  return {view.data(), view.size()};
}

/// What a symbol means as a label's name.
enum class Meaning : std::uint8_t { kLabel, kMetric, kCluster, kReplica };

Meaning MeaningOf(std::string_view name) {
  if (name == kNameLabel) return Meaning::kMetric;
  if (name == kClusterLabel) return Meaning::kCluster;
  if (name == kReplicaLabel) return Meaning::kReplica;
  return Meaning::kLabel;
}

/// Decodes one request; kept by its thread for the memory.
class Decoder {
 public:
  Result<void> Decode(std::string_view bytes, DecodedRequest& out, Replica& replica);

 private:
  Result<void> ReadSymbols(std::string_view bytes);
  Result<void> ReadSeries(std::string_view bytes, DecodedRequest& out, Replica& replica);
  Result<void> ReadLabels();
  std::uint32_t AddName(std::string_view suffix, std::string_view le, DecodedRequest& out) const;
  void AppendName(std::string_view suffix, std::string_view le, DecodedRequest& out) const;
  /// The name of the series in hand, or of a larger one its metric, for people.
  std::string ShowName(DecodedRequest& out) const;

  struct Symbol {
    std::string_view text;
    Meaning meaning;
  };
  std::vector<Symbol> symbols_;
  std::vector<std::uint32_t> references_;
  std::vector<TimedValue> samples_;
  std::vector<std::string_view> histograms_;
  // Of the series in hand:
  std::size_t name_bytes_ = 0;
  std::string_view metric_;
  std::size_t metric_at_ = 0;  ///< the reference of "__name__"; references_.size() without one
  std::string_view cluster_;
  std::string_view replica_;
};

Result<void> Decoder::ReadSymbols(std::string_view bytes) {
  symbols_.clear();
  if (symbols_.capacity() > kKeptSymbols) symbols_.shrink_to_fit();
  pbf_reader request(bytes.data(), bytes.size());
  while (request.next(kSymbols, kBytes)) {
    if (symbols_.size() == kMaxSymbols) {
      return Fail(ErrorCode::kTooLarge, "ingest.too_many_symbols",
                  "cannot take the request: it has more than {} symbols; send it in parts", kMaxSymbols);
    }
    const std::string_view text = View(request.get_view());
    symbols_.push_back({.text = text, .meaning = MeaningOf(text)});
  }
  if (!symbols_.empty() && !symbols_.front().text.empty()) return BadRequest("its first symbol is not empty");
  return {};
}

Result<void> Decoder::ReadLabels() {
  if (references_.size() % 2 != 0) return BadRequest("a series has a label without a value");
  name_bytes_ = 0;
  metric_ = {};
  metric_at_ = references_.size();
  cluster_ = {};
  replica_ = {};
  for (std::size_t i = 0; i < references_.size(); i += 2) {
    if (references_[i] >= symbols_.size() || references_[i + 1] >= symbols_.size()) {
      return BadRequest(fmt::format("a label refers to symbol {} of {}", std::max(references_[i], references_[i + 1]),
                                    symbols_.size()));
    }
    const Symbol& name = symbols_[references_[i]];
    const std::string_view value = symbols_[references_[i + 1]].text;
    name_bytes_ += name.text.size() + value.size();
    switch (name.meaning) {
      case Meaning::kLabel: break;
      case Meaning::kMetric:
        if (metric_at_ != references_.size()) break;  // a second one is a label, of a name that no label may have
        metric_ = value;
        metric_at_ = i;
        break;
      case Meaning::kCluster: cluster_ = value; break;
      case Meaning::kReplica: replica_ = value; break;
    }
  }
  return {};
}

std::uint32_t Decoder::AddName(std::string_view suffix, std::string_view le, DecodedRequest& out) const {
  AppendName(suffix, le, out);
  return out.FinishSeries();
}

std::string Decoder::ShowName(DecodedRequest& out) const {
  if (name_bytes_ > kMaxNameBytes) {
    out.AppendPart(metric_);
  } else {
    AppendName({}, {}, out);
  }
  std::string shown = tsdb::ShowName(out.name(), &tsdb::DecodePartsName);
  out.DropName();
  return shown;
}

void Decoder::AppendName(std::string_view suffix, std::string_view le, DecodedRequest& out) const {
  if (suffix.empty()) {
    out.AppendPart(metric_);
  } else {
    out.AppendPart(fmt::format("{}{}", metric_, suffix));
  }
  const bool of_pair = !cluster_.empty() && !replica_.empty();
  for (std::size_t i = 0; i < references_.size(); i += 2) {
    const Symbol& name = symbols_[references_[i]];
    if (i == metric_at_ || (of_pair && name.meaning == Meaning::kReplica)) continue;
    out.AppendPart(name.text);
    out.AppendPart(symbols_[references_[i + 1]].text);
  }
  if (!le.empty()) {
    out.AppendPart("le");
    out.AppendPart(le);
  }
}

Result<void> Decoder::ReadSeries(std::string_view bytes, DecodedRequest& out, Replica& replica) {
  references_.clear();
  samples_.clear();
  histograms_.clear();
  std::size_t exemplars = 0;
  pbf_reader message(bytes.data(), bytes.size());
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(kLabelRefs, kBytes):
        for (const std::uint32_t reference : message.get_packed_uint32()) {
          if (references_.size() <= kMaxReferences) references_.push_back(reference);
        }
        break;
      case tag_and_type(kLabelRefs, pbf_wire_type::varint): references_.push_back(message.get_uint32()); break;
      case tag_and_type(kSamples, kBytes): samples_.push_back(ReadSample(message.get_message())); break;
      case tag_and_type(kHistograms, kBytes): histograms_.push_back(View(message.get_view())); break;
      case tag_and_type(kExemplars, kBytes):
        message.skip();
        ++exemplars;
        break;
      default: message.skip();
    }
    // As soon as it is too much: a byte of the message may take 16 here.
    if (references_.size() > kMaxReferences) return BadRequest("a series has too many labels");
    HELIOS_CHECK(out.CheckLimits(samples_.size() + histograms_.size()));
  }
  HELIOS_CHECK(ReadLabels());
  if (exemplars > 0 && out.LeaveOut("ingest.unsupported_exemplar", exemplars)) {
    out.DescribeLeftOut("exemplars are not kept; their samples are", ShowName(out));
  }
  if (samples_.empty() && histograms_.empty()) return {};
  if (name_bytes_ > kMaxNameBytes) {
    for (std::size_t i = 0; i < samples_.size() + histograms_.size(); ++i) {
      if (i >= samples_.size()) out.MarkHistogram();
      out.Reject("ingest.labels_too_large", fmt::format("cannot take a series: its labels have {} bytes", name_bytes_),
                 ShowName(out));
    }
    return {};
  }
  if (out.total() == 0) replica = {.cluster = std::string(cluster_), .name = std::string(replica_)};
  if (!samples_.empty()) {
    const std::uint32_t series = AddName({}, {}, out);
    for (const TimedValue& sample : samples_) out.AddSample(series, sample.time, sample.value);
  }
  for (const std::string_view histogram_bytes : histograms_) {
    const auto histogram = ReadNativeHistogram(histogram_bytes);
    out.MarkHistogram();
    if (!histogram) {
      out.Reject(histogram.error().reason, histogram.error().message, ShowName(out));
      continue;
    }
    out.BeginItem();
    ForEachSeries(histogram->classic, [&](std::string_view suffix, std::string_view le, double value) {
      if (out.CheckLimits()) out.AddRow(AddName(suffix, le, out), histogram->time, value);
    });
    HELIOS_CHECK(out.CheckLimits());
  }
  return {};
}

Result<void> Decoder::Decode(std::string_view bytes, DecodedRequest& out, Replica& replica) {
  HELIOS_CHECK(ReadSymbols(bytes));
  out.CountDistinctSeries();
  std::size_t series = 0;
  pbf_reader request(bytes.data(), bytes.size());
  while (request.next(kTimeSeries, kBytes)) {
    if (++series > out.limits().samples) {  // also where they are empty
      return Fail(ErrorCode::kTooLarge, "ingest.too_many_series",
                  "cannot take the request: it has more than {} series; send it in parts", out.limits().series);
    }
    HELIOS_CHECK(ReadSeries(View(request.get_view()), out, replica));
    HELIOS_CHECK(out.CheckLimits());
  }
  if (series > 0 && symbols_.empty()) return BadRequest("it has no symbols");
  return out.Seal(tsdb::NameFormat::kParts, &tsdb::DecodePartsName);
}

}  // namespace

Result<void> DecodeRemoteWriteV2(std::string_view body, DecodedRequest& out, Replica& replica) {
  HELIOS_TRY(const std::string_view bytes, UncompressSnappy(body, out.limits().decoded_bytes));
  thread_local Decoder decoder;
  try {
    return decoder.Decode(bytes, out, replica);
  } catch (const protozero::exception& error) {
    return BadRequest(error.what());
  }
}

}  // namespace helios::ingest
