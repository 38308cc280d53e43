// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/otlp_translator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <protozero/pbf_writer.hpp>

#include "ingest/decode_test_support.h"
#include "ingest/otlp_json.h"
#include "ingest/otlp_protobuf.h"
#include "tsdb/sample_store.h"

namespace helios::ingest {
namespace {

using protozero::pbf_writer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kNs = 1'767'441'600'000'000'000;
constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);

class OtlpTest : public testing::Test {
 protected:
  Decoded Protobuf(const std::string& body) {
    return RunDecoder([&](DecodedRequest& out) { return Finish(out, DecodeOtlpProtobuf(body, Sink(out))); });
  }
  Decoded Json(std::string_view body) {
    return RunDecoder([&](DecodedRequest& out) { return Finish(out, DecodeOtlpJson(body, Sink(out))); });
  }
  /// One metric of one service, in JSON.
  Decoded Metric(std::string_view metric) {
    return Json(fmt::format(R"({{"resourceMetrics":[{{"resource":{{"attributes":[
      {{"key":"service.name","value":{{"stringValue":"shop"}}}}]}},"scopeMetrics":[{{"metrics":[{}]}}]}}]}})",
                            metric));
  }

  DeltaSums sums_;

 private:
  OtlpTranslator& Sink(DecodedRequest& out) {
    translator_.emplace(TenantId{}, kNow, sums_, out);
    return *translator_;
  }
  static Result<void> Finish(DecodedRequest& out, const Result<void>& decoded) {
    HELIOS_CHECK(decoded);
    return out.Seal(tsdb::NameFormat::kParts, &tsdb::DecodePartsName);
  }

  std::optional<OtlpTranslator> translator_;
};

std::vector<std::string> Samples(const Decoded& decoded) {
  std::vector<std::string> samples;
  for (std::size_t i = 0; i < decoded.rows().size(); ++i) {
    const double value = decoded.rows()[i].value;
    samples.push_back(
        fmt::format("{} {}", decoded.SeriesOf(i), tsdb::IsStaleMarker(value) ? "stale" : fmt::format("{}", value)));
  }
  return samples;
}

void AddAttribute(pbf_writer& to, protozero::pbf_tag_type tag, const std::string& key, const std::string& value) {
  pbf_writer pair(to, tag);
  pair.add_string(1, key);
  pbf_writer(pair, 2).add_string(1, value);
}

TEST_F(OtlpTest, ReadsProtobuf) {
  std::string body;
  {
    pbf_writer request(body);
    pbf_writer resource_metrics(request, 1);
    {
      pbf_writer resource(resource_metrics, 1);
      AddAttribute(resource, 1, "service.name", "shop");
      AddAttribute(resource, 1, "service.namespace", "eu");
      AddAttribute(resource, 1, "service.instance.id", "i-1");
      AddAttribute(resource, 1, "k8s.pod.name", "shop-0");
      AddAttribute(resource, 1, "telemetry.sdk.name", "opentelemetry");
    }
    pbf_writer scope(resource_metrics, 2);
    {
      pbf_writer metric(scope, 2);
      metric.add_string(1, "http.requests");
      metric.add_string(3, "{requests}");
      pbf_writer sum(metric, 7);
      {
        pbf_writer point(sum, 1);
        AddAttribute(point, 7, "http.method", "GET");
        point.add_fixed64(3, kNs);
        point.add_sfixed64(6, 42);
      }
      sum.add_enum(2, 2);
      sum.add_bool(3, true);
    }
    pbf_writer metric(scope, 2);
    metric.add_string(1, "latency");
    metric.add_string(3, "s");
    pbf_writer histogram(metric, 9);
    {
      pbf_writer point(histogram, 1);
      point.add_fixed64(3, kNs);
      point.add_fixed64(4, 6);
      point.add_double(5, 2.5);
      const std::vector<std::uint64_t> counts = {1, 2, 3};
      point.add_packed_fixed64(6, counts.begin(), counts.end());
      const std::vector<double> bounds = {0.1, 1};
      point.add_packed_double(7, bounds.begin(), bounds.end());
    }
    histogram.add_enum(2, 2);
  }
  const Decoded decoded = Protobuf(body);
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.request.total(), 3U);
  const std::string labels = R"(instance="i-1",job="eu/shop",k8s_pod_name="shop-0")";
  EXPECT_THAT(Samples(decoded),
              ElementsAre("target_info{" + labels + ",telemetry_sdk_name=\"opentelemetry\"} 1",
                          "http_requests_total{http_method=\"GET\"," + labels + "} 42",
                          "latency_seconds_bucket{" + labels + ",le=\"0.1\"} 1",
                          "latency_seconds_bucket{" + labels + ",le=\"1\"} 3",
                          "latency_seconds_bucket{" + labels + ",le=\"+Inf\"} 6",
                          "latency_seconds_count{" + labels + "} 6", "latency_seconds_sum{" + labels + "} 2.5"));
  EXPECT_EQ(decoded.rows()[0].time, kNow);
}

