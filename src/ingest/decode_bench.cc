// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What each protocol's decoding costs a sample: requests of 500 series with 8 labels and one sample each, as they come
// from the wire. The figure to read is ns_per_sample; a thousandth of it is CPU seconds per million samples.
#include <benchmark/benchmark.h>

#include "ingest/decode_test_support.h"
#include "ingest/json_decoder.h"
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
  state.counters["ns_per_sample"] =
      benchmark::Counter(static_cast<double>(rows) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
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

}  // namespace
}  // namespace helios::ingest
