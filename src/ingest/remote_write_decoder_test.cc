// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/remote_write_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/decode_test_support.h"
#include "ingest/remote_write_test_support.h"
#include "tsdb/sample_store.h"

namespace helios::ingest {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kTime = 1'767'441'600'000;

Decoded Write(const std::string& bytes) {
  return RunDecoder([body = SnappyBlock(bytes)](DecodedRequest& out) { return DecodeRemoteWrite(body, out); });
}

/// "series time value" of each row.
std::vector<std::string> Rows(const Decoded& decoded) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < decoded.rows().size(); ++i) {
    rows.push_back(fmt::format("{} {} {}", decoded.SeriesOf(i), ToUnixMs(decoded.rows()[i].time) - kTime,
                               decoded.rows()[i].value));
  }
  return rows;
}

TEST(DecodeRemoteWrite, KeepsValuesBitForBit) {
  WriteRequestV1 request;
  request.Add({{"__name__", "up"}, {"job", "node"}})
      .Sample(1, kTime)
      .Sample(std::bit_cast<double>(tsdb::kStaleMarkerBits), kTime + 1);
  const Decoded decoded = Write(request.bytes());
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.SeriesOf(0), R"(up{job="node"})");
  ASSERT_EQ(decoded.rows().size(), 2U);
  EXPECT_EQ(decoded.rows()[0].value, 1);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(decoded.rows()[1].value), tsdb::kStaleMarkerBits);
}

TEST(DecodeRemoteWrite, TakesTheLabelsOfAKnownShapeUnread) {
  WriteRequestV1 request;
  request.Add({{"__name__", "a"}, {"job", "x"}}).Sample(1.5, kTime);
  request.Add({{"__name__", "zero"}}).Sample(0, kTime);
  request.Add({{"__name__", "mixed"}})
      .Sample(0, kTime)
      .Sample(2, kTime + 1)
      .Sample(0, kTime + 2)
      .Sample(-0.0, kTime + 3);
  const Decoded decoded = Write(request.bytes());
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.request.batch().format, tsdb::NameFormat::kRemoteWrite);
  EXPECT_THAT(Rows(decoded),
              ElementsAre(R"(a{job="x"} 0 1.5)", "zero 0 0", "mixed 0 0", "mixed 1 2", "mixed 2 0", "mixed 3 -0"));
}

TEST(DecodeRemoteWrite, ReadsMessagesOfAnyOtherShape) {
  WriteRequestV1 request;
  request.Add({}).Sample(1, kTime).Label("__name__", "labels_last");
  request.Add({{"__name__", "split"}}).Sample(1, 5).Label("job", "x").Exemplar(1, kTime);
  request.Add({{"__name__", "ancient"}}).Sample(1, -1);
  const Decoded decoded = Write(request.bytes());
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.SeriesOf(0), "labels_last");
  EXPECT_EQ(decoded.SeriesOf(1), R"(split{job="x"})");
  EXPECT_EQ(ToUnixMs(decoded.rows()[1].time), 5);
  EXPECT_EQ(ToUnixMs(decoded.rows()[2].time), -1);
  ASSERT_EQ(decoded.request.left_out().size(), 1U);
  EXPECT_EQ(decoded.request.left_out()[0].code, "ingest.unsupported_exemplar");
}

TEST(DecodeRemoteWrite, ReadsHistoryOfAnyTime) {
  // A time of 1970 takes fewer bytes than those of our time, which stand behind it.
  WriteRequestV1 request;
  request.Add({{"__name__", "a"}, {"job", "x"}}).Sample(1, 86'400'000).Sample(2, kTime);
  const Decoded decoded = RunDecoder([body = SnappyBlock(request.bytes())](DecodedRequest& out) {
    return DecodeRemoteWrite(body, out, SampleTimes::kAny);
  });
  EXPECT_EQ(decoded.reason, "");
  EXPECT_THAT(Rows(decoded), ElementsAre(fmt::format("a{{job=\"x\"}} {} 1", 86'400'000 - kTime), "a{job=\"x\"} 0 2"));
}

TEST(DecodeRemoteWrite, LeavesNamesForTheStoreToRead) {
  WriteRequestV1 request;
  request.Add({{"job", "node"}}).Sample(1, kTime).Sample(2, kTime + 1);
  request.Add({{"__name__", "up"}, {"__name__", "down"}}).Sample(1, kTime);
  request.Add({{"__name__", "up"}}).Sample(3, kTime);
  // What looks like a sample at the end is the tail of a label: nothing of it must pass for a series.
  const std::string tail = std::string("\x12\x10\x09", 3) + "12345678" + "\x10\x80\xb0\xa9\xca\xb8\x33";
  request.Add({{"__name__", "up"}, {"evil", tail}});
  const Decoded decoded = Write(request.bytes());
  ASSERT_EQ(decoded.reason, "");
  ASSERT_EQ(decoded.rows().size(), 5U);
  EXPECT_EQ(decoded.SeriesOf(0), "ingest.bad_metric_name");
  EXPECT_EQ(decoded.SeriesOf(2), "ingest.duplicate_label");
  EXPECT_EQ(decoded.SeriesOf(3), "up");
  EXPECT_EQ(decoded.SeriesOf(4), "ingest.bad_protobuf");
}

TEST(DecodeRemoteWrite, DropsTheReplicaOfAPairAlone) {
  WriteRequestV1 request;
  request.Add({{"__name__", "up"}, {"__replica__", "a"}, {"cluster", "eu"}}).Sample(1, kTime);
  request.Add({{"__name__", "up"}, {"__replica__", "a"}}).Sample(1, kTime);
  const Decoded decoded = Write(request.bytes());
  EXPECT_EQ(decoded.SeriesOf(0), R"(up{cluster="eu"})");
  EXPECT_EQ(decoded.SeriesOf(1), R"(up{__replica__="a"})");
  const Replica replica = ReplicaOfRemoteWriteName(decoded.request.batch().series[0]);
  EXPECT_EQ(replica.cluster, "eu");
  EXPECT_EQ(replica.name, "a");
  EXPECT_FALSE(ReplicaOfRemoteWriteName(decoded.request.batch().series[1]).of_pair());
}