TEST_F(OtlpTest, ReadsJson) {
  const Decoded decoded = Metric(R"({"name":"temp","unit":"Cel","unknown":{"a":[1]},"gauge":{"dataPoints":[
    {"timeUnixNano":"1767441600001000000","asDouble":21.5,"attributes":[
      {"key":"n","value":{"intValue":"7"}},{"key":"b","value":{"boolValue":true}},{"key":"d","value":{"doubleValue":0.5}},
      {"key":"a","value":{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":1}]}}}]},
    {"timeUnixNano":1767441600002000000,"asInt":"-3"},
    {"asDouble":"NaN"},
    {"attributes":[]}]}})");
  ASSERT_EQ(decoded.reason, "");
  EXPECT_THAT(Samples(decoded), ElementsAre(R"x(temp_celsius{a="[\"x\",1]",b="true",d="0.5",job="shop",n="7"} 21.5)x",
                                            R"(temp_celsius{job="shop"} -3)", R"(temp_celsius{job="shop"} nan)"));
  EXPECT_EQ(ToUnixMs(decoded.rows()[0].time), 1'767'441'600'001);
  EXPECT_EQ(decoded.rows()[2].time, kNow);
  ASSERT_EQ(decoded.rejected().size(), 1U);
  EXPECT_EQ(decoded.rejected()[0].code, "ingest.bad_data_point");
  EXPECT_EQ(decoded.rejected()[0].index, 3U);
  EXPECT_EQ(decoded.rejected()[0].series, R"(temp_celsius{job="shop"})");
}

TEST_F(OtlpTest, KeepsAttributesOfAResourceInTargetInfoOnceAResource) {
  const auto resource = [](std::string_view attributes, std::string_view points) {
    return fmt::format(R"({{"resource":{{"attributes":[{}]}},"scopeMetrics":[{{"metrics":[
      {{"name":"a","gauge":{{"dataPoints":[{}]}}}}]}}]}})",
                       attributes, points);
  };
  const auto text = [](std::string_view key, std::string_view value) {
    return fmt::format(R"({{"key":"{}","value":{{"stringValue":"{}"}}}})", key, value);
  };
  const std::string two_points = R"({"asInt":1},{"asInt":2,"attributes":[{"key":"x","value":{"intValue":1}}]})";
  const std::string shop = text("service.name", "shop");
  const Decoded decoded =
      Json(fmt::format(R"({{"resourceMetrics":[{},{},{},{},{}]}})",
                       resource(shop + "," + text("service.version", "1.2") + "," + text("os-type", "linux") + "," +
                                    text("os.type", "x") + "," + text("job", "of another") + "," +
                                    text("process.command_line", std::string(1'000, 'c')),
                                two_points),
                       resource(shop, R"({"asInt":3})"),                            // nothing but who it is
                       resource(text("service.version", "1.3"), R"({"asInt":4})"),  // nothing to find it by
                       resource(shop + "," + text("service.version", "1.4"), ""),   // no point of it
                       resource(shop + "," + text("service.version", "1.5"), "{}")));
  ASSERT_EQ(decoded.reason, "");
  EXPECT_THAT(Samples(decoded), ElementsAre(R"(target_info{job="shop",os_type="linux;x",service_version="1.2"} 1)",
                                            R"(a{job="shop"} 1)", R"(a{job="shop",x="1"} 2)", R"(a{job="shop"} 3)",
                                            "a 4", R"(target_info{job="shop",service_version="1.5"} 1)"));
  EXPECT_EQ(decoded.request.total(), 7U);
  ASSERT_EQ(decoded.rejected().size(), 1U);
  EXPECT_EQ(decoded.rejected()[0].index, 6U);
}

TEST_F(OtlpTest, FitsTargetInfoIntoWhatASeriesMayHave) {
  std::string attributes = R"({"key":"service.name","value":{"stringValue":"shop"}})";
  for (int i = 0; i < 100; ++i) {
    attributes += fmt::format(R"(,{{"key":"a{}","value":{{"stringValue":"{}"}}}})", i, std::string(500, 'v'));
  }
  const Decoded decoded = Json(fmt::format(
      R"({{"resourceMetrics":[{{"resource":{{"attributes":[{}]}},"scopeMetrics":[{{"metrics":[
        {{"name":"a","gauge":{{"dataPoints":[{{"asInt":1}}]}}}}]}}]}}]}})",
      attributes));
  ASSERT_EQ(decoded.rows().size(), 2U);
  EXPECT_TRUE(decoded.SeriesOf(0).starts_with("target_info{a0=")) << decoded.SeriesOf(0);  // and not a code
}

