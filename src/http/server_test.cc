// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/test_support.h"

namespace helios::http::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST(IsLoopback, IsTrueOfThisMachineAlone) {
  for (const char* host : {"127.0.0.1", "127.8.8.8", "::1", "localhost"}) EXPECT_TRUE(IsLoopback(host)) << host;
  for (const char* host : {"", "0.0.0.0", "::", "10.0.0.1", "example.com"}) EXPECT_FALSE(IsLoopback(host)) << host;
}

TEST(ParseEndpoint, ReadsHostsAndPorts) {
  EXPECT_EQ(ParseEndpoint("127.0.0.1:8080")->host, "127.0.0.1");
  EXPECT_EQ(ParseEndpoint("127.0.0.1:8080")->port, 8080);
  EXPECT_EQ(ParseEndpoint("[::1]:0")->host, "::1");
  EXPECT_EQ(ParseEndpoint(":65535")->host, "");
  for (const std::string_view text : {"", "8080", "host:", "host:65536", "host:-1", "host:80x", "::1:80", "[]:80"}) {
    const auto endpoint = ParseEndpoint(text);
    ASSERT_FALSE(endpoint.has_value()) << text;
    EXPECT_EQ(endpoint.error().reason, "http.bad_listen");
  }
}

TEST(Server, SaysWhyItCannotListen) {
  TestServer first(Echo);
  obs::Metrics metrics;
  ServerConfig config;
  config.listen = {.host = "127.0.0.1", .port = first.port()};
  const auto second = Server::Listen(config, metrics);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, "http.cannot_listen");
  EXPECT_THAT(second.error().message, HasSubstr("Address already in use"));
  config.listen = {.host = "nowhere", .port = 0};
  EXPECT_EQ(Server::Listen(config, metrics).error().reason, "http.bad_listen");
}

TEST(Server, ListensOnEveryAddressWithoutAHost) {
  obs::Metrics metrics;
  auto server = Server::Listen({.listen = {.host = "", .port = 0}}, metrics);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  (*server)->Start([](auto request, auto respond) { respond(Text(200, request->peer)); }, nullptr);
  RawConnection connection((*server)->port());
  EXPECT_EQ(connection.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body, "127.0.0.1");
}

