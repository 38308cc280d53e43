// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Starting, refusing to start, and stopping.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <latch>
#include <thread>

#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using LifecycleTest = ServerTest;

TEST_F(LifecycleTest, SaysWhetherItLivesIsReadyAndHowItDoes) {
  ApiClient client = server.NewClient();
  EXPECT_EQ(client.Get("/healthz").status, 200);
  EXPECT_EQ(client.Get("/readyz").status, 200);
  EXPECT_EQ(client.Get("/metrics").status, 404) << "for the operator alone";
  ApiClient as_operator = server.NewOperatorClient();
  EXPECT_EQ(as_operator.Get("/healthz").status, 200);
  EXPECT_EQ(as_operator.Get("/readyz").status, 200);
  const Answer metrics = as_operator.Get("/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_THAT(metrics.Header("Content-Type"), HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(metrics.body, HasSubstr("# TYPE helios_http_request_seconds histogram"));
  EXPECT_EQ(as_operator.Get("/api/v1/me").status, 404) << "no customer's business there";
}

TEST_F(LifecycleTest, SigtermLetsARequestInProgressFinishAndThenStopsEverything) {
  ASSERT_EQ(server.NewClient().Get("/readyz").status, 200);
  const pid_t postgres = server.postgres_pid();
  // The request is in progress for as long as the database is frozen.
  server.SignalPostgres(SIGSTOP);
  Answer answer;
  {
    std::latch connected(1);
    std::jthread in_progress([&] {
      ApiClient client = server.NewClient();
      EXPECT_EQ(client.Get("/healthz").status, 200);
      connected.count_down();
      answer = SignUp(client, "acme");
    });
    connected.wait();
    SleepFor(500ms);  // for the request to arrive
    server.Terminate();
    EXPECT_TRUE(server.AwaitEvent("serve.stopping"));
    EXPECT_EQ(server.NewClient().Get("/healthz").lost, "http.cannot_connect") << "it takes no new connection";
    EXPECT_FALSE(server.Wait(1s)) << "it waits for the request";
    server.SignalPostgres(SIGCONT);
  }
  EXPECT_EQ(answer.status, 201) << answer;
  EXPECT_EQ(server.Wait(), 0);
  EXPECT_EQ(server.Events("serve.stopped").size(), 1U);
  EXPECT_NE(kill(postgres, 0), 0) << "PostgreSQL went with it";
}

TEST_F(LifecycleTest, ASecondStartKeepsDataKeysAndPasswords) {
  Tenant tenant = server.NewTenant("acme");
  const Sample sample{.metric = "kept", .time = SystemClock().Now(), .value = 0.1};
  ASSERT_EQ(tenant.Ingest(std::span(&sample, 1)).status, 200);
  EXPECT_EQ(server.Stop(), 0);
  ASSERT_TRUE(server.Start());
  Tenant again = server.Again(tenant);
  EXPECT_EQ(again.Query("kept"), std::vector<Point>({{ToUnixMs(sample.time), 0.1}}));
  const Answer signed_in = server.NewClient().Post(
      "/api/v1/sessions", {{"organization", "acme"}, {"email", OwnerEmail("acme")}, {"password", kPassword}});
  EXPECT_EQ(signed_in.status / 100, 2) << signed_in;
}

TEST_F(LifecycleTest, APortThatIsTakenIsNamed) {
  Server second;
  second.options().listen = fmt::format("127.0.0.1:{}", server.port());
  EXPECT_EQ(second.StartAndExpectExit(), 1);
  EXPECT_THAT(second.Words(), HasSubstr(fmt::format("127.0.0.1:{}", server.port())));
  EXPECT_THAT(second.Words(), HasSubstr("in use"));
}

/// A start that must fail before anything is made.
class RefusalTest : public ::testing::Test {
 protected:
  void ExpectRefusal(ServerOptions options, std::string_view reason, std::string_view words) {
    Server server(std::move(options));
    EXPECT_EQ(server.StartAndExpectExit(), 1) << server.Words();
    EXPECT_THAT(server.Words(), HasSubstr(fmt::format("[{}]", reason)));
    EXPECT_THAT(server.Words(), HasSubstr(std::string(words)));
    EXPECT_FALSE(std::filesystem::exists(server.data_dir()));
  }
};

TEST_F(RefusalTest, SomeServicesAloneNeedASharedStore) {
  ExpectRefusal({.arguments = {"--services", "ingestion"}}, "config.needs_metrics_url", "metrics.url");
}

TEST_F(RefusalTest, AnUnknownSettingNamesTheNearestKnownOne) {
  ExpectRefusal({.config = "lisen = \"127.0.0.1:8080\"\n"}, "config.unknown_key", "listen");
  ExpectRefusal({.config = "[http]\nworker = 3\n"}, "config.unknown_key", "http.workers");
}

TEST_F(RefusalTest, AListenerForOthersNeedsTls) {
  ExpectRefusal({.listen = "0.0.0.0:0"}, "config.needs_tls", "--tls-self-signed");
}

TEST_F(RefusalTest, AnEnvironmentVariableIsReadLikeTheFile) {
  ExpectRefusal({.environment = {{"HELIOS_HTTP_WORKERS", "none"}}}, "config.bad_value", "http.workers");
}

/// The version that a handshake with at most `version` ends in, or "" where the server refuses.
std::string TlsVersion(std::uint16_t port, int version) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_max_proto_version(context.get(), version);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string agreed;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context.get()), SSL_free);
    SSL_set_fd(session.get(), fd);
    if (SSL_connect(session.get()) == 1) agreed = SSL_get_version(session.get());
  }
  close(fd);
  return agreed;
}

TEST(TlsTest, ASelfSignedServerSpeaksTls13AloneAndKeepsItsCertificate) {
  Server server({.arguments = {"--tls-self-signed"}});
  ASSERT_TRUE(server.Start());
  const http::ClientConfig trusting{.ca_file = server.data_dir() / "tls.crt"};
  ApiClient client(server.Origin("https"), "", trusting);
  EXPECT_EQ(client.Get("/healthz").status, 200);
  const Answer signed_up = SignUp(client, "acme");
  ASSERT_EQ(signed_up.status, 201) << signed_up;
  Tenant tenant(server.Origin("https"), signed_up.Json(), trusting);
  const Sample sample{.metric = "safe", .time = SystemClock().Now(), .value = 1};
  EXPECT_EQ(tenant.Ingest(std::span(&sample, 1)).status, 200);
  EXPECT_EQ(tenant.Query("safe").size(), 1U);

  EXPECT_EQ(TlsVersion(server.port(), TLS1_3_VERSION), "TLSv1.3");
  EXPECT_EQ(TlsVersion(server.port(), TLS1_2_VERSION), "");
  EXPECT_EQ(ApiClient(server.Origin("https")).Get("/healthz").lost, "http.tls_failed") << "a client that trusts nobody";
  EXPECT_NE(ApiClient(server.Origin("http")).Get("/healthz").status, 200);
  namespace fs = std::filesystem;
  EXPECT_EQ(fs::status(server.data_dir() / "tls.key").permissions(), fs::perms::owner_read | fs::perms::owner_write);

  EXPECT_EQ(server.Stop(), 0);
  const auto made = fs::last_write_time(server.data_dir() / "tls.crt");
  ASSERT_TRUE(server.Start());
  EXPECT_EQ(fs::last_write_time(server.data_dir() / "tls.crt"), made) << "whoever trusted it still may";
}

}  // namespace
}  // namespace helios::testing
