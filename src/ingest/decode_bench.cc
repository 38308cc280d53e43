// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What each protocol's decoding costs a sample: requests of 500 series with 8 labels and one sample each, as they come
// from the wire. The figure to read is cpu_per_million: CPU time per million samples.
#include <benchmark/benchmark.h>

#include "ingest/decode_test_support.h"
#include "ingest/json_decoder.h"
#include "ingest/line_protocol_decoder.h"
#include "ingest/otlp_protobuf.h"
#include "ingest/otlp_translator.h"
#include "ingest/remote_write_decoder.h"
#include "ingest/remote_write_test_support.h"
#include "ingest/remote_write_v2_decoder.h"

namespace helios::ingest {
namespace {

constexpr int kSeries = 500;
constexpr std::int64_t kTime = 1'767'441'600'123;

LabelPairs LabelsOf(int series) {
  return {{"__name__", "node_cpu_seconds_total"},
          {"cluster", "production-eu-1"},
          {"cpu", std::to_string(series % 16)},
          {"instance", "ip-10-0-" + std::to_string(series / 16) + "-17.eu-central-1.compute.internal:9100"},
          {"job", "node-exporter"},
          {"mode", series % 2 == 0 ? "idle" : "system"},
          {"namespace", "monitoring"},
          {"region", "eu-central-1"},
          {"zone", "eu-central-1a"}};
}

double ValueOf(int series) {
  return 1000.25 * series + 0.5;
}

void Measure(benchmark::State& state, std::size_t bytes, auto&& decode) {
  DecodedRequest request;
  std::size_t rows = 0;
  for (auto _ : state) {
    request.Clear();
    if (!decode(request)) state.SkipWithError("the request was refused");
    rows += request.batch().rows.size();
    benchmark::DoNotOptimize(request.batch().series.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(rows));
  state.counters["cpu_per_million"] =
      benchmark::Counter(static_cast<double>(rows) * 1e-6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes_per_sample"] = static_cast<double>(bytes) / kSeries;
}

void BM_RemoteWrite(benchmark::State& state) {
  WriteRequestV1 request;
  for (int i = 0; i < kSeries; ++i) request.Add(LabelsOf(i)).Sample(ValueOf(i), kTime);
  const std::string body = SnappyBlock(request.bytes());
  Measure(state, body.size(), [&](DecodedRequest& out) { return DecodeRemoteWrite(body, out); });
}
BENCHMARK(BM_RemoteWrite);

/// With an exemplar in each series: the way of messages that are read field by field.
void BM_RemoteWriteGeneral(benchmark::State& state) {
  WriteRequestV1 request;
  for (int i = 0; i < kSeries; ++i) request.Add(LabelsOf(i)).Sample(ValueOf(i), kTime).Exemplar(1, kTime);
  const std::string body = SnappyBlock(request.bytes());
  Measure(state, body.size(), [&](DecodedRequest& out) { return DecodeRemoteWrite(body, out); });
}
BENCHMARK(BM_RemoteWriteGeneral);

void BM_RemoteWriteV2(benchmark::State& state) {
  WriteRequestV2 request;
  for (int i = 0; i < kSeries; ++i) request.Add(LabelsOf(i), {{.value = ValueOf(i), .time = kTime}});
  const std::string body = SnappyBlock(request.bytes());
  Measure(state, body.size(), [&](DecodedRequest& out) {
    Replica replica;
    return DecodeRemoteWriteV2(body, out, replica);
  });
}
BENCHMARK(BM_RemoteWriteV2);

void BM_Json(benchmark::State& state) {
  std::string body = R"({"metrics":[)";
  for (int i = 0; i < kSeries; ++i) {
    const LabelPairs labels = LabelsOf(i);
    body += fmt::format(R"({}{{"name":"{}","value":{},"timestamp":{},"labels":{{)", i == 0 ? "" : ",", labels[0].second,
                        ValueOf(i), kTime);
    for (std::size_t label = 1; label < labels.size(); ++label) {
      body += fmt::format(R"({}"{}":"{}")", label == 1 ? "" : ",", labels[label].first, labels[label].second);
    }
    body += "}}";
  }
  body += "]}";
  Measure(state, body.size(), [&](DecodedRequest& out) { return DecodeJson(body, FromUnixMs(kTime), out); });
}
BENCHMARK(BM_Json);

void BM_LineProtocol(benchmark::State& state) {
  std::string body;
  for (int i = 0; i < kSeries; ++i) {
    const LabelPairs labels = LabelsOf(i);
    body += labels[0].second;
    for (std::size_t label = 1; label < labels.size(); ++label) {
      body += fmt::format(",{}={}", labels[label].first, labels[label].second);
    }
    body += fmt::format(" value={} {}000000\n", ValueOf(i), kTime);
  }
  Measure(state, body.size(), [&](DecodedRequest& out) { return DecodeLineProtocol(body, {}, out); });
}
BENCHMARK(BM_LineProtocol);

/// Five resources of a hundred gauge points each.
void BM_OtlpProtobuf(benchmark::State& state) {
  std::string body;
  protozero::pbf_writer request(body);
  const auto attribute = [](protozero::pbf_writer& to, protozero::pbf_tag_type tag, const std::string& key,
                            const std::string& value) {
    protozero::pbf_writer pair(to, tag);
    pair.add_string(1, key);
    protozero::pbf_writer(pair, 2).add_string(1, value);
  };
  for (int resource = 0; resource < 5; ++resource) {
    protozero::pbf_writer metrics(request, 1);
    {
      protozero::pbf_writer attributes(metrics, 1);
      attribute(attributes, 1, "service.name", "node-exporter");
      attribute(attributes, 1, "service.instance.id", std::to_string(resource));
    }
    protozero::pbf_writer scope(metrics, 2);
    protozero::pbf_writer metric(scope, 2);
    metric.add_string(1, "system.cpu.time");
    metric.add_string(3, "s");
    protozero::pbf_writer gauge(metric, 5);
    for (int i = 0; i < kSeries / 5; ++i) {
      protozero::pbf_writer point(gauge, 1);
      const LabelPairs labels = LabelsOf(i);
      for (std::size_t label = 1; label < 7; ++label) attribute(point, 7, labels[label].first, labels[label].second);
      point.add_fixed64(3, static_cast<std::uint64_t>(kTime) * 1'000'000);
      point.add_double(4, ValueOf(i));
    }
  }
  DeltaSums sums;
  Measure(state, body.size(), [&](DecodedRequest& out) -> Result<void> {
    OtlpTranslator translator({}, FromUnixMs(kTime), sums, out);
    HELIOS_CHECK(DecodeOtlpProtobuf(body, translator));
    return out.Seal(tsdb::NameFormat::kParts, &tsdb::DecodePartsName);
  });
}
BENCHMARK(BM_OtlpProtobuf);

}  // namespace
}  // namespace helios::ingest
