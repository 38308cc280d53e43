// SPDX-License-Identifier: Apache-2.0
#include "http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <thread>

#include "http/test_support.h"

namespace helios::http::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::unique_ptr<Client> ClientFor(std::string_view origin, ClientConfig config = {}) {
  auto client = Client::Create(origin, std::move(config));
  EXPECT_TRUE(client.has_value()) << (client ? "" : client.error().message);
  return client ? *std::move(client) : nullptr;
}

std::string OriginOf(std::uint16_t port, std::string_view path = "") {
  return fmt::format("http://127.0.0.1:{}{}", port, path);
}

/// Listens on loopback and gives each connection's socket to `serve`, one after the other.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::function<void(int)>> connections) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(::listen(listener_, 5), 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, connections = std::move(connections)] {
      for (const auto& serve : connections) {
        const int fd = ::accept(listener_, nullptr, nullptr);
        serve(fd);
        ::close(fd);
      }
    });
  }
  ~ScriptedServer() {
    thread_.join();
    ::close(listener_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Reads one request without a body, then sends `answer`.
  static void ReadAndSay(int fd, std::string_view answer) {
    std::string request;
    char byte = 0;
    while (!request.ends_with("\r\n\r\n") && ::recv(fd, &byte, 1, 0) == 1) request += byte;
    static_cast<void>(::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL));
  }
  static std::function<void(int)> Saying(std::string answer) {
    return [answer = std::move(answer)](int fd) { ReadAndSay(fd, answer); };
  }
  static void WaitForClose(int fd) {
    char byte = 0;
    while (::recv(fd, &byte, 1, 0) > 0) continue;
  }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST(Client, RefusesWhatIsNoOrigin) {
  for (const std::string_view origin :
       {"", "ftp://h", "http://", "http://:80", "http://h:0", "http://h:65536", "http://h:x", "http://u@h",
        "http://h/?q", "http://h/#f", "http://[::1", "http://[::1]x", "http://a b", "h:80", "HTTP//h"}) {
    const auto client = Client::Create(origin);
    ASSERT_FALSE(client.has_value()) << origin;
    EXPECT_EQ(client.error().reason, "http.bad_url");
  }
  EXPECT_TRUE(Client::Create("https://example.org/base").has_value());
  EXPECT_TRUE(Client::Create("http://[::1]:8080").has_value());
}

TEST(Client, SendsWhatItIsGivenAndKeepsItsConnection) {
  TestServer server([](auto request, auto respond) {
    Response response = Text(201, std::string(MethodName(request->method)) + " " + request->target + " " +
                                      std::string(request->headers.Find("X-One").value_or("")) + " " + request->body);
    response.headers.Add("X-Two", "2");
    respond(std::move(response));
  });
  const auto client = ClientFor(OriginOf(server.port(), "/base/"));
  Headers headers;
  headers.Add("X-One", "1");
  for (int i = 0; i < 3; ++i) {
    const auto answer = client->Send(Method::kPost, "/a?b=c", headers, "body");
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->body, "POST /base/a?b=c 1 body");
    EXPECT_EQ(answer->headers.Find("x-two"), "2");
  }
  EXPECT_THAT(server.metrics.Render(), HasSubstr("helios_http_connections 1"));
  EXPECT_EQ(client->Send(Method::kHead, "/", {}, "")->body, "");
  EXPECT_EQ(client->Send(Method::kGet, "/", {}, "")->body, "GET /base/  ");
}

TEST(Client, SendsALargeBody) {
  TestServer server([](auto request, auto respond) { respond(Text(200, request->body)); });
  const std::string body(8'000'000, 'x');
  const auto answer = ClientFor(OriginOf(server.port()))->Send(Method::kPut, "/", {}, body);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_TRUE(answer->body == body);
}

TEST(Client, RefusesLineBreaksInWhatItSends) {
  const auto client = ClientFor("http://127.0.0.1:9");
  Headers headers;
  headers.Add("X", "a\r\nY: b");
  EXPECT_EQ(client->Send(Method::kGet, "/", headers, "").error().reason, "http.bad_header");
  EXPECT_EQ(client->Send(Method::kGet, "/ HTTP/1.1\r\n", {}, "").error().reason, "http.bad_url");
  EXPECT_EQ(client->Send(Method::kGet, "no-slash", {}, "").error().reason, "http.bad_url");
}

TEST(Client, ResolvesLocalhost) {
  TestServer server(Echo);
  const auto answer = ClientFor(fmt::format("http://localhost:{}", server.port()))->Send(Method::kGet, "/", {}, "");
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
}

TEST(Client, SaysThatANameDoesNotResolve) {
  ClientConfig config;
  config.connect_timeout = 300ms;
  const auto answer = ClientFor("http://no-such-host.invalid", config)->Send(Method::kGet, "/", {}, "");
  ASSERT_FALSE(answer.has_value());
  EXPECT_TRUE(answer.error().reason == "http.cannot_resolve" || answer.error().reason == "http.timeout");
}

