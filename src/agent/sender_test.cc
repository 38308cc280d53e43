// SPDX-License-Identifier: Apache-2.0
#include "agent/sender.h"

#include <gtest/gtest.h>

#include "agent/internal/fake_client.h"

namespace helios::agent {
namespace {

using std::chrono::milliseconds;

Batch BatchOf(int samples) {
  std::vector<Sample> made(static_cast<std::size_t>(samples), Sample{.name = "cpu", .value = 0.5, .labels = {}});
  return MakeBatch(made, FromUnixMs(1'767'441'600'000), {{"host", "web-1"}});
}

class SenderTest : public testing::Test {
 protected:
  Delivery DeliverAgainst(int status, std::string body, http::Headers headers = {}) {
    client.answers.push_back(http::ClientResponse{status, std::move(headers), std::move(body)});
    return sender.Deliver(BatchOf(4));
  }

  FakeClient client;
  Sender sender{client, "hlx_secret", "1.2.3"};
};

TEST_F(SenderTest, PostsTheBatchWithTheKeyInAHeader) {
  const Delivery delivery = DeliverAgainst(200, R"({"accepted":4,"rejected":0})");
  EXPECT_EQ(delivery.verdict, Verdict::kDelivered);
  EXPECT_EQ(delivery.accepted, 4U);
  EXPECT_EQ(delivery.rejected, 0U);
  ASSERT_EQ(client.sent.size(), 1U);
  EXPECT_EQ(client.sent[0].method, http::Method::kPost);
  EXPECT_EQ(client.sent[0].target, "/api/v1/ingest");
  EXPECT_EQ(client.sent[0].headers.Find("x-api-key"), "hlx_secret");
  EXPECT_EQ(client.sent[0].headers.Find("content-type"), "application/json");
  EXPECT_EQ(client.sent[0].headers.Find("user-agent"), "helios-agent/1.2.3");
  EXPECT_EQ(client.sent[0].body, IngestBody(BatchOf(4)));
}

TEST_F(SenderTest, RejectedSamplesAreNotSentAgain) {
  const Delivery delivery = DeliverAgainst(
      400,
      R"({"code":"ingest.rejected","accepted":3,"rejected":1,"errors":[{"index":2,"code":"ingest.out_of_order","detail":"older than 1 h"}]})");
  EXPECT_EQ(delivery.verdict, Verdict::kDelivered);
  EXPECT_EQ(delivery.accepted, 3U);
  EXPECT_EQ(delivery.rejected, 1U);
  EXPECT_EQ(delivery.detail, "ingest.out_of_order: older than 1 h");
}

TEST_F(SenderTest, ABatchRefusedAsAWholeIsGivenUp) {
  const Delivery delivery = DeliverAgainst(400, R"({"code":"http.bad_json","detail":"at byte 7"})");
  EXPECT_EQ(delivery.verdict, Verdict::kDelivered);
  EXPECT_EQ(delivery.rejected, 4U);
  EXPECT_EQ(delivery.detail, "http.bad_json: at byte 7");
}

TEST_F(SenderTest, AKeyThatIsRefusedIsNamedAndRetriedSlowly) {
  const Delivery unknown = DeliverAgainst(401, R"({"code":"auth.unknown_key","detail":"no such key"})");
  EXPECT_EQ(unknown.verdict, Verdict::kRetrySlowly);
  EXPECT_EQ(unknown.detail,
            "the platform does not accept this API key (401 auth.unknown_key: no such key): it is mistyped, expired or "
            "revoked; check --api-key or HELIOS_API_KEY");
  const Delivery scope = DeliverAgainst(403, R"({"code":"auth.missing_scope","title":"Forbidden"})");
  EXPECT_EQ(scope.verdict, Verdict::kRetrySlowly);
  EXPECT_EQ(scope.detail,
            "this API key may not send samples (403 auth.missing_scope: Forbidden): it needs the scope 'write'");
  EXPECT_EQ(scope.detail.find("hlx_secret"), std::string::npos);
}

TEST_F(SenderTest, PassingTroubleIsRetriedAndRetryAfterIsHeard) {
  http::Headers wait;
  wait.Add("retry-after", "7");
  for (const int status : {429, 500, 502, 503, 504}) {
    const Delivery delivery = DeliverAgainst(status, "", wait);
    EXPECT_EQ(delivery.verdict, Verdict::kRetry) << status;
    EXPECT_EQ(delivery.retry_after, milliseconds(7'000)) << status;
  }
  EXPECT_EQ(DeliverAgainst(408, "").verdict, Verdict::kRetry);
}

TEST_F(SenderTest, ARetryAfterThatIsAbsurdIsCutOrIgnored) {
  http::Headers day;
  day.Add("Retry-After", "86400");
  EXPECT_EQ(DeliverAgainst(503, "", day).retry_after, milliseconds(600'000));
  for (const char* text : {"", "-1", "soon", "99999999999999", "Wed, 21 Oct 2026 07:28:00 GMT"}) {
    http::Headers headers;
    headers.Add("Retry-After", text);
    EXPECT_EQ(DeliverAgainst(503, "", headers).retry_after, std::nullopt) << text;
  }
}

TEST_F(SenderTest, ANetworkFailureIsRetried) {
  client.answers.push_back(
      Fail(ErrorCode::kUnavailable, "http.cannot_connect", "cannot connect to localhost:1: refused"));
  const Delivery delivery = sender.Deliver(BatchOf(1));
  EXPECT_EQ(delivery.verdict, Verdict::kRetry);
  EXPECT_EQ(delivery.detail, "cannot connect to localhost:1: refused");
}

TEST_F(SenderTest, WhatIsNoPlatformIsSaidAndLosesNothing) {
  for (const int status : {200, 204, 400, 404, 405, 415}) {
    const Delivery delivery = DeliverAgainst(status, "<html>hello</html>");
    EXPECT_EQ(delivery.verdict, Verdict::kRetrySlowly) << status;
    EXPECT_NE(delivery.detail.find("check the address"), std::string::npos) << delivery.detail;
  }
  http::Headers there;
  there.Add("Location", "https://helios.example/api/v1/ingest");
  const Delivery moved = DeliverAgainst(301, "", there);
  EXPECT_EQ(moved.verdict, Verdict::kRetrySlowly);
  EXPECT_EQ(moved.detail,
            "the endpoint redirects (301) to https://helios.example/api/v1/ingest: give that address as --endpoint");
}

TEST_F(SenderTest, ABatchThatIsTooLargeGoesInHalves) {
  client.answers.push_back(http::ClientResponse{413, {}, ""});
  client.answers.push_back(http::ClientResponse{200, {}, R"({"accepted":2,"rejected":0})"});
  client.answers.push_back(http::ClientResponse{413, {}, ""});  // the second half, in halves again
  client.answers.push_back(http::ClientResponse{200, {}, R"({"accepted":1,"rejected":0})"});
  client.answers.push_back(http::ClientResponse{413, {}, ""});  // one sample alone
  const Delivery delivery = sender.Deliver(BatchOf(4));
  EXPECT_EQ(delivery.verdict, Verdict::kDelivered);
  EXPECT_EQ(delivery.accepted, 3U);
  EXPECT_EQ(delivery.rejected, 1U);
  EXPECT_EQ(delivery.detail, "one sample is too large for the platform");
  EXPECT_EQ(client.sent.size(), 5U);
}

TEST_F(SenderTest, AHalfThatFailsKeepsTheWholeBatch) {
  client.answers.push_back(http::ClientResponse{413, {}, ""});
  client.answers.push_back(http::ClientResponse{200, {}, R"({"accepted":2,"rejected":0})"});
  client.answers.push_back(http::ClientResponse{503, {}, ""});
  EXPECT_EQ(sender.Deliver(BatchOf(4)).verdict, Verdict::kRetry);
}

TEST_F(SenderTest, LooksForTheFirstSampleByItsLabelsAndTime) {
  client.answers.push_back(http::ClientResponse{
      200, {}, R"({"series":[{"metric":"cpu","labels":{"host":"web-1"},"points":[["2026-01-03T12:00:00Z",0.5]]}]})"});
  EXPECT_EQ(sender.Look(BatchOf(2)), Sight::kSeen);
  ASSERT_EQ(client.sent.size(), 1U);
  EXPECT_EQ(client.sent[0].target, "/api/v1/query");
  EXPECT_EQ(
      client.sent[0].body,
      R"({"metric":"cpu","labels":{"host":"web-1"},"start":"2026-01-03T12:00:00Z","end":"2026-01-03T12:00:00Z"})");
}

TEST_F(SenderTest, AnAnswerWithoutTheSampleIsNoSight) {
  const auto look = [this](int status, std::string body) {
    client.answers.push_back(http::ClientResponse{status, {}, std::move(body)});
    return sender.Look(BatchOf(1));
  };
  EXPECT_EQ(look(200, R"({"series":[]})"), Sight::kNotSeen);
  EXPECT_EQ(look(200, R"({"series":[{"points":[]},7]})"), Sight::kNotSeen);
  EXPECT_EQ(look(403, ""), Sight::kMayNotLook);
  EXPECT_EQ(look(200, "[]"), Sight::kUnknown);
  EXPECT_EQ(look(500, ""), Sight::kUnknown);
  client.answers.push_back(Fail(ErrorCode::kDeadlineExceeded, "http.timeout", "cannot read"));
  EXPECT_EQ(sender.Look(BatchOf(1)), Sight::kUnknown);
}

}  // namespace
}  // namespace helios::agent
