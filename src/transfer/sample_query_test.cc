// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/sample_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "transfer/fake_client.h"

namespace helios::transfer {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SampleQueryTest : public ::testing::Test {
 protected:
  Result<void> Read(std::chrono::milliseconds length) {
    return query.Read({.metric = "cpu", .matchers = {{.label = "host", .value = "a"}}},
                      {FromUnixMs(0), FromUnixMs(0) + length},
                      [this](const std::vector<RemoteSeries>& series, double share) -> Result<void> {
                        for (const RemoteSeries& one : series) {
                          for (const ImportSample& sample : one.samples) values.push_back(sample.value);
                        }
                        shares.push_back(share);
                        return {};
                      });
  }

  SystemRandom random;
  FakeClient client;
  PatientClient patient{client, {}, random, [](auto) {}, 0s};
  SampleQuery query{patient};
  std::vector<double> values;
  std::vector<double> shares;
};

TEST_F(SampleQueryTest, ListsPageByPage) {
  client.Answer(200, R"({"data":[{"metric":"cpu","labels":{"zone":"b","host":"a"}}],"next_cursor":"x/y"})");
  client.Answer(200, R"({"data":[{"metric":"cpu","labels":{}}],"next_cursor":null})");
  const auto keys = query.List({.metric = "cpu", .matchers = {}});
  ASSERT_TRUE(keys) << keys.error().message;
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ(tsdb::ToString(keys->front()), R"(cpu{host="a",zone="b"})");
  EXPECT_EQ(client.sent[1].target, "/api/v1/series?limit=1000&match=%7B%7D&metric=cpu&cursor=x%2Fy");
}

TEST_F(SampleQueryTest, ReadsEveryKindOfValue) {
  client.Answer(200,
                R"({"series":[{"metric":"cpu","labels":{},"points":[[1,0.1],[2,7],[3,"NaN"],[4,"-Inf"],[5,null]]}],)"
                R"("truncated":false})");
  ASSERT_TRUE(Read(1h));
  ASSERT_EQ(values.size(), 5U);
  EXPECT_EQ(values[0], 0.1);
  EXPECT_EQ(values[1], 7);
  EXPECT_TRUE(std::isnan(values[2]));
  EXPECT_EQ(values[3], -INFINITY);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(values[4]), tsdb::kStaleMarkerBits);
  EXPECT_THAT(client.sent[0].body, HasSubstr(R"("match":"{host=\"a\"}","start":0,"end":3600000)"));
}

TEST_F(SampleQueryTest, AsksForLessWhereAnAnswerWouldBeTooLargeAndLeavesNoGap) {
  client.Answer(400, R"({"code":"query.too_large"})");
  client.Answer(200, R"({"series":[]})");
  client.Answer(200, R"({"series":[]})");
  ASSERT_TRUE(Read(24h));
  EXPECT_THAT(client.sent[1].body, HasSubstr(R"("start":0,"end":43199999)"));
  EXPECT_THAT(client.sent[2].body, HasSubstr(R"("start":43200000,"end":86400000)"));
  EXPECT_EQ(shares.back(), 1.0);
}

TEST_F(SampleQueryTest, SaysWhatItCannotRead) {
  client.Answer(403, R"({"code":"tenancy.missing_scope","detail":"no"})");
  EXPECT_THAT(Read(1h).error().message, HasSubstr("403 tenancy.missing_scope"));
  for (const char* bad : {"[]", R"({"series":[1]})", R"({"series":[{"metric":"cpu","labels":{},"points":[[1]]}]})",
                          R"({"series":[],"truncated":true})"}) {
    client.Answer(200, bad);
    EXPECT_EQ(Read(1h).error().reason, "transfer.bad_answer") << bad;
  }
}

}  // namespace
}  // namespace helios::transfer
