// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/json_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/decode_test_support.h"

namespace helios::ingest {
namespace {

using ::testing::ElementsAre;

const TimestampMs kNow = FromUnixMs(1'767'441'600'000);

Decoded Json(std::string_view body) {
  return RunDecoder([body](DecodedRequest& out) { return DecodeJson(body, kNow, out); });
}

TEST(DecodeJson, ReadsSamplesWithEveryField) {
  const Decoded decoded = Json(
      R"({"metrics":[
        {"name":"cpu","value":0.75,"timestamp":"2026-01-03T12:00:00Z","labels":{"host":"a","az":"1"},"source":"sdk"},
        {"labels":{"az":"1","host":"a"},"name":"cpu","value":1,"timestamp":1767441601000},
        {"name":"load","value":-2.5e3}]})");
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.request.total(), 3U);
  EXPECT_TRUE(decoded.rejected().empty());
  ASSERT_EQ(decoded.rows().size(), 3U);
  EXPECT_EQ(decoded.SeriesOf(0), R"(cpu{az="1",host="a"})");
  EXPECT_EQ(decoded.SeriesOf(1), decoded.SeriesOf(0));  // the order of labels does not make another series
  EXPECT_EQ(decoded.SeriesOf(2), "load");
  EXPECT_EQ(ToUnixMs(decoded.rows()[1].time), 1'767'441'601'000);
  EXPECT_EQ(decoded.rows()[2].time, kNow);
  EXPECT_EQ(decoded.rows()[2].value, -2500.0);
}

TEST(DecodeJson, SharesTheNameOfNeighboursThatAreEqual) {
  const Decoded decoded = Json(
      R"({"metrics":[{"name":"a","value":1,"labels":{"h":"1"}},{"name":"a","value":2,"labels":{"h":"1"}},
                     {"name":"a","value":3,"labels":{"h":"2"}}]})");
  EXPECT_EQ(decoded.request.batch().series.size(), 2U);
  EXPECT_EQ(decoded.rows()[1].series, 0U);
  EXPECT_EQ(decoded.rows()[2].series, 1U);
}

TEST(DecodeJson, TakesValuesWrittenAsLongIntegers) {
  const Decoded decoded = Json(
      R"({"metrics":[{"name":"a\"1","value":123456789012345680000},{"name":"b","value":-18446744073709551616},
        {"name":"c","value":9007199254740993},{"name":"d","value":1,"labels":{"id":"12345678901234567890123"}},
        {"name":"e","value":1,"timestamp":123456789012345680000}]})");
  ASSERT_EQ(decoded.reason, "");
  ASSERT_EQ(decoded.rows().size(), 4U);
  EXPECT_EQ(decoded.SeriesOf(0), "a\"1");
  EXPECT_EQ(decoded.rows()[0].value, 1.2345678901234568e20);
  EXPECT_EQ(decoded.rows()[1].value, -0x1p64);
  EXPECT_EQ(decoded.rows()[2].value, 9007199254740992.0);  // 2^53 + 1 lies between two doubles: to the even one
  EXPECT_EQ(decoded.SeriesOf(3), R"(d{id="12345678901234567890123"})");
  ASSERT_EQ(decoded.rejected().size(), 1U);
  EXPECT_EQ(decoded.rejected()[0].code, "ingest.bad_timestamp");
}

TEST(DecodeJson, RejectsANumberThatNoDoubleHolds) {
  const Decoded decoded = Json(R"({"metrics":[{"name":"a","value":1e400},{"name":"b","value":2}]})");
  ASSERT_EQ(decoded.reason, "");
  ASSERT_EQ(decoded.rejected().size(), 1U);
  EXPECT_EQ(decoded.rejected()[0].code, "ingest.bad_value");
  EXPECT_EQ(decoded.request.PositionOf(0), 1U);
}

TEST(DecodeJson, RejectsABadItemAndKeepsTheOthers) {
  const Decoded decoded = Json(
      R"({"metrics":[{"name":"ok","value":1},{"name":"x","value":"NaN"},{"name":"x","value":1,"lables":{}},
        {"value":1},{"name":"x"},{"name":"x","value":1,"timestamp":"yesterday"},{"name":"x","value":1,"labels":{"a":1}},
        7,{"name":"ok","value":2,"timestamp":null}]})");
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.request.total(), 9U);
  ASSERT_EQ(decoded.rows().size(), 2U);
  EXPECT_EQ(decoded.request.PositionOf(0), 0U);
  EXPECT_EQ(decoded.request.PositionOf(1), 8U);
  EXPECT_EQ(decoded.SeriesOf(1), "ok");
  std::vector<std::string_view> codes;
  for (const RejectedSample& sample : decoded.rejected()) codes.push_back(sample.code);
  EXPECT_THAT(codes,
              ElementsAre("ingest.bad_value", "ingest.unknown_field", "ingest.bad_metric_name", "ingest.bad_value",
                          "ingest.bad_timestamp", "ingest.bad_label_value", "ingest.bad_item"));
  EXPECT_EQ(decoded.rejected()[0].index, 1U);
  EXPECT_NE(decoded.rejected()[1].detail.find("did you mean 'labels'"), std::string::npos);
}

