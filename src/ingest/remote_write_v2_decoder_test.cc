// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/remote_write_v2_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/decode_test_support.h"
#include "ingest/remote_write_test_support.h"

namespace helios::ingest {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kTime = 1'767'441'600'000;

Decoded Write(const std::string& bytes, Replica* replica = nullptr) {
  Replica ignored;
  return RunDecoder([&, body = SnappyBlock(bytes)](DecodedRequest& out) {
    return DecodeRemoteWriteV2(body, out, replica == nullptr ? ignored : *replica);
  });
}

TEST(DecodeRemoteWriteV2, PutsNamesTogetherFromSymbols) {
  WriteRequestV2 request;
  request.Add({{"__name__", "cpu"}, {"host", "a"}}, {{.value = 1.5, .time = kTime}, {.value = 0, .time = kTime + 1}});
  request.Add({{"__name__", "cpu"}, {"host", "b"}}, {{.value = 2, .time = kTime}});
  const Decoded decoded = Write(request.bytes());
  ASSERT_EQ(decoded.reason, "");
  ASSERT_EQ(decoded.rows().size(), 3U);
  EXPECT_EQ(decoded.SeriesOf(0), R"(cpu{host="a"})");
  EXPECT_EQ(decoded.SeriesOf(1), R"(cpu{host="a"})");
  EXPECT_EQ(decoded.SeriesOf(2), R"(cpu{host="b"})");
  EXPECT_EQ(ToUnixMs(decoded.rows()[1].time), kTime + 1);
  EXPECT_EQ(decoded.rows()[2].value, 2);
}

TEST(DecodeRemoteWriteV2, CountsExemplarsAsLeftOut) {
  WriteRequestV2 request;
  request.Add({{"__name__", "cpu"}}, {{.value = 1, .time = kTime}}, {}, 2);
  request.Add({{"__name__", "cpu"}}, {}, {}, 3);  // Prometheus sends exemplars apart from samples
  const Decoded decoded = Write(request.bytes());
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.rows().size(), 1U);
  ASSERT_EQ(decoded.request.left_out().size(), 1U);
  EXPECT_EQ(decoded.request.left_out()[0].count, 5U);
  EXPECT_EQ(decoded.request.left_out()[0].series, "cpu");
}

TEST(DecodeRemoteWriteV2, StoresANativeHistogramAsAClassicOne) {
  WriteRequestV2 request;
  request.Add({{"__name__", "latency"}}, {}, {NativeHistogramMessage(kTime)});
  const Decoded decoded = Write(request.bytes());
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.request.total(), 1U);
  EXPECT_THAT(decoded.request.histograms(), ElementsAre(0));
  EXPECT_EQ(decoded.SeriesOf(0), R"(latency_bucket{le="-1"})");
  EXPECT_EQ(decoded.SeriesOf(decoded.rows().size() - 1), "latency_sum");
}

TEST(DecodeRemoteWriteV2, KnowsThePairThatSends) {
  WriteRequestV2 request;
  request.Add({{"__name__", "up"}, {"__replica__", "b"}, {"cluster", "eu"}}, {{.value = 1, .time = kTime}});
  Replica replica;
  const Decoded decoded = Write(request.bytes(), &replica);
  EXPECT_EQ(replica.cluster, "eu");
  EXPECT_EQ(replica.name, "b");
  EXPECT_EQ(decoded.SeriesOf(0), R"(up{cluster="eu"})");
}

TEST(DecodeRemoteWriteV2, RefusesReferencesThatLeadNowhere) {
  const auto reason = [](const std::vector<std::uint32_t>& references) {
    WriteRequestV2 request;
    request.Symbol("__name__");
    request.Symbol("up");
    request.AddReferences(references, {{.value = 1, .time = kTime}});
    return Write(request.bytes()).reason;
  };
  EXPECT_EQ(reason({1, 2}), "");
  EXPECT_EQ(reason({1, 3}), "ingest.bad_protobuf");
  EXPECT_EQ(reason({4'294'967'295, 0}), "ingest.bad_protobuf");
  EXPECT_EQ(reason({1, 2, 1}), "ingest.bad_protobuf");
}

TEST(DecodeRemoteWriteV2, WantsAnEmptyFirstSymbol) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_string(4, "__name__");
  writer.add_string(4, "up");
  EXPECT_EQ(Write(bytes).reason, "ingest.bad_protobuf");
}

TEST(DecodeRemoteWriteV2, ReadsNothingOutOfAVersionOneRequest) {
  WriteRequestV1 request;
  request.Add({{"__name__", "up"}}).Sample(1, kTime);
  const Decoded decoded = Write(request.bytes());
  EXPECT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.request.total(), 0U);
}

TEST(DecodeRemoteWriteV2, RefusesAMillionEmptySeries) {
  std::string million;
  for (int i = 0; i < 1'000'000; ++i) million.append("\x2a\x00", 2);
  const Decoded decoded = Write(million);
  EXPECT_EQ(decoded.reason, "ingest.too_many_series");
  EXPECT_EQ(decoded.request.bytes(), 0U);
}

TEST(DecodeRemoteWriteV2, StopsAtTheLimits) {
  std::string symbols;
  for (int i = 0; i < 2'000'000; ++i) symbols.append("\x22\x00", 2);
  EXPECT_EQ(Write(symbols).reason, "ingest.too_many_symbols");

  // Few bytes that refer to a long symbol very often.
  WriteRequestV2 bomb;
  const std::uint32_t name = bomb.Symbol("n");
  const std::uint32_t value = bomb.Symbol(std::string(2'000, 'v'));
  std::vector<std::uint32_t> references;
  for (int i = 0; i < 10'000; ++i) references.insert(references.end(), {name, value});
  bomb.AddReferences(references, {{.value = 1, .time = kTime}});
  const Decoded decoded = Write(bomb.bytes());
  EXPECT_EQ(decoded.reason, "");
  ASSERT_EQ(decoded.rejected().size(), 1U);
  EXPECT_EQ(decoded.rejected()[0].code, "ingest.labels_too_large");

  WriteRequestV2 wide;
  for (std::uint32_t i = 0; i < 9'000; ++i) {
    wide.AddReferences({wide.Symbol("__name__"), wide.Symbol("m"), wide.Symbol("a"),
                        wide.Symbol(std::string(5'000, 'x')), wide.Symbol("b"), wide.Symbol(std::to_string(i))},
                       {{.value = 1, .time = kTime}});
  }
  EXPECT_EQ(Write(wide.bytes()).reason, "http.body_too_large");
}

}  // namespace
}  // namespace helios::ingest