TEST(Server, AnswersSeveralRequestsOnOneConnection) {
  TestServer server(Echo);
  RawConnection connection(server.port());
  for (int i = 0; i < 3; ++i) {
    const Answer answer = connection.Ask("POST /a%20b?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST /a b xyz");
    EXPECT_EQ(answer.fields.at("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(answer.fields.at("server"), "helios");
    EXPECT_THAT(answer.fields.at("date"), MatchesRegex("..., [0-9]+ ... [0-9]+ [0-9:]+ GMT"));
    EXPECT_THAT(answer.fields.at("x-request-id"),
                MatchesRegex("[0-9a-f]+-[0-9a-f]+-7[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+"));
    EXPECT_FALSE(answer.fields.contains("connection"));
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestServer server(Echo);
  RawConnection connection(server.port());
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += fmt::format("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", i);
  connection.Write(requests);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(connection.Read().body, fmt::format("GET /{} ", i));
}

TEST(Server, KeepsTheOrderOfPipelinedAnswersFromOtherThreads) {
  std::vector<std::future<void>> answering;
  TestServer server([&answering](auto request, auto respond) {
    answering.push_back(std::async(std::launch::async, [request, respond] { Echo(request, respond); }));
  });
  RawConnection connection(server.port());
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests += fmt::format("POST /{} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi", i);
  }
  connection.Write(requests);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(connection.Read().body, fmt::format("POST /{} hi", i));
}

TEST(Server, AnswersEverythingThatCameBeforeAHalfClose) {
  TestServer server(Echo);
  RawConnection connection(server.port());
  connection.Write("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  connection.EndWriting();
  EXPECT_EQ(connection.Read().body, "GET /1 ");
  EXPECT_EQ(connection.Read().body, "GET /2 ");
  EXPECT_TRUE(connection.IsAtEnd());
}

TEST(Server, ReadsARequestThatComesByteByByte) {
  TestServer server(Echo);
  RawConnection connection(server.port());
  const std::string request =
      "\r\nPOST /slow HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: "
      "1\r\n\r\n";
  for (const char byte : request) connection.Write({&byte, 1});
  EXPECT_EQ(connection.Read().body, "POST /slow abcde");
  EXPECT_EQ(connection.Ask("GET /next HTTP/1.1\r\nHost: h\r\n\r\n").body, "GET /next ");
}

TEST(Server, JoinsALargeChunkedBody) {
  TestServer server([](auto request, auto respond) { respond(Text(200, std::to_string(request->body.size()))); });
  RawConnection connection(server.port());
  std::string request = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n";
  for (int i = 0; i < 300; ++i) request += "2710\r\n" + std::string(10'000, 'x') + "\r\n";
  EXPECT_EQ(connection.Ask(request + "0\r\n\r\n").body, "3000000");
}

TEST(Server, SendsContinueOnlyWhereItTakesTheBody) {
  TestServer server(Echo, {}, [](const Request& request) -> std::size_t { return request.path == "/big" ? 100 : 4; });
  RawConnection connection(server.port());
  connection.Write("POST /big HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(connection.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(connection.Ask("hello").body, "POST /big hello");
  const Answer refused =
      connection.Ask("POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(refused.status, 413);
  EXPECT_TRUE(connection.IsAtEnd());
}

TEST(Server, RefusesAnUnknownExpectation) {
  TestServer server(Echo);
  RawConnection connection(server.port());
  EXPECT_EQ(connection.Ask("POST / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\nContent-Length: 1\r\n\r\nx").status, 417);
}

TEST(Server, AnswersHeadWithTheLengthAndNoBody) {
  TestServer server([](auto, auto respond) { respond(Text(200, "hello")); });
  RawConnection connection(server.port());
  const Answer answer = connection.Ask("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(answer.fields.at("content-length"), "5");
  EXPECT_EQ(connection.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body, "hello");  // no stray body in between
}

TEST(Server, SendsNoLengthWithNoContent) {
  TestServer server([](auto, auto respond) { respond(NoContent()); });
  RawConnection connection(server.port());
  EXPECT_THAT(connection.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").head, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(connection.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 204);
}

TEST(Server, SpeaksHttp10) {
  TestServer server(Echo);
  RawConnection plain(server.port());
  const Answer closing = plain.Ask("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_EQ(closing.body, "GET /old ");
  EXPECT_EQ(closing.fields.at("connection"), "close");
  EXPECT_TRUE(plain.IsAtEnd());
  RawConnection kept(server.port());
  EXPECT_EQ(kept.Ask("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").fields.at("connection"), "keep-alive");
  EXPECT_EQ(kept.Ask("GET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").body, "GET /2 ");
}

TEST(Server, ClosesWhereEitherSideWantsTo) {
  TestServer server([](auto request, auto respond) {
    Response response = Text(200, "bye");
    if (request->path == "/close") response.headers.Add("connection", "close");
    respond(std::move(response));
  });
  RawConnection asked(server.port());
  EXPECT_EQ(asked.Ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").fields.at("connection"), "close");
  EXPECT_TRUE(asked.IsAtEnd());
  RawConnection told(server.port());
  EXPECT_EQ(told.Ask("GET /close HTTP/1.1\r\nHost: h\r\n\r\n").body, "bye");
  EXPECT_TRUE(told.IsAtEnd());
}

TEST(Server, TakesAValidRequestIdAndReplacesAnother) {
  TestServer server([](auto request, auto respond) { respond(Text(200, request->request_id)); });
  RawConnection connection(server.port());
  const auto ask = [&connection](std::string_view id) {
    return connection.Ask(fmt::format("GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: {}\r\n\r\n", id));
  };
  const Answer own = ask("Req_1.a-2");
  EXPECT_EQ(own.body, "Req_1.a-2");
  EXPECT_EQ(own.fields.at("x-request-id"), "Req_1.a-2");
  EXPECT_EQ(ask(std::string(64, 'x')).body, std::string(64, 'x'));
  for (const std::string& bad : {std::string(65, 'x'), std::string("a b"), std::string("a\"b"), std::string()}) {
    const Answer made = ask(bad);
    EXPECT_EQ(made.body.size(), 36U);
    EXPECT_EQ(made.body, made.fields.at("x-request-id"));
  }
}

TEST(Server, CompressesLargeTextForThoseWhoAcceptIt) {
  TestServer server([](auto request, auto respond) {
    respond(Text(200, std::string(request->path == "/small" ? 1024 : 5000, 'x'),
                 request->path == "/image" ? "image/png" : "application/json"));
  });
  RawConnection connection(server.port());
  const auto ask = [&connection](std::string_view path, std::string_view accept) {
    return connection.Ask(fmt::format("GET {} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: {}\r\n\r\n", path, accept));
  };
  const Answer packed = ask("/", "br, gzip;q=0.5");
  EXPECT_EQ(packed.fields.at("content-encoding"), "gzip");
  EXPECT_EQ(packed.fields.at("vary"), "Accept-Encoding");
  Request undo;
  undo.headers.Add("Content-Encoding", "gzip");
  undo.body = packed.body;
  EXPECT_EQ(undo.DecodedBody(5000), std::string(5000, 'x'));
  for (const auto& [path, accept] : std::map<std::string, std::string>{
           {"/", "gzip;q=0"}, {"/plain", "identity"}, {"/small", "gzip"}, {"/image", "gzip"}, {"/none", ""}}) {
    EXPECT_FALSE(ask(path, accept).fields.contains("content-encoding")) << path << " " << accept;
  }
}

TEST(Server, KeepsLineBreaksInFieldsFromMakingFields) {
  TestServer server([](auto, auto respond) {
    Response response = Text(200, "x");
    response.headers.Add("X-Name", "a\r\nSet-Cookie: b=c");
    respond(std::move(response));
  });
  RawConnection connection(server.port());
  const Answer answer = connection.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(answer.fields.at("x-name"), "a  Set-Cookie: b=c");
  EXPECT_FALSE(answer.fields.contains("set-cookie"));
}

TEST(Server, SendsAFile) {
  const ScratchDirectory scratch;
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += fmt::format("{},", i);
  const auto path = scratch.Write("file.csv", bytes);
  const auto empty = scratch.Write("empty", "");
  TestServer server([&](auto request, auto respond) {
    Response response{.status = 200, .headers = {}, .body = FileBody{path}};
    if (request->path == "/empty") response.body = FileBody{empty};
    if (request->path == "/gone") response.body = FileBody{scratch.path() / "gone"};
    if (request->path == "/directory") response.body = FileBody{scratch.path()};
    response.headers.Add("Content-Type", "text/csv");
    respond(std::move(response));
  });
  RawConnection connection(server.port());
  for (int i = 0; i < 2; ++i) {
    const Answer answer = connection.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(answer.fields.at("content-type"), "text/csv");
    EXPECT_TRUE(answer.body == bytes);
  }
  const Answer head = connection.Ask("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(head.fields.at("content-length"), std::to_string(bytes.size()));
  EXPECT_EQ(connection.Ask("GET /empty HTTP/1.1\r\nHost: h\r\n\r\n").fields.at("content-length"), "0");
  EXPECT_EQ(connection.Ask("GET /gone HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
  EXPECT_EQ(connection.Ask("GET /directory HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
}

TEST(Server, CountsAnswersByClass) {
  TestServer server(Echo);
  RawConnection connection(server.port());
  connection.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  connection.Ask("GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n");
  connection.Close();
  server->Stop(kPatience);
  const std::string metrics = server.metrics.Render();
  EXPECT_THAT(metrics, HasSubstr("helios_http_requests_total{class=\"2xx\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("helios_http_requests_total{class=\"4xx\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("helios_http_connections 0"));
}

}  // namespace
}  // namespace helios::http::testing
