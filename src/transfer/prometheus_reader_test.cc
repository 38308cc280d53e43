// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <snappy.h>

#include <protozero/pbf_writer.hpp>

#include "transfer/fake_client.h"
#include "transfer/prometheus_import.h"
#include "transfer/range_query.h"

namespace helios::transfer {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kMatrix = R"({"status":"success","data":{"resultType":"matrix","result":[]}})";

/// "start end step" of a form.
std::string WindowOf(const std::string& form) {
  return form.substr(form.find("start="));
}

class PrometheusReaderTest : public ::testing::Test {
 protected:
  Result<void> Run(int minutes) {
    options.selectors = {{.metric = "up", .matchers = {}}};
    options.range = {.first = FromUnixMs(0), .last = FromUnixMs(60'000LL * minutes)};
    PrometheusReader reader(patient, options);
    return reader.Run([this](const std::vector<RemoteSeries>&, double share) -> Result<void> {
      shares.push_back(share);
      return {};
    });
  }

  SystemRandom random;
  FakeClient client;
  PatientClient patient{client, {}, random, [](auto) {}, 0s};
  PrometheusSourceOptions options;
  std::vector<double> shares;
};

TEST_F(PrometheusReaderTest, AsksInWindowsThatNeverHaveTooManyPoints) {
  for (int i = 0; i < 6; ++i) client.Answer(200, kMatrix);
  // 40,001 points: 2,000, then twice as many each time as answers are small, and at most 11,000.
  ASSERT_TRUE(Run(40'000));
  std::vector<std::string> windows;
  for (const auto& sent : client.sent) windows.push_back(WindowOf(sent.body));
  EXPECT_THAT(windows, ElementsAre("start=0.000&end=119940.000&step=60.000",         // 2,000
                                   "start=120000.000&end=359940.000&step=60.000",    // 4,000
                                   "start=360000.000&end=839940.000&step=60.000",    // 8,000
                                   "start=840000.000&end=1499940.000&step=60.000",   // 11,000
                                   "start=1500000.000&end=2159940.000&step=60.000",  // 11,000
                                   "start=2160000.000&end=2400000.000&step=60.000"));
  EXPECT_EQ(shares.back(), 1.0);
}

TEST_F(PrometheusReaderTest, AsksForLessWhereAnAnswerWouldBeTooLarge) {
  client.Answer(422,
                R"({"status":"error","errorType":"execution","error":"query processing would load too many samples"})");
  client.Answer(200, kMatrix);
  client.Answer(200, kMatrix);
  ASSERT_TRUE(Run(1'999));
  EXPECT_EQ(WindowOf(client.sent[1].body), "start=0.000&end=59940.000&step=60.000");
  EXPECT_EQ(WindowOf(client.sent[2].body), "start=60000.000&end=119940.000&step=60.000");
}

TEST_F(PrometheusReaderTest, TellsWhatTheServerSays) {
  client.Answer(400, R"({"status":"error","errorType":"bad_data","error":"parse error"})");
  const auto failed = Run(10);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().reason, "transfer.source_failed");
  EXPECT_THAT(failed.error().message, HasSubstr("400 bad_data: parse error"));
}

TEST(RangeQuery, QuotesWhatASelectorHolds) {
  const tsdb::SeriesSelector selector{
      .metric = "up", .matchers = {{.label = "job", .kind = tsdb::Matcher::Kind::kNotRegex, .value = "a\\.\"b\"\n"}}};
  EXPECT_EQ(FormatSelector(selector), R"({__name__="up",job!~"a\\.\"b\"\n"})");
  EXPECT_THAT(EncodeRangeQuery({.metric = "a&b", .matchers = {}}, {FromUnixMs(1'250), FromUnixMs(2'250)}, 1s),
              "query=%7B__name__%3D%22a%26b%22%7D&start=1.250&end=2.250&step=1.000");
}

TEST(RangeQuery, ReadsAMatrixAndNothingElse) {
  const auto series =
      DecodeRangeAnswer(R"({"data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a"},)"
                        R"("values":[[1767441600.25,"0.1"],[1767441660,"+Inf"]],"histograms":[[1,{}]]}]}})");
  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ(series->size(), 1U);
  const RemoteSeries& up = series->front();
  EXPECT_EQ(tsdb::ToString(up.key), R"(up{job="a"})");
  ASSERT_EQ(up.samples.size(), 2U);
  EXPECT_EQ(ToUnixMs(up.samples[0].time), 1'767'441'600'250);
  EXPECT_EQ(up.samples[0].value, 0.1);
  EXPECT_EQ(up.samples[1].value, HUGE_VAL);
  EXPECT_EQ(up.histograms, 1U);
  for (const char* bad :
       {"", "[]", R"({"data":{"resultType":"vector","result":[]}})", R"({"data":{"resultType":"matrix","result":[1]}})",
        R"({"data":{"resultType":"matrix","result":[{"metric":{"a":1}}]}})",
        R"({"data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,2]]}]}})",
        R"({"data":{"resultType":"matrix","result":[{"metric":{},"values":[[-1,"2"]]}]}})"}) {
    EXPECT_FALSE(DecodeRangeAnswer(bad)) << bad;
  }
}

/// A ReadResponse of one series in snappy's block format.
std::string ReadAnswer() {
  std::string message;
  {
    protozero::pbf_writer response(message);
    protozero::pbf_writer result(response, 1);
    protozero::pbf_writer series(result, 1);
    for (const auto& [name, value] : {std::pair("__name__", "up"), std::pair("job", "a")}) {
      protozero::pbf_writer label(series, 1);
      label.add_string(1, name);
      label.add_string(2, value);
    }
    protozero::pbf_writer sample(series, 2);
    sample.add_double(1, 0.1);
    sample.add_int64(2, 86'400'000);
  }
  std::string body;
  snappy::Compress(message.data(), message.size(), &body);
  return body;
}

TEST(RemoteRead, ReadsTheSeriesOfAnAnswer) {
  const auto series = DecodeReadAnswer(ReadAnswer(), 1'000);
  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ(series->size(), 1U);
  EXPECT_EQ(tsdb::ToString(series->front().key), R"(up{job="a"})");
  ASSERT_EQ(series->front().samples.size(), 1U);
  EXPECT_EQ(ToUnixMs(series->front().samples[0].time), 86'400'000);
  EXPECT_EQ(series->front().samples[0].value, 0.1);
}

TEST(RemoteRead, RefusesDamageAndBombs) {
  std::string body = ReadAnswer();
  EXPECT_EQ(DecodeReadAnswer(body, 10).error().reason, "transfer.answer_too_large");
  EXPECT_EQ(DecodeReadAnswer("", 1'000).error().reason, "transfer.bad_answer");
  EXPECT_EQ(DecodeReadAnswer(std::string_view(body).substr(0, 20), 1'000).error().reason, "transfer.bad_answer");
  std::string garbage;
  snappy::Compress("\x0a\x7f", 2, &garbage);
  EXPECT_EQ(DecodeReadAnswer(garbage, 1'000).error().reason, "transfer.bad_answer");
}

}  // namespace
}  // namespace helios::transfer
