// SPDX-License-Identifier: Apache-2.0
// What the edge turns down by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/json.h"
#include "http/test_support.h"

namespace helios::http::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::string CodeOf(const Answer& answer) {
  EXPECT_EQ(answer.fields.at("content-type"), "application/problem+json");
  const auto problem = ParseJson(answer.body);
  EXPECT_TRUE(problem.has_value()) << answer.body;
  EXPECT_EQ(problem->at("status").as_int64(), answer.status);
  EXPECT_EQ(std::string(problem->at("type").as_string()), "about:blank");
  EXPECT_EQ(std::string(problem->at("request_id").as_string()), answer.fields.at("x-request-id"));
  EXPECT_FALSE(problem->at("title").as_string().empty());
  return std::string(problem->at("code").as_string());
}

/// Sends `request` on a connection of its own, which must be closed after the refusal.
Answer Refused(TestServer& server, std::string_view request) {
  RawConnection connection(server.port());
  const Answer answer = connection.Ask(request);
  EXPECT_TRUE(connection.IsAtEnd()) << request.substr(0, 200);
  return answer;
}

TEST(ServerRefusal, TurnsDownWhatTwoReadersMightReadDifferently) {
  TestServer server(Echo);
  const std::string start = "POST / HTTP/1.1\r\nHost: h\r\n";
  for (const std::string& request : {
           start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
           start + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
           start + "Content-Length: 3, 3\r\n\r\nabc",
           start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
           start + "Content-Length: +3\r\n\r\nabc",
           start + "Content-Length: -1\r\n\r\n",
           start + "Content-Length: 99999999999999999999\r\n\r\n",
           start + "Content-Length:\r\n\r\n",
           start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           start + "X-Folded: a\r\n b\r\n\r\n",
           start + " X-Leading: a\r\n\r\n",
           start + "X-Bare: a\n\r\n",
           start + "X-Space : a\r\n\r\n",
           start + "X-No-Colon\r\n\r\n",
           start + std::string("X-Nul: a\0b\r\n\r\n", 15),
           start + "X-Cr: a\rb\r\n\r\n",
           start + "Host: other\r\n\r\n",
           std::string("GET / HTTP/1.1\r\n\r\n"),
           std::string("GET / HTTP/1.1\nHost: h\n\n"),
           std::string("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
           std::string("GET /\r\n\r\n"),
           std::string("\x16\x03\x01\x02\x01"),
           std::string("GET  / HTTP/1.1\r\nHost: h\r\n\r\n"),
           std::string("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"),
           start + "Transfer-Encoding: chunked\r\n\r\nx\r\n",
           start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcXY1\r\n",
           start + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
       }) {
    const Answer answer = Refused(server, request);
    EXPECT_TRUE(answer.status == 400 || answer.status == 505) << answer.status << "\n" << request;
    CodeOf(answer);
  }
}

TEST(ServerRefusal, TurnsDownOtherCodingsAndVersions) {
  TestServer server(Echo);
  EXPECT_EQ(Refused(server, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n").status, 501);
  EXPECT_EQ(Refused(server, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n").status, 501);
  EXPECT_EQ(Refused(server, "GET / HTTP/2.0\r\nHost: h\r\n\r\n").status, 505);
  EXPECT_EQ(Refused(server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status, 505);
}

TEST(ServerRefusal, BoundsTheHeader) {
  TestServer server(Echo, {.max_header_bytes = 1000, .max_header_fields = 5});
  const auto with_fields = [](int count) {
    std::string request = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 1; i < count; ++i) request += fmt::format("X-{}: y\r\n", i);
    return request + "\r\n";
  };
  RawConnection connection(server.port());
  EXPECT_EQ(connection.Ask(with_fields(5)).status, 200);
  EXPECT_EQ(CodeOf(connection.Ask(with_fields(6))), "http.too_many_fields");
  const std::string long_field = "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(1000, 'y');
  const Answer answer = Refused(server, long_field + "\r\n\r\n");
  EXPECT_EQ(answer.status, 431);
  EXPECT_EQ(CodeOf(answer), "http.header_too_large");
  EXPECT_EQ(Refused(server, long_field).status, 431);  // before the line's end
  EXPECT_EQ(Refused(server, "GET /" + std::string(2000, 'y')).status, 431);
}

TEST(ServerRefusal, BoundsTheBodyBeforeItComes) {
  TestServer server(Echo, {.max_body_bytes = 10});
  const Answer answer = Refused(server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(CodeOf(answer), "http.body_too_large");
  RawConnection connection(server.port());
  EXPECT_EQ(connection.Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789").status, 200);
}

TEST(ServerRefusal, BoundsAChunkedBodyWhileItComes) {
  TestServer server(Echo, {.max_body_bytes = 10});
  const std::string start =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nabcde\r\n";
  RawConnection connection(server.port());
  EXPECT_EQ(connection.Ask(start + "0\r\n\r\n").body, "POST / abcdeabcde");
  EXPECT_EQ(CodeOf(connection.Ask(start + "1\r\n")), "http.body_too_large");
  EXPECT_EQ(Refused(server, start + "FFFFFFFFFFFFFFFF\r\n").status, 413);
}

TEST(ServerRefusal, LetsTheClientReadTheRefusalWhileItStillSends) {
  TestServer server(Echo, {.max_body_bytes = 10});
  RawConnection connection(server.port());
  connection.Write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + std::string(1'000'000, 'x'));
  EXPECT_EQ(connection.Read().status, 413);
}

TEST(ServerRefusal, BoundsAnEndlessTrailerAndChunkExtension) {
  TestServer server(Echo, {.max_header_bytes = 1000});
  const std::string start = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(Refused(server, start + "0\r\nX: " + std::string(3000, 'y')).status, 400);
  EXPECT_EQ(Refused(server, start + "1;" + std::string(3000, 'y')).status, 400);
}

TEST(ServerRefusal, GivesUpOnASlowHeader) {
  TestServer server(Echo, {.header_timeout = 50ms});
  RawConnection connection(server.port());
  const Answer answer = connection.Ask("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(CodeOf(answer), "http.header_timeout");
  EXPECT_EQ(answer.fields.at("connection"), "close");
}

TEST(ServerRefusal, GivesUpOnASlowBody) {
  TestServer server(Echo, {.body_timeout = 50ms});
  EXPECT_EQ(CodeOf(RawConnection(server.port()).Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab")),
            "http.body_timeout");
  EXPECT_EQ(RawConnection(server.port()).Ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n").status,
            408);
}

TEST(ServerRefusal, GivesUpOnABodyThatTrickles) {
  TestServer server(Echo, {.min_body_bytes_per_second = 1'000'000'000, .body_rate_grace = 1ms, .idle_timeout = 40ms});
  EXPECT_EQ(RawConnection(server.port()).Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\nab").status,
            408);
}

TEST(ServerRefusal, ClosesAnIdleConnectionWithoutAWord) {
  TestServer server(Echo, {.idle_timeout = 50ms});
  RawConnection fresh(server.port());
  EXPECT_TRUE(fresh.IsAtEnd());
  RawConnection used(server.port());
  EXPECT_EQ(used.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
  EXPECT_TRUE(used.IsAtEnd());
}

TEST(ServerRefusal, TurnsConnectionsDownAboveItsLimit) {
  TestServer server(Echo, {.max_connections = 2});
  RawConnection first(server.port());
  RawConnection second(server.port());
  EXPECT_EQ(first.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
  EXPECT_EQ(second.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
  RawConnection third(server.port());
  const Answer refused = third.Read();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(CodeOf(refused), "http.too_many_connections");
  EXPECT_EQ(first.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
}

}  // namespace
}  // namespace helios::http::testing
