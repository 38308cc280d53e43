// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/import_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transfer/fake_client.h"

namespace helios::transfer {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ImportSenderTest : public ::testing::Test {
 protected:
  static tsdb::SeriesKey Key(std::string host) { return {.metric = "cpu", .labels = {{"host", std::move(host)}}}; }

  Result<void> Send(int samples) {
    for (int i = 0; i < samples; ++i) {
      if (auto added = sender.Add(i % 2 == 0 ? a : b, {.time = FromUnixMs(i), .value = 1.0 * i, .line = 2ULL + i});
          !added) {
        return added;
      }
    }
    return sender.Flush();
  }

  const tsdb::SeriesKey a = Key("a");
  const tsdb::SeriesKey b = Key("b");
  SystemRandom random;
  FakeClient client;
  std::vector<std::chrono::milliseconds> slept;
  PatientClient patient{client, {}, random, [this](auto duration) { slept.push_back(duration); }, 60s};
  std::vector<std::string> refused;
  ImportSender sender{
      patient, [this](const ImportSender::Refused& one) {
        refused.push_back(fmt::format("{}x line {} {}: {}", one.count, one.sample != nullptr ? one.sample->line : 0,
                                      one.code, one.detail));
      }};
};

TEST_F(ImportSenderTest, CountsWhatIsStoredAndWhatWasBefore) {
  client.Answer(200, R"({"accepted":5,"duplicates":2,"rejected":0})");
  ASSERT_TRUE(Send(5));
  EXPECT_EQ(client.sent[0].target, "/api/v1/import");
  EXPECT_EQ(sender.tally().stored, 3U);
  EXPECT_EQ(sender.tally().duplicates, 2U);
  EXPECT_THAT(refused, IsEmpty());
}

TEST_F(ImportSenderTest, TellsTheLineOfARefusedSample) {
  // Series by series: positions 0 to 2 are lines 2, 4 and 6 of a, 3 and 4 are lines 3 and 5 of b.
  client.Answer(400, R"({"code":"ingest.samples_rejected","accepted":2,"duplicates":0,"rejected":3,"errors":[)"
                     R"({"index":1,"code":"ingest.too_old","detail":"old"},)"
                     R"({"index":3,"code":"ingest.too_old","detail":"older"}]})");
  ASSERT_TRUE(Send(5));
  EXPECT_THAT(refused, ElementsAre("1x line 4 ingest.too_old: old", "1x line 3 ingest.too_old: older",
                                   "1x line 0 ingest.samples_rejected: "));
  EXPECT_EQ(sender.tally().refused, 3U);
  EXPECT_EQ(sender.tally().stored, 2U);
}

TEST_F(ImportSenderTest, ComesAgainWhenThePlatformSaysSo) {
  client.Answer(503, R"({"code":"ingest.rate_limited"})", {{"Retry-After", "7"}});
  client.Answer(429, "", {{"Retry-After", "2"}});
  client.answers.emplace_back(Fail(ErrorCode::kUnavailable, "http.cannot_connect", "away"));
  client.Answer(200, R"({"accepted":1,"duplicates":0,"rejected":0})");
  ASSERT_TRUE(Send(1));
  ASSERT_EQ(slept.size(), 3U);
  EXPECT_EQ(slept[0], 7s);
  EXPECT_EQ(slept[1], 2s);
  EXPECT_GT(slept[2], 0s);
  EXPECT_EQ(client.sent[0].body, client.sent[3].body);
}

TEST_F(ImportSenderTest, GivesUpWhenItWasPatientForLong) {
  for (int i = 0; i < 3; ++i)
    client.Answer(503, R"({"code":"tsdb.read_only","detail":"a disk"})", {{"Retry-After", "30"}});
  const auto sent = Send(1);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().reason, "transfer.gave_up");
  EXPECT_THAT(sent.error().message, HasSubstr("503 tsdb.read_only: a disk"));
}

TEST_F(ImportSenderTest, HalvesWhatIsTooLarge) {
  client.Answer(413, "{}");
  client.Answer(200, R"({"accepted":2,"duplicates":0,"rejected":0})");
  client.Answer(200, R"({"accepted":3,"duplicates":0,"rejected":0})");
  ASSERT_TRUE(Send(5));
  EXPECT_EQ(sender.tally().stored, 5U);
}

TEST_F(ImportSenderTest, StopsAtAKeyThatMayNot) {
  client.Answer(403, R"({"code":"tenancy.missing_scope","detail":"no"})");
  const auto sent = Send(1);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(sent.error().message, HasSubstr("scope 'write'"));
  client.Answer(200, "<html>");
  EXPECT_EQ(Send(1).error().reason, "transfer.refused") << "an answer that does not count what was sent";
  client.Answer(200, R"({"accepted":7,"duplicates":0,"rejected":0})");
  EXPECT_EQ(Send(1).error().reason, "transfer.refused");
}

TEST(ImportBatch, HalvesBetweenAndWithinSeries) {
  const tsdb::SeriesKey key{.metric = "cpu", .labels = {}};
  ImportBatch batch{.series = {{&key, {{FromUnixMs(1), 1, 0}}}, {&key, {{FromUnixMs(3), 3, 0}, {FromUnixMs(2), 2, 0}}}},
                    .samples = 3};
  batch.Sort();
  const auto [first, second] = batch.Halve();
  EXPECT_EQ(first.samples, 1U);
  EXPECT_EQ(second.samples, 2U);
  EXPECT_EQ(second.At(0)->value, 2);
  EXPECT_EQ(second.At(2), nullptr);
}

}  // namespace
}  // namespace helios::transfer
