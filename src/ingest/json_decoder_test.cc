// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/json_decoder.h"

#include <gtest/gtest.h>

namespace helios::ingest {
namespace {

const TimestampMs kNow = FromUnixMs(1'767'441'600'000);

tsdb::SeriesKey SeriesAt(const DecodedBatch& decoded, std::size_t position) {
  return tsdb::DecodeCanonicalName(decoded.batch.batch().series[position]).value();
}

TEST(DecodeJson, ReadsSamplesWithEveryField) {
  const auto decoded = DecodeJson(
      R"({"metrics":[
        {"name":"cpu","value":0.75,"timestamp":"2026-01-03T12:00:00Z","labels":{"host":"a","az":"1"},"source":"sdk"},
        {"name":"cpu","value":1,"timestamp":1767441601000,"labels":{"az":"1","host":"a"}},
        {"name":"load","value":-2.5e3}]})",
      kNow);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(decoded->total, 3U);
  EXPECT_TRUE(decoded->rejected.empty());
  ASSERT_EQ(decoded->batch.batch().series.size(), 2U);  // the order of labels does not make another series
  EXPECT_EQ(ToString(SeriesAt(*decoded, 0)), R"(cpu{az="1",host="a"})");
  ASSERT_EQ(decoded->batch.batch().rows.size(), 3U);
  EXPECT_EQ(decoded->batch.batch().rows[1].series, 0U);
  EXPECT_EQ(ToUnixMs(decoded->batch.batch().rows[1].time), 1'767'441'601'000);
  EXPECT_EQ(decoded->batch.batch().rows[2].time, kNow);
  EXPECT_EQ(decoded->batch.batch().rows[2].value, -2500.0);
}

TEST(DecodeJson, TakesValuesWrittenAsLongIntegers) {
  const auto decoded = DecodeJson(
      R"({"metrics":[{"name":"a\"1","value":123456789012345680000},{"name":"b","value":-18446744073709551616},
        {"name":"c","value":9007199254740993},{"name":"d","value":1,"labels":{"id":"12345678901234567890123"}},
        {"name":"e","value":1,"timestamp":123456789012345680000}]})",
      kNow);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  ASSERT_EQ(decoded->batch.batch().rows.size(), 4U);
  EXPECT_EQ(SeriesAt(*decoded, 0).metric, "a\"1");
  EXPECT_EQ(decoded->batch.batch().rows[0].value, 1.2345678901234568e20);
  EXPECT_EQ(decoded->batch.batch().rows[1].value, -0x1p64);
  EXPECT_EQ(decoded->batch.batch().rows[2].value,
            9007199254740992.0);  // 2^53 + 1 lies between two doubles: to the even one
  EXPECT_EQ(SeriesAt(*decoded, 3).labels[0].value, "12345678901234567890123");
  ASSERT_EQ(decoded->rejected.size(), 1U);
  EXPECT_EQ(decoded->rejected[0].code, "ingest.bad_timestamp");
}

TEST(DecodeJson, RejectsANumberThatNoDoubleHolds) {
  const auto decoded = DecodeJson(R"({"metrics":[{"name":"a","value":1e400},{"name":"b","value":2}]})", kNow);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  ASSERT_EQ(decoded->rejected.size(), 1U);
  EXPECT_EQ(decoded->rejected[0].code, "ingest.bad_value");
  EXPECT_EQ(decoded->positions, (std::vector<std::size_t>{1}));
}

TEST(DecodeJson, RejectsABadItemAndKeepsTheOthers) {
  const auto decoded = DecodeJson(
      R"({"metrics":[{"name":"ok","value":1},{"name":"x","value":"NaN"},{"name":"x","value":1,"lables":{}},
        {"value":1},{"name":"x"},{"name":"x","value":1,"timestamp":"yesterday"},{"name":"x","value":1,"labels":{"a":1}},
        7,{"name":"helios:x","value":1},{"name":"ok","value":2,"timestamp":null}]})",
      kNow);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(decoded->total, 10U);
  EXPECT_EQ(decoded->positions, (std::vector<std::size_t>{0, 9}));
  std::vector<std::string_view> codes;
  for (const RejectedSample& sample : decoded->rejected) codes.push_back(sample.code);
  EXPECT_EQ(codes, (std::vector<std::string_view>{"ingest.bad_value", "ingest.unknown_field", "ingest.bad_metric_name",
                                                  "ingest.bad_value", "ingest.bad_timestamp", "ingest.bad_label_value",
                                                  "ingest.bad_item", "ingest.bad_metric_name"}));
  EXPECT_EQ(decoded->rejected[0].index, 1U);
  EXPECT_NE(decoded->rejected[1].detail.find("did you mean 'labels'"), std::string::npos);
}

TEST(DecodeJson, FailsWholeOnABrokenEnvelope) {
  EXPECT_EQ(DecodeJson(R"({"metrics":[{"name":"a","value":1},)", kNow).error().reason, "http.bad_json");
  EXPECT_EQ(DecodeJson(R"({"metrics":[{"name":"a","value":NaN}]})", kNow).error().reason, "http.bad_json");
  EXPECT_EQ(DecodeJson(R"([])", kNow).error().reason, "ingest.bad_envelope");
  EXPECT_EQ(DecodeJson(R"({})", kNow).error().reason, "ingest.bad_envelope");
  EXPECT_EQ(DecodeJson(R"({"metric":[]})", kNow).error().reason, "http.unknown_field");
  EXPECT_EQ(DecodeJson("", kNow).error().reason, "http.bad_json");
}

TEST(DecodeJson, RefusesADeepDocument) {
  std::string body = R"({"metrics":)";
  body += std::string(10'000, '[') + std::string(10'000, ']') + "}";
  EXPECT_EQ(DecodeJson(body, kNow).error().reason, "http.bad_json");
}

TEST(DecodeJson, RefusesMoreSamplesThanARequestMayHold) {
  std::string body = R"({"metrics":[{"name":"a","value":1})";
  for (std::size_t i = 0; i < kMaxSamplesPerRequest; ++i) body += R"(,{"name":"a","value":1})";
  body += "]}";
  EXPECT_EQ(DecodeJson(body, kNow).error().reason, "ingest.too_many_samples");
}

}  // namespace
}  // namespace helios::ingest
