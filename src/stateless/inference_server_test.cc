// SPDX-License-Identifier: Apache-2.0
#include "stateless/inference_server.h"

#include <gmock/gmock.h>

#include <future>
#include <string>
#include <vector>

#include "http/client.h"

namespace helios::stateless {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::chrono::seconds kPatience{30};
constexpr std::string_view kAsk =
    R"({"history":[{"timestamp":0,"value":1},{"timestamp":60000,"value":2},{"timestamp":120000,"value":3}]})";

std::unique_ptr<InferenceServer> Start(ServerOptions options = {}) {
  options.listen.port = 0;
  auto server = InferenceServer::Start(options);
  EXPECT_TRUE(server) << server.error().message;
  return *std::move(server);
}

Result<http::ClientResponse> Send(const InferenceServer& server, http::Method method, std::string_view path,
                                  std::string_view body = {}) {
  HELIOS_TRY(const auto client, http::Client::Create(fmt::format("http://127.0.0.1:{}", server.port()), {}));
  return client->Send(method, path, http::Headers(), body);
}

TEST(InferenceServer, ServesEachOperationWithAndWithoutTheApisPrefix) {
  const auto server = Start();
  for (const char* path : {"/predict", "/detect", "/api/v1/predict", "/api/v1/detect"}) {
    const auto answer = Send(*server, http::Method::kPost, path, kAsk);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200) << path << answer->body;
  }
  EXPECT_EQ(Send(*server, http::Method::kGet, "/healthz")->body, "ok\n");
}

TEST(InferenceServer, SaysWhatThereIsToWhoeverAsksForSomethingElse) {
  const auto server = Start();
  const auto lost = Send(*server, http::Method::kGet, "/metrics");
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->status, 404);
  EXPECT_EQ(lost->headers.Find("Content-Type"), "application/problem+json");
  EXPECT_THAT(lost->body, AllOf(HasSubstr("http.no_such_route"), HasSubstr("POST /predict")));
  const auto got = Send(*server, http::Method::kGet, "/predict");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 405);
  EXPECT_EQ(got->headers.Find("Allow"), "POST");
}

TEST(InferenceServer, AnswersWhoeverWaitedTooLongAndStaysHealthy) {
  const auto server = Start({.max_wait = std::chrono::milliseconds{-1}});
  const auto answer = Send(*server, http::Method::kPost, "/predict", kAsk);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_TRUE(answer->headers.Find("Retry-After"));
  EXPECT_THAT(answer->body, HasSubstr("gateway.overloaded"));
  EXPECT_EQ(Send(*server, http::Method::kGet, "/healthz")->status, 200);
}

TEST(InferenceServer, RefusesWhatDoesNotFitIntoItsQueue) {
  const auto server = Start({.max_waiting = 0});
  EXPECT_EQ(Send(*server, http::Method::kPost, "/predict", kAsk)->status, 503);
}

TEST(InferenceServer, AnswersManyAtOnceAlike) {
  const auto server = Start({.workers = 4});
  const auto alone = Send(*server, http::Method::kPost, "/predict", kAsk);
  ASSERT_TRUE(alone);
  EXPECT_THAT(alone->body, StartsWith(R"({"predictions":[{)"));
  std::vector<std::future<std::string>> bodies;
  for (int i = 0; i < 16; ++i) {
    bodies.push_back(std::async(std::launch::async, [&server] {
      const auto answer = Send(*server, http::Method::kPost, "/predict", kAsk);
      return answer ? answer->body : std::string(answer.error().reason);
    }));
  }
  for (auto& body : bodies) EXPECT_EQ(body.get(), alone->body);
  server->Stop(kPatience);
  EXPECT_FALSE(Send(*server, http::Method::kGet, "/healthz"));
}

TEST(InferenceServer, ListensForOthersOnlyBehindAProxy) {
  for (const char* host : {"", "0.0.0.0", "::"}) {
    const auto refused = InferenceServer::Start({.listen = {.host = host, .port = 0}});
    ASSERT_FALSE(refused) << host;
    EXPECT_EQ(refused.error().reason, "stateless.needs_proxy");
  }
  EXPECT_TRUE(InferenceServer::Start({.listen = {.host = "0.0.0.0", .port = 0}, .behind_proxy = true}));
}

TEST(InferenceServer, SaysThatAnAddressIsTaken) {
  const auto server = Start();
  const auto second = InferenceServer::Start({.listen = {.host = "127.0.0.1", .port = server->port()}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "http.cannot_listen");
}

}  // namespace
}  // namespace helios::stateless