TEST(Client, SaysThatNobodyListens) {
  std::uint16_t port = 0;
  {
    TestServer server(Echo);
    port = server.port();
  }
  const auto answer = ClientFor(OriginOf(port))->Send(Method::kGet, "/", {}, "");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().reason, "http.cannot_connect");
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
}

TEST(Client, ReadsChunkedInterimAndEndlessAnswers) {
  ScriptedServer server({
      ScriptedServer::Saying("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
      ScriptedServer::Saying("HTTP/1.0 200 OK\r\n\r\nuntil the end"),
      ScriptedServer::Saying("HTTP/1.1 204 No Content\r\n\r\n"),
  });
  const auto client = ClientFor(OriginOf(server.port()));
  EXPECT_EQ(client->Send(Method::kGet, "/", {}, "")->body, "abcde");
  EXPECT_EQ(client->Send(Method::kGet, "/", {}, "")->body, "until the end");
  EXPECT_EQ(client->Send(Method::kGet, "/", {}, "")->status, 204);
}

TEST(Client, OpensAKeptConnectionAgainOnce) {
  const auto closing = ScriptedServer::Saying("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
  ScriptedServer server({closing,
                         [](int fd) {
                           ScriptedServer::ReadAndSay(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");
                           ScriptedServer::ReadAndSay(fd, "");  // closes with the request read, no answer
                         },
                         closing, ScriptedServer::Saying("")});
  const auto client = ClientFor(OriginOf(server.port()));
  EXPECT_EQ(client->Send(Method::kGet, "/", {}, "")->body, "a");
  EXPECT_EQ(client->Send(Method::kGet, "/", {}, "")->body, "b");
  EXPECT_EQ(client->Send(Method::kGet, "/", {}, "")->body, "a");
  const auto lost = client->Send(Method::kGet, "/", {}, "");  // a new connection: no second attempt
  ASSERT_FALSE(lost.has_value());
  EXPECT_EQ(lost.error().reason, "http.connection_lost");
}

TEST(Client, SaysThatAnAnswerWasCutShortOrIsNone) {
  ScriptedServer server({ScriptedServer::Saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
                         ScriptedServer::Saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                         ScriptedServer::Saying("SSH-2.0-OpenSSH\r\n\r\n"), ScriptedServer::Saying("HTTP/1.1 200")});
  const auto client = ClientFor(OriginOf(server.port()));
  for (int i = 0; i < 4; ++i) {
    const auto answer = client->Send(Method::kGet, "/", {}, "");
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().reason, "http.connection_lost");
  }
}

TEST(Client, BoundsTheAnswer) {
  ScriptedServer server({ScriptedServer::Saying("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"),
                         ScriptedServer::Saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nB\r\n")});
  ClientConfig config;
  config.max_response_bytes = 10;
  const auto client = ClientFor(OriginOf(server.port()), config);
  for (int i = 0; i < 2; ++i) {
    const auto answer = client->Send(Method::kGet, "/", {}, "");
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().reason, "http.response_too_large");
    EXPECT_EQ(answer.error().code, ErrorCode::kTooLarge);
  }
}

TEST(Client, GivesUpOnASilentServer) {
  ScriptedServer server({ScriptedServer::WaitForClose});
  ClientConfig config;
  config.request_timeout = 50ms;
  const auto answer = ClientFor(OriginOf(server.port()), config)->Send(Method::kGet, "/", {}, "");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().reason, "http.timeout");
  EXPECT_EQ(answer.error().code, ErrorCode::kDeadlineExceeded);
}

TEST(Client, ReadsARefusalWhileItStillSends) {
  TestServer server(Echo, {.max_body_bytes = 10});
  const auto client = ClientFor(OriginOf(server.port()));
  for (int i = 0; i < 2; ++i) {
    const auto answer = client->Send(Method::kPost, "/", {}, std::string(20'000'000, 'x'));
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->status, 413);
  }
}

// --- TLS --------------------------------------------------------------------------------------------------

/// A self-signed certificate for `names`, such as "DNS:localhost,IP:127.0.0.1".
TlsConfig MakeCertificate(const ScratchDirectory& scratch, const std::string& names, const std::string& stem) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  EXPECT_GT(X509_sign(certificate, key, EVP_sha256()), 0);
  TlsConfig config{.certificate_file = scratch.path() / (stem + ".crt"), .key_file = scratch.path() / (stem + ".key")};
  FILE* out = std::fopen(config.certificate_file.c_str(), "w");
  PEM_write_X509(out, certificate);
  std::fclose(out);
  out = std::fopen(config.key_file.c_str(), "w");
  PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return config;
}