TEST_F(OtlpTest, EndsASeriesWhereNoValueWasRecorded) {
  EXPECT_THAT(Samples(Metric(R"({"name":"a","gauge":{"dataPoints":[{"flags":1}]}})")),
              ElementsAre(R"(a{job="shop"} stale)"));
  EXPECT_THAT(Samples(Metric(R"({"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[{"flags":1}]}})")),
              ElementsAre(R"(h_bucket{job="shop",le="+Inf"} stale)", R"(h_count{job="shop"} stale)",
                          R"(h_sum{job="shop"} stale)"));
}

TEST_F(OtlpTest, ReadsExponentialHistogramsAndSummaries) {
  EXPECT_THAT(Samples(Metric(R"({"name":"e","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[
      {"count":"6","sum":9,"scale":1,"zeroCount":1,"positive":{"offset":0,"bucketCounts":["1","2","2"]}}]}})")),
              ElementsAre(R"(e_bucket{job="shop",le="0"} 1)", R"(e_bucket{job="shop",le="1"} 1)",
                          R"(e_bucket{job="shop",le="2"} 4)", R"(e_bucket{job="shop",le="4"} 6)",
                          R"(e_bucket{job="shop",le="+Inf"} 6)", R"(e_count{job="shop"} 6)", R"(e_sum{job="shop"} 9)"));
  EXPECT_THAT(Samples(Metric(R"({"name":"s","summary":{"dataPoints":[
      {"count":3,"sum":6,"quantileValues":[{"quantile":0.5,"value":2},{"quantile":1,"value":3}]}]}})")),
              ElementsAre(R"(s{job="shop",quantile="0.5"} 2)", R"(s{job="shop",quantile="1"} 3)",
                          R"(s_count{job="shop"} 3)", R"(s_sum{job="shop"} 6)"));
}

TEST_F(OtlpTest, AddsDeltasUp) {
  const auto delta = [&](int second, int value) {
    return Metric(fmt::format(R"({{"name":"n","sum":{{"aggregationTemporality":"AGGREGATION_TEMPORALITY_DELTA",
      "isMonotonic":true,"dataPoints":[{{"timeUnixNano":"{}000000000","asInt":{}}}]}}}})",
                              1'767'441'600 + second, value));
  };
  EXPECT_THAT(Samples(delta(0, 3)), ElementsAre(R"(n_total{job="shop"} 3)"));
  EXPECT_THAT(Samples(delta(10, 4)), ElementsAre(R"(n_total{job="shop"} 7)"));
  const Decoded repeated = delta(10, 4);
  EXPECT_THAT(Samples(repeated), IsEmpty());
  EXPECT_EQ(repeated.request.total(), 1U);
  EXPECT_THAT(repeated.rejected(), IsEmpty());
  EXPECT_EQ(delta(5, 1).rejected().at(0).code, "ingest.out_of_order");
}

TEST_F(OtlpTest, RefusesWhatMakesNoSense) {
  EXPECT_EQ(Metric(R"({"name":"n","sum":{"dataPoints":[{"asInt":1}]}})").rejected().at(0).code,
            "ingest.bad_temporality");
  EXPECT_EQ(Metric(R"({"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[
      {"count":1,"explicitBounds":[1,1],"bucketCounts":[1,0,0]}]}})")
                .rejected()
                .at(0)
                .code,
            "ingest.bad_histogram");
  EXPECT_EQ(Metric(R"({"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[
      {"count":1,"explicitBounds":[1],"bucketCounts":[1]}]}})")
                .rejected()
                .at(0)
                .code,
            "ingest.bad_histogram");
  EXPECT_EQ(Metric(R"({"name":"...","gauge":{"dataPoints":[{"asInt":1}]}})").SeriesOf(0), "ingest.bad_metric_name");
  EXPECT_EQ(Metric(R"({"name":7})").reason, "ingest.bad_envelope");
  EXPECT_EQ(Metric(R"({"name":"n","gauge":{"dataPoints":[{"asInt":"1.5"}]}})").reason, "ingest.bad_envelope");
  EXPECT_EQ(Json("[]").reason, "ingest.bad_envelope");
  EXPECT_EQ(Json("{").reason, "http.bad_json");
  EXPECT_EQ(Protobuf("\x0a\x7f").reason, "ingest.bad_protobuf");
}

