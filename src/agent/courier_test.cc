// SPDX-License-Identifier: Apache-2.0
#include "agent/courier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "agent/internal/fake_client.h"

namespace helios::agent {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// Always the largest value: jitter takes nearly all of its range.
class Highest final : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, std::uint8_t{0xff}); }
};

class CourierTest : public testing::Test {
 protected:
  CourierTest() {
    std::string name = (fs::temp_directory_path() / "helios-courier-XXXXXX").string();
    directory = ::mkdtemp(name.data());
    outbox = std::make_unique<Outbox>(DiskBuffer::Open(directory, DiskBuffer::kSmallestBound).value());
    courier = std::make_unique<Courier>(
        *outbox, sender, random, [this](std::string_view line) { lines.emplace_back(line); }, "http://there");
  }
  ~CourierTest() override { fs::remove_all(directory); }

  void Add(std::int64_t ms) {
    outbox->Add(MakeBatch(std::vector<Sample>{{.name = "cpu", .value = 1, .labels = {}}}, FromUnixMs(ms), {}));
  }
  void Answer(int status, std::string body = "", http::Headers headers = {}) {
    client.answers.push_back(http::ClientResponse{status, std::move(headers), std::move(body)});
  }
  void AnswerAccepted() { Answer(200, R"({"accepted":1,"rejected":0})"); }
  void AnswerSeen() { Answer(200, R"({"series":[{"points":[[1,1]]}]})"); }
  std::optional<milliseconds> Step() { return courier->Step(std::chrono::steady_clock::time_point()); }

  fs::path directory;
  FakeClient client;
  Sender sender{client, "hlx_x", "1"};
  Highest random;
  std::unique_ptr<Outbox> outbox;
  std::vector<std::string> lines;
  std::unique_ptr<Courier> courier;
};

TEST_F(CourierTest, SaysOnceThatThePlatformSeesTheData) {
  EXPECT_EQ(Step(), std::nullopt);
  EXPECT_TRUE(client.sent.empty());
  Add(1);
  AnswerAccepted();
  AnswerSeen();
  EXPECT_EQ(Step(), std::nullopt);
  EXPECT_EQ(lines, std::vector<std::string>{
                       "helios-agent: connected to http://there; the platform sees 1 series from this machine"});
  Add(2);
  AnswerAccepted();
  EXPECT_EQ(Step(), std::nullopt);
  EXPECT_EQ(lines.size(), 1U);
  EXPECT_EQ(client.sent.size(), 3U);
  EXPECT_EQ(courier->delivered_samples(), 2U);
}

TEST_F(CourierTest, AsksAgainWhereTheSampleCouldNotBeSeenYet) {
  for (int i = 1; i <= 2; ++i) {
    Add(i);
    AnswerAccepted();
    if (i == 1) {
      Answer(200, R"({"series":[]})");
    } else {
      AnswerSeen();
    }
    EXPECT_EQ(Step(), std::nullopt);
  }
  EXPECT_EQ(lines.size(), 1U);
}

TEST_F(CourierTest, AKeyWithoutTheScopeToReadIsEnough) {
  Add(1);
  AnswerAccepted();
  Answer(403);
  Step();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find("accepted 1 series"), std::string::npos);
}

TEST_F(CourierTest, PausesGrowToAMinuteAndStartAnewAfterASuccess) {
  Add(1);
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 8; ++i) {
    Answer(503);
    pauses.push_back(Step().value().count());
    EXPECT_TRUE(courier->failing());
  }
  // Full jitter at its highest: just under 1, 2, 4, … and at most 60 s.
  EXPECT_EQ(pauses, (std::vector<std::int64_t>{999, 1'999, 3'999, 7'999, 15'999, 31'999, 59'999, 59'999}));
  AnswerAccepted();
  AnswerSeen();
  EXPECT_EQ(Step(), std::nullopt);
  EXPECT_FALSE(courier->failing());
  Add(2);
  Answer(503);
  EXPECT_EQ(Step(), milliseconds(999));
}

TEST_F(CourierTest, WaitsAsLongAsThePlatformAsksFor) {
  Add(1);
  http::Headers headers;
  headers.Add("Retry-After", "30");
  Answer(503, "", headers);
  EXPECT_EQ(Step(), milliseconds(30'000));
}

TEST_F(CourierTest, ABatchThatFailedIsOnDiskAndTheOldestGoesFirst) {
  Add(1);
  Answer(503);
  Step();
  EXPECT_TRUE(fs::exists(directory / "000000000001.segment"));
  Add(2);
  AnswerAccepted();
  AnswerSeen();
  EXPECT_EQ(Step(), milliseconds(199));  // the pace, twice at the highest
  AnswerAccepted();
  EXPECT_EQ(Step(), std::nullopt);
  EXPECT_NE(client.sent[1].body.find("\"timestamp\":1,"), std::string::npos);
  EXPECT_NE(client.sent[3].body.find("\"timestamp\":2,"), std::string::npos);
}

TEST_F(CourierTest, ARefusedKeyIsSaidToAPersonOnceAndKeepsTheData) {
  Add(1);
  for (int i = 0; i < 3; ++i) {
    Answer(401);
    EXPECT_EQ(Step(), milliseconds(59'999));
  }
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0],
            "helios-agent: cannot deliver: the platform does not accept this API key (401): it is mistyped, expired or "
            "revoked; check --api-key or HELIOS_API_KEY. Samples are kept meanwhile.");
  AnswerAccepted();
  AnswerSeen();
  Step();
  EXPECT_EQ(lines.size(), 3U);  // that it delivers again, and that the platform sees the data
  EXPECT_EQ(outbox->status().waiting_batches, 0U);
}

TEST_F(CourierTest, AnOutageIsSaidToAPersonOnlyWhereNothingWasDeliveredYet) {
  Add(1);
  Answer(503);
  Step();
  Answer(503);
  Step();
  EXPECT_EQ(lines, std::vector<std::string>{"helios-agent: cannot deliver: the platform asks to come back later (503). "
                                            "Samples are kept meanwhile."});
  AnswerAccepted();
  AnswerSeen();
  Step();
  EXPECT_EQ(lines.size(), 3U);
  Add(2);
  Answer(503);
  Step();
  EXPECT_EQ(lines.size(), 3U);
}

TEST_F(CourierTest, RejectedSamplesAreCountedAndNotKept) {
  Add(1);
  Answer(400, R"({"code":"c","accepted":0,"rejected":1,"errors":[{"index":0,"code":"c","detail":"d"}]})");
  EXPECT_EQ(Step(), std::nullopt);
  EXPECT_EQ(courier->rejected_samples(), 1U);
  EXPECT_EQ(courier->delivered_samples(), 0U);
  EXPECT_EQ(outbox->status().waiting_batches, 0U);
  EXPECT_TRUE(lines.empty());
}

}  // namespace
}  // namespace helios::agent
