// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/line_protocol_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/decode_test_support.h"

namespace helios::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);

Decoded Lines(std::string_view body, LineProtocolOptions options = {}) {
  options.now = kNow;
  return RunDecoder([&](DecodedRequest& out) { return DecodeLineProtocol(body, options, out); });
}

/// "series value" of each sample.
std::vector<std::string> Samples(const Decoded& decoded) {
  std::vector<std::string> samples;
  for (std::size_t i = 0; i < decoded.rows().size(); ++i) {
    samples.push_back(fmt::format("{} {}", decoded.SeriesOf(i), decoded.rows()[i].value));
  }
  return samples;
}

TEST(DecodeLineProtocol, MakesAMetricOfEachField) {
  const Decoded decoded = Lines(
      "cpu,host=a,cpu=cpu0 usage_idle=99.5,usage_user=0.5 1767441600123456789\n"
      "queue,host=a value=7i\r\n"
      "\n  # a comment\n"
      "flags on=true,off=F,count=18446744073709551615u,delta=-3i,exp=1e3");
  ASSERT_EQ(decoded.reason, "");
  EXPECT_THAT(decoded.rejected(), IsEmpty());
  EXPECT_THAT(Samples(decoded),
              ElementsAre(R"(cpu_usage_idle{cpu="cpu0",host="a"} 99.5)", R"(cpu_usage_user{cpu="cpu0",host="a"} 0.5)",
                          R"(queue{host="a"} 7)", "flags_on 1", "flags_off 0", "flags_count 1.8446744073709552e+19",
                          "flags_delta -3", "flags_exp 1000"));
  EXPECT_EQ(ToUnixMs(decoded.rows()[0].time), 1'767'441'600'123);
  EXPECT_EQ(decoded.rows()[2].time, kNow);
}

TEST(DecodeLineProtocol, UndoesEscapes) {
  const Decoded decoded = Lines(R"(my\ disk\,x,pa\ th=/a\=b\,c,win=C:\dir used\ now=1)");
  ASSERT_EQ(decoded.rows().size(), 1U);
  EXPECT_EQ(decoded.SeriesOf(0), R"(my disk,x_used now{pa th="/a=b,c",win="C:\\dir"})");
}

TEST(DecodeLineProtocol, LeavesTextOut) {
  const Decoded decoded = Lines("system,host=a uptime_format=\"3 days, \\\"9\\\":59\nmore\",uptime=9i 1\nb value=1");
  ASSERT_EQ(decoded.reason, "");
  EXPECT_THAT(Samples(decoded), ElementsAre(R"(system_uptime{host="a"} 9)", "b 1"));
  EXPECT_THAT(decoded.rejected(), IsEmpty());
  ASSERT_EQ(decoded.request.left_out().size(), 1U);
  EXPECT_EQ(decoded.request.left_out()[0].code, "ingest.text_field");
}

TEST(DecodeLineProtocol, RefusesALineAndTakesTheOthers) {
  const Decoded decoded = Lines(
      "a value=1\n"
      "nofields\n"
      ",t=1 value=1\n"
      "a,t= value=1\n"
      "a value=\n"
      "a value=abc,other=2\n"
      "a value=nan\n"
      "a value=1i5\n"
      "a value=9223372036854775808i\n"
      "a value=1 12x\n"
      "a value=1 1 1\n"
      "a value=2");
  EXPECT_THAT(Samples(decoded), ElementsAre("a 1", "a_other 2", "a 2"));
  std::vector<std::string_view> codes;
  for (const RejectedSample& sample : decoded.rejected()) codes.push_back(sample.code);
  EXPECT_THAT(codes, ElementsAre("ingest.bad_line", "ingest.bad_line", "ingest.bad_line", "ingest.bad_value",
                                 "ingest.bad_value", "ingest.bad_value", "ingest.bad_value", "ingest.bad_value",
                                 "ingest.bad_line", "ingest.bad_line"));
  EXPECT_NE(decoded.rejected()[0].detail.find("line 2"), std::string::npos);
  EXPECT_EQ(decoded.rejected()[1].series, ",t=1");
  EXPECT_EQ(Lines("disk,host=a,path=/x used=abc").rejected().at(0).series, R"(disk_used{host="a",path="/x"})");
  EXPECT_EQ(Lines("a state=\"on\"").request.left_out().at(0).series, "a_state");
}

TEST(DecodeLineProtocol, ReadsTimestampsInTheirUnit) {
  const auto at = [](std::string_view precision, std::string_view number) {
    const Decoded decoded =
        Lines(fmt::format("a value=1 {}", number), {.unit_ns = PrecisionOf(precision).value(), .now = {}});
    return decoded.rows().empty() ? -1 : ToUnixMs(decoded.rows()[0].time);
  };
  EXPECT_EQ(at("s", "1767441600"), 1'767'441'600'000);
  EXPECT_EQ(at("ms", "1767441600001"), 1'767'441'600'001);
  EXPECT_EQ(at("u", "1767441600001999"), 1'767'441'600'001);
  EXPECT_EQ(at("h", "2"), 7'200'000);
  EXPECT_EQ(at("ns", "-1"), -1);
  EXPECT_EQ(at("h", "9223372036854775807"), -1);
  EXPECT_FALSE(PrecisionOf("fortnight"));
}

TEST(DecodeLineProtocol, AddsALabelUnlessATagHasItsName) {
  const LineProtocolOptions options{.now = {}, .extra_label = "db", .extra_value = "telegraf"};
  EXPECT_THAT(Samples(Lines("a value=1\na,db=x value=1", options)),
              ElementsAre(R"(a{db="telegraf"} 1)", R"(a{db="x"} 1)"));
}

TEST(DecodeLineProtocol, KeepsNothingOfAMillionEmptyLinesAndEndsAtAMillionEmptySeries) {
  const Decoded lines = Lines(std::string(1'000'000, '\n'));
  EXPECT_EQ(lines.reason, "");
  EXPECT_EQ(lines.request.total(), 0U);
  EXPECT_EQ(lines.request.bytes(), 0U);

  std::string series;
  for (int i = 0; i < 1'000'000; ++i) series += "a\n";
  const Decoded decoded = Lines(series);
  EXPECT_EQ(decoded.reason, "ingest.too_many_samples");
  EXPECT_LE(decoded.rejected().size(), kMaxSamplesPerRequest + 1);
}

TEST(DecodeLineProtocol, StopsAtTheLimits) {
  std::string many;
  for (std::size_t i = 0; i <= kMaxSamplesPerRequest; ++i) many += "a value=1\n";
  EXPECT_EQ(Lines(many).reason, "ingest.too_many_samples");
  EXPECT_EQ(Lines(std::string(1'000'000, '\n')).reason, "");
  EXPECT_EQ(Lines("a value=\"" + std::string(1'000'000, 'x')).rejected().size(), 1U);
}

}  // namespace
}  // namespace helios::ingest