TEST_F(OtlpTest, JoinsKeysThatBecomeOneLabel) {
  EXPECT_THAT(Samples(Metric(R"({"name":"a","gauge":{"dataPoints":[{"asInt":1,"attributes":[
      {"key":"x.y","value":{"stringValue":"1"}},{"key":"x_y","value":{"stringValue":"2"}},
      {"key":"job","value":{"stringValue":"mine"}}]}]}})")),
              ElementsAre(R"(a{job="shop",x_y="1;2"} 1)"));
}

/// `inner` as the field `tag` of a message.
std::string Wrap(protozero::pbf_tag_type tag, const std::string& inner) {
  std::string message;
  pbf_writer(message).add_bytes(tag, inner);
  return message;
}

TEST_F(OtlpTest, KeepsNothingOfAMillionEmptyResourcesAndMetricsAndEndsAtAMillionEmptyPoints) {
  const auto million = [](std::string_view tag) {
    std::string bytes;
    for (int i = 0; i < 1'000'000; ++i) bytes.append(tag).push_back('\0');
    return bytes;
  };
  for (const std::string& body : {million("\x0a"), Wrap(1, Wrap(2, million("\x12")))}) {
    const Decoded decoded = Protobuf(body);
    EXPECT_EQ(decoded.reason, "");
    EXPECT_EQ(decoded.request.total(), 0U);
    EXPECT_EQ(decoded.request.bytes(), 0U);
  }
  // Of a gauge, and of a summary, whose points have series without any value in them.
  for (const protozero::pbf_tag_type kind : {5U, 11U}) {
    const Decoded decoded = Protobuf(Wrap(1, Wrap(2, Wrap(2, Wrap(kind, million("\x0a"))))));
    EXPECT_EQ(decoded.reason, "ingest.too_many_samples");
    EXPECT_LE(decoded.request.total(), kMaxSamplesPerRequest + 1);
  }
}

TEST_F(OtlpTest, DoesTheSameWithThemInJson) {
  std::string million = "{}";
  for (int i = 1; i < 1'000'000; ++i) million += ",{}";
  const Decoded resources = Json(R"({"resourceMetrics":[)" + million + "]}");
  EXPECT_EQ(resources.reason, "");
  EXPECT_EQ(resources.request.bytes(), 0U);
  const Decoded metrics = Json(R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[)" + million + "]}]}]}");
  EXPECT_EQ(metrics.reason, "");
  EXPECT_EQ(metrics.request.bytes(), 0U);
  EXPECT_EQ(Metric(R"({"name":"a","gauge":{"dataPoints":[)" + million + "]}}").reason, "ingest.too_many_samples");
}

TEST_F(OtlpTest, RefusesAFlagWithoutItsByte) {
  // is_monotonic of a sum, then nothing; of its own memory, so that the address sanitizer sees what lies behind.
  std::string request = Wrap(1, Wrap(2, Wrap(2, Wrap(7, "\x18"))));
  request.shrink_to_fit();
  EXPECT_EQ(Protobuf(request).reason, "ingest.bad_protobuf");
  EXPECT_EQ(Protobuf(Wrap(1, Wrap(1, Wrap(1, Wrap(2, "\x10"))))).reason, "ingest.bad_protobuf");
}

TEST_F(OtlpTest, StopsAtTheLimits) {
  std::string points;
  for (std::size_t i = 0; i <= kMaxSamplesPerRequest; ++i) points += R"({"asInt":1},)";
  points.pop_back();
  EXPECT_EQ(Metric(R"({"name":"a","gauge":{"dataPoints":[)" + points + "]}}").reason, "ingest.too_many_samples");

  std::string attributes;
  for (int i = 0; i < 1'000; ++i) attributes += fmt::format(R"({{"key":"k{}","value":{{"intValue":1}}}},)", i);
  attributes.pop_back();
  EXPECT_EQ(Metric(R"({"name":"a","gauge":{"dataPoints":[{"asInt":1,"attributes":[)" + attributes + "]}]}}")
                .rejected()
                .at(0)
                .code,
            "ingest.bad_data_point");
}

}  // namespace
}  // namespace helios::ingest
