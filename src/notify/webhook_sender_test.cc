// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/webhook_sender.h"

#include <gtest/gtest.h>

#include <mutex>

#include "http/server.h"
#include "obs/metrics.h"

namespace helios::notify {
namespace {

http::AddressPolicy Loopback() {
  return http::AddressPolicy({*http::ParseNetwork("127.0.0.0/8")});
}

std::string ReasonOf(std::string_view url) {
  const auto parsed = ParseWebhookUrl(url, http::AddressPolicy());
  return parsed ? "" : std::string(parsed.error().reason);
}

TEST(ParseWebhookUrl, TakesAUrlApart) {
  const auto parsed = ParseWebhookUrl("https://example.com:8443/hooks/a?team=b", http::AddressPolicy());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->origin, "https://example.com:8443");
  EXPECT_EQ(parsed->target, "/hooks/a?team=b");
  EXPECT_EQ(ParseWebhookUrl("http://example.com", http::AddressPolicy())->target, "/");
  EXPECT_EQ(ParseWebhookUrl("http://example.com?a=b", http::AddressPolicy())->target, "/?a=b");
}

TEST(ParseWebhookUrl, RefusesWhatIsNoUrlOfTheInternet) {
  for (const char* url :
       {"", "example.com", "ftp://example.com", "https://", "https://user:word@example.com/",
        "https://example.com/#top", "https://exa mple.com/", "https://example.com:0/", "https://example.com:99999/",
        "http://127.0.0.1/", "http://[::1]:80/", "http://10.1.2.3:9000/", "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:127.0.0.1]/", "https://ex\\ample/"}) {
    EXPECT_EQ(ReasonOf(url), "notify.bad_url") << url;
  }
  EXPECT_EQ(ReasonOf("https://example.com/" + std::string(2048, 'a')), "notify.bad_url");
  EXPECT_EQ(ReasonOf("http://8.8.8.8/hook"), "");
  EXPECT_TRUE(ParseWebhookUrl("http://127.0.0.1:80/", Loopback()));
}

/// A receiver that answers as its path says.
class HttpWebhookSenderTest : public ::testing::Test {
 protected:
  HttpWebhookSenderTest() {
    auto server = http::Server::Listen({.listen = {.host = "127.0.0.1", .port = 0}}, metrics_);
    if (!server) {
      ADD_FAILURE() << server.error().message;
      return;
    }
    server_ = *std::move(server);
    server_->Start(
        [](std::shared_ptr<http::Request> request, http::Responder respond) {
          if (request->path == "/moved") {
            http::Response moved = http::Text(302, "");
            moved.headers.Set("Location", "/taken");
            return respond(std::move(moved));
          }
          if (request->path == "/long") return respond(http::Text(200, std::string(65U << 10U, 'x')));
          if (request->path == "/gone") return respond(http::Text(410, ""));
          respond(http::Text(200, request->body));
        },
        [](const http::Request&) { return std::size_t{1} << 20U; });
  }
  ~HttpWebhookSenderTest() override {
    if (server_) server_->Stop(std::chrono::seconds{1});
  }

  [[nodiscard]] AttemptOutcome Send(const std::string& host, const std::string& path,
                                    http::AddressPolicy policy) const {
    return HttpWebhookSender(std::move(policy))
        .Send(fmt::format("http://{}:{}{}", host, server_->port(), path), {}, "{}");
  }

  obs::Metrics metrics_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(HttpWebhookSenderTest, EachAnswerOf2xxIsSuccessAndNothingElseIs) {
  const AttemptOutcome taken = Send("127.0.0.1", "/taken", Loopback());
  EXPECT_EQ(taken.http_status, 200);
  EXPECT_EQ(taken.error, "");
  const AttemptOutcome moved = Send("127.0.0.1", "/moved", Loopback());
  EXPECT_EQ(moved.http_status, 302) << "the redirect was followed";
  EXPECT_NE(moved.error, "");
  const AttemptOutcome gone = Send("127.0.0.1", "/gone", Loopback());
  EXPECT_EQ(gone.http_status, 410);
  EXPECT_NE(gone.error, "");
}

TEST_F(HttpWebhookSenderTest, ReadsNoMoreThan64KiB) {
  const AttemptOutcome outcome = Send("127.0.0.1", "/long", Loopback());
  EXPECT_EQ(outcome.http_status, std::nullopt);
  EXPECT_NE(outcome.error, "");
}

TEST_F(HttpWebhookSenderTest, ANameThatLeadsToARefusedAddressIsNotConnectedTo) {
  // "localhost" is a name, so that only resolving tells.
  const AttemptOutcome refused = Send("localhost", "/taken", http::AddressPolicy());
  EXPECT_EQ(refused.http_status, std::nullopt);
  EXPECT_NE(refused.error.find("not one of the public internet"), std::string::npos) << refused.error;
  EXPECT_EQ(Send("localhost", "/taken", Loopback()).http_status, 200);
}

}  // namespace
}  // namespace helios::notify