TEST(DecodeJson, SaysWhichSeriesABadItemIsOf) {
  const Decoded decoded = Json(R"({"metrics":[
    {"value":"x","name":"cpu","labels":{"host":"a"}},
    {"timestamp":"soon","value":1,"labels":{"host":"a"},"name":"cpu"},
    {"name":"cpu","value":1,"labels":{"host":"a","zone":7}},
    {"name":"größe","value":"x"},
    {"name":"cpu","value":"x","labels":{"x":"1","x":"2"}},
    {"value":1},
    7]})");
  ASSERT_EQ(decoded.reason, "");
  std::vector<std::string> series;
  for (const RejectedSample& sample : decoded.rejected()) series.push_back(sample.series);
  EXPECT_THAT(series, ElementsAre("cpu{host=\"a\"}", "cpu{host=\"a\"}", "cpu{host=\"a\"}", "größe",
                                  "cpu{x=\"1\",x=\"2\"}", "", ""));
}

TEST(DecodeJson, LeavesNamesForTheStoreToRead) {
  const Decoded decoded =
      Json(R"({"metrics":[{"name":"helios:x","value":1},{"name":"x","value":1,"labels":{"a":"1","b":"2","a":"3"}}]})");
  ASSERT_EQ(decoded.reason, "");
  EXPECT_TRUE(decoded.rejected().empty());
  EXPECT_EQ(decoded.SeriesOf(0), "ingest.bad_metric_name");
  EXPECT_EQ(decoded.SeriesOf(1), "ingest.duplicate_label");
}

TEST(DecodeJson, FailsWholeOnABrokenEnvelope) {
  EXPECT_EQ(Json(R"({"metrics":[{"name":"a","value":1},)").reason, "http.bad_json");
  EXPECT_EQ(Json(R"({"metrics":[{"name":"a","value":NaN}]})").reason, "http.bad_json");
  EXPECT_EQ(Json(R"([])").reason, "ingest.bad_envelope");
  EXPECT_EQ(Json(R"({})").reason, "ingest.bad_envelope");
  EXPECT_EQ(Json(R"({"metric":[]})").reason, "http.unknown_field");
  EXPECT_EQ(Json("").reason, "http.bad_json");
}

TEST(DecodeJson, RefusesADeepDocument) {
  std::string body = R"({"metrics":)";
  body += std::string(10'000, '[') + std::string(10'000, ']') + "}";
  EXPECT_EQ(Json(body).reason, "http.bad_json");
}

std::string Samples(std::size_t count, std::size_t series) {
  std::string body = R"({"metrics":[)";
  for (std::size_t i = 0; i < count; ++i) {
    body += fmt::format(R"({}{{"name":"a{}","value":1,"timestamp":{}}})", i == 0 ? "" : ",", i % series, 1'000 + i);
  }
  return body + "]}";
}

TEST(DecodeJson, RefusesMoreSamplesThanARequestMayHold) {
  EXPECT_EQ(Json(Samples(kMaxSamplesPerRequest + 1, 1)).reason, "ingest.too_many_samples");
}

TEST(DecodeJson, EndsAtAMillionEmptySeries) {
  std::string body = R"({"metrics":[{})";
  for (int i = 1; i < 1'000'000; ++i) body += ",{}";
  body += "]}";
  const Decoded decoded = Json(body);
  EXPECT_EQ(decoded.reason, "ingest.too_many_samples");
  EXPECT_LE(decoded.rejected().size(), kMaxSamplesPerRequest + 1);
  EXPECT_EQ(decoded.request.bytes(), 0U);
}

TEST(DecodeJson, HoldsARequestToTheLimitsItIsTold) {
  const auto reason_of = [](std::size_t samples, std::size_t series) -> std::string_view {
    DecodedRequest out;
    out.Clear({.samples = 200, .series = 100});
    const auto done = DecodeJson(Samples(samples, series), kNow, out);
    return done ? "" : done.error().reason;
  };
  EXPECT_EQ(reason_of(200, 100), "");
  EXPECT_EQ(reason_of(201, 1), "ingest.too_many_samples");
  EXPECT_EQ(reason_of(101, 101), "ingest.too_many_series");
}

TEST(DecodeJson, CountsASeriesOnceHoweverOftenItsNameComes) {
  const Decoded decoded = Json(Samples(kMaxSamplesPerRequest, kMaxSeriesPerRequest));
  ASSERT_EQ(decoded.reason, "");
  EXPECT_EQ(decoded.request.batch().series.size(), kMaxSeriesPerRequest);
  EXPECT_EQ(decoded.SeriesOf(kMaxSeriesPerRequest + 7), "a7");
  EXPECT_EQ(Json(Samples(kMaxSamplesPerRequest, kMaxSeriesPerRequest + 1)).reason, "ingest.too_many_series");
}

TEST(DecodeJson, LeavesNothingOfARequestToTheNext) {
  DecodedRequest request;
  ASSERT_TRUE(DecodeJson(R"({"metrics":[{"name":"a","value":"x"},{"name":"b","value":1}]})", kNow, request));
  request.Clear();
  ASSERT_TRUE(DecodeJson(R"({"metrics":[{"name":"b","value":1}]})", kNow, request));
  EXPECT_TRUE(request.rejected().empty());
  EXPECT_EQ(request.total(), 1U);
  EXPECT_EQ(request.PositionOf(0), 0U);
  EXPECT_EQ(request.batch().series.size(), 1U);
}

}  // namespace
}  // namespace helios::ingest