class Tls : public ::testing::Test {
 protected:
  std::string Origin(std::string_view host = "localhost") { return fmt::format("https://{}:{}", host, server_.port()); }
  ClientConfig Trusting(const TlsConfig& tls) {
    ClientConfig config;
    config.ca_file = tls.certificate_file;
    return config;
  }

  ScratchDirectory scratch_;
  TlsConfig good_ = MakeCertificate(scratch_, "DNS:localhost,IP:127.0.0.1", "good");
  TestServer server_{[](auto request, auto respond) {
                       respond(Text(200, std::string(request->secure ? "secure " : "plain ") + request->body));
                     },
                     {.tls = good_}};
};

TEST_F(Tls, CarriesRequestsToAVerifiedServer) {
  for (const std::string_view host : {"localhost", "127.0.0.1"}) {
    const auto client = ClientFor(Origin(host), Trusting(good_));
    for (const std::size_t size : {0, 10, 3'000'000, 5}) {
      const std::string body(size, 'x');
      const auto answer = client->Send(Method::kPost, "/", {}, body);
      ASSERT_TRUE(answer.has_value()) << answer.error().message;
      EXPECT_TRUE(answer->body == "secure " + body);
    }
  }
  EXPECT_THAT(server_.metrics.Render(), HasSubstr("helios_http_requests_total{class=\"2xx\"} 8"));
}

TEST_F(Tls, ClientRefusesAnUnknownAuthority) {
  const auto answer = ClientFor(Origin())->Send(Method::kGet, "/", {}, "");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().reason, "http.tls_failed");
  EXPECT_THAT(answer.error().message, HasSubstr("self-signed certificate"));
}

TEST_F(Tls, ClientRefusesACertificateForAnotherHost) {
  const TlsConfig other = MakeCertificate(scratch_, "DNS:example.org", "other");
  TestServer server(Echo, {.tls = other});
  for (const std::string_view host : {"localhost", "127.0.0.1"}) {
    const auto answer =
        ClientFor(fmt::format("https://{}:{}", host, server.port()), Trusting(other))->Send(Method::kGet, "/", {}, "");
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().reason, "http.tls_failed");
    EXPECT_THAT(answer.error().message, HasSubstr("mismatch"));
  }
}

TEST_F(Tls, ClientSaysThatTheServerSpeaksNone) {
  TestServer plain(Echo);
  const auto answer = ClientFor(fmt::format("https://127.0.0.1:{}", plain.port()))->Send(Method::kGet, "/", {}, "");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().reason, "http.tls_failed");
}

TEST_F(Tls, ServerRefusesTls12) {
  const auto connect = [this](int version) {
    RawConnection connection(server_.port());
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, version);
    SSL* session = SSL_new(context);
    SSL_set_fd(session, connection.fd());
    const int outcome = SSL_connect(session);
    ERR_clear_error();
    SSL_free(session);
    SSL_CTX_free(context);
    return outcome;
  };
  EXPECT_EQ(connect(TLS1_3_VERSION), 1);
  EXPECT_NE(connect(TLS1_2_VERSION), 1);
}

TEST_F(Tls, ServerClosesOnPlainHttpAndOnASilentHandshake) {
  RawConnection plain(server_.port());
  plain.Write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(plain.ReadToEnd().find("HTTP/1.1"), std::string::npos);
  TestServer hasty(Echo, {.tls = good_, .header_timeout = 50ms});
  EXPECT_TRUE(RawConnection(hasty.port()).IsAtEnd());
}

TEST_F(Tls, StopClosesIdleConnections) {
  const auto client = ClientFor(Origin(), Trusting(good_));
  ASSERT_TRUE(client->Send(Method::kGet, "/", {}, "").has_value());
  server_->Stop(kPatience);
  EXPECT_EQ(client->Send(Method::kGet, "/", {}, "").error().reason, "http.cannot_connect");
}

TEST_F(Tls, ServerSaysWhatIsWrongWithItsFiles) {
  obs::Metrics metrics;
  const TlsConfig other = MakeCertificate(scratch_, "DNS:other", "second");
  const auto listen = [&metrics](TlsConfig tls) {
    return Server::Listen({.listen = {.host = "127.0.0.1", .port = 0}, .tls = std::move(tls)}, metrics);
  };
  for (const TlsConfig& bad :
       {TlsConfig{"/nowhere/a.crt", good_.key_file}, TlsConfig{good_.certificate_file, "/nowhere"},
        TlsConfig{good_.certificate_file, other.key_file}, TlsConfig{good_.key_file, good_.key_file}}) {
    const auto server = listen(bad);
    ASSERT_FALSE(server.has_value());
    EXPECT_EQ(server.error().reason, "http.bad_tls");
    EXPECT_EQ(server.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace helios::http::testing