TEST(DecodeRemoteWrite, StoresANativeHistogramAsAClassicOne) {
  WriteRequestV1 request;
  request.Add({{"__name__", "up"}}).Sample(1, kTime);
  request.Add({{"__name__", "latency"}, {"job", "x"}}).Histogram(NativeHistogramMessage(kTime));
  const Decoded decoded = Write(request.bytes());
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.request.total(), 2U);
  EXPECT_THAT(decoded.request.histograms(), ElementsAre(1));
  // Schema 1 halved twice each power of two; merged, (0.25, 0.5] is empty, (0.5, 1] has 4, (1, 2] has 2.
  EXPECT_THAT(
      Rows(decoded),
      ElementsAre("up 0 1", R"(latency_bucket{job="x",le="-1"} 0 0)", R"(latency_bucket{job="x",le="-0.5"} 0 1)",
                  R"(latency_bucket{job="x",le="-0.001"} 0 1)", R"(latency_bucket{job="x",le="0.001"} 0 3)",
                  R"(latency_bucket{job="x",le="0.5"} 0 3)", R"(latency_bucket{job="x",le="1"} 0 7)",
                  R"(latency_bucket{job="x",le="2"} 0 9)", R"(latency_bucket{job="x",le="+Inf"} 0 9)",
                  R"(latency_count{job="x"} 0 9)", R"(latency_sum{job="x"} 0 12.5)"));
  for (std::size_t row = 1; row < decoded.rows().size(); ++row) EXPECT_EQ(decoded.request.PositionOf(row), 1U);
}

TEST(DecodeRemoteWrite, RejectsAHistogramThatDoesNotAddUp) {
  std::string bytes = NativeHistogramMessage(kTime);
  protozero::pbf_writer(bytes).add_sint64(12, 7);  // one more delta than the spans have buckets
  WriteRequestV1 request;
  request.Add({{"__name__", "latency"}}).Histogram(bytes);
  const Decoded decoded = Write(request.bytes());
  ASSERT_EQ(decoded.reason, "");
  EXPECT_TRUE(decoded.rows().empty());
  ASSERT_EQ(decoded.rejected().size(), 1U);
  EXPECT_EQ(decoded.rejected()[0].code, "ingest.bad_histogram");
  EXPECT_EQ(decoded.rejected()[0].series, "latency");
}

TEST(DecodeRemoteWrite, RefusesABombBeforeAllocating) {
  // A varint that declares 2.7 GB, and nothing behind it.
  const std::string bomb = "\x80\xd8\xbb\x85\x0a" + std::string(42, '\0');
  EXPECT_EQ(RunDecoder([&](DecodedRequest& out) { return DecodeRemoteWrite(bomb, out); }).reason,
            "http.body_too_large");
}

TEST(DecodeRemoteWrite, RefusesDamage) {
  const auto raw = [](const std::string& body) {
    return RunDecoder([&](DecodedRequest& out) { return DecodeRemoteWrite(body, out); }).reason;
  };
  EXPECT_EQ(raw(""), "ingest.bad_snappy");
  EXPECT_EQ(raw("\xff\xff\xff\xff\xff\xff"), "ingest.bad_snappy");
  EXPECT_EQ(Write("\x0a\x7f not a message").reason, "ingest.bad_protobuf");
  EXPECT_EQ(Write("\x0a\x02\x0a\xff").reason, "ingest.bad_protobuf");
  // Varints that never end, as a tag, as a length, and in a sample.
  const std::string endless(12, '\xff');
  EXPECT_EQ(Write(endless).reason, "ingest.bad_protobuf");
  EXPECT_EQ(Write("\x0a" + endless).reason, "ingest.bad_protobuf");
  EXPECT_EQ(Write("\x0a\x0f\x12\x0d\x10" + endless).reason, "ingest.bad_protobuf");
  // A string where a number should be, and the other way round.
  EXPECT_EQ(Write(std::string("\x0a\x06\x12\x04\x0a\x02\x10\x01", 8)).reason, "");
}

TEST(DecodeRemoteWrite, StopsAtTheLimits) {
  std::string million;
  for (int i = 0; i < 1'000'000; ++i) million.append("\x0a\x00", 2);
  EXPECT_EQ(Write(million).reason, "ingest.too_many_series");

  WriteRequestV1 many;
  {
    auto series = many.Add({{"__name__", "a"}});
    for (std::size_t i = 0; i <= kMaxSamplesPerRequest; ++i) series.Sample(1, kTime + static_cast<std::int64_t>(i));
  }
  EXPECT_EQ(Write(many.bytes()).reason, "ingest.too_many_samples");

  // A series counts once, however often it is named: Prometheus does so with each sample.
  const auto with = [](std::size_t series) {
    WriteRequestV1 request;
    for (std::size_t i = 0; i < 20'000; ++i) {
      request.Add({{"__name__", "a"}, {"n", std::to_string(i % series)}})
          .Sample(1, kTime + static_cast<std::int64_t>(i));
    }
    return Write(request.bytes());
  };
  EXPECT_EQ(with(5'000).request.batch().series.size(), 5'000U);
  EXPECT_EQ(with(kMaxSeriesPerRequest + 1).reason, "ingest.too_many_series");
}

}  // namespace
}  // namespace helios::ingest
