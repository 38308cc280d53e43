// SPDX-License-Identifier: Apache-2.0
#include "agent/batch.h"

#include <gtest/gtest.h>

namespace helios::agent {
namespace {

const TimestampMs kTime = FromUnixMs(1'767'441'600'250);

Batch ThreeSamples() {
  return MakeBatch(
      std::vector<Sample>{{.name = "cpu", .value = 0.25, .labels = {}},
                          {.name = "disk_used_ratio", .value = 1, .labels = {{"mountpoint", "/a \"b\"\n"}}},
                          {.name = "load1", .value = 1e-7, .labels = {}}},
      kTime, {{"host", "web-1"}});
}

TEST(Batch, BecomesTheBodyOfAnIngestCall) {
  EXPECT_EQ(
      IngestBody(ThreeSamples()),
      R"({"metrics":[)"
      R"({"name":"cpu","value":0.25,"timestamp":1767441600250,"labels":{"host":"web-1"},"source":"helios-agent"},)"
      R"({"name":"disk_used_ratio","value":1,"timestamp":1767441600250,)"
      R"("labels":{"host":"web-1","mountpoint":"/a \"b\"\u000a"},"source":"helios-agent"},)"
      R"({"name":"load1","value":1e-07,"timestamp":1767441600250,"labels":{"host":"web-1"},"source":"helios-agent"})"
      R"(]})");
  EXPECT_EQ(IngestBody(Batch{}), R"({"metrics":[]})");
}

TEST(Batch, SurvivesEncoding) {
  const Batch batch = ThreeSamples();
  const auto decoded = Decode(Encode(batch));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->time, kTime);
  EXPECT_EQ(decoded->samples, 3U);
  EXPECT_EQ(decoded->lines, batch.lines);
}

TEST(Batch, HalvesKeepOrderAndLoseNothing) {
  const Batch batch = ThreeSamples();
  const auto [first, second] = Halve(batch);
  EXPECT_EQ(first.samples, 1U);
  EXPECT_EQ(second.samples, 2U);
  EXPECT_EQ(first.lines + second.lines, batch.lines);
  EXPECT_TRUE(first.lines.ends_with("}\n"));
  EXPECT_EQ(second.time, kTime);
}

TEST(Batch, DamageIsFoundWhateverByteItHits) {
  const std::string good = Encode(ThreeSamples());
  EXPECT_FALSE(Decode("").has_value());
  EXPECT_FALSE(Decode(good.substr(0, 15)).has_value());
  EXPECT_FALSE(Decode(good.substr(0, good.size() - 1)).has_value());
  for (std::size_t i = 8; i < good.size(); ++i) {  // any time is a time, so the first eight bytes cannot be wrong
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x40);
    const auto decoded = Decode(bad);
    // A bit of the compressed stream may be one that decides nothing; what comes out is then unchanged.
    if (decoded) {
      EXPECT_EQ(decoded->lines, ThreeSamples().lines) << i;
    } else {
      EXPECT_EQ(decoded.error().reason, "agent.bad_batch");
    }
  }
}

}  // namespace
}  // namespace helios::agent
