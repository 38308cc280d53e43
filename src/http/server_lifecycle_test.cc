// SPDX-License-Identifier: Apache-2.0
// Answers that come late, in pieces, or never, and the server's end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "http/test_support.h"

namespace helios::http::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/// Holds the responder of the one request it gets.
struct Held {
  ServerHandler handler() {
    return [this](auto, Responder respond) { promise.set_value(std::move(respond)); };
  }
  std::promise<Responder> promise;
};

/// Gives `pieces`, then an end or an error; tells when it goes away.
class ListStream final : public BodyStream {
 public:
  ListStream(std::deque<std::string> pieces, bool broken, bool threaded, std::shared_ptr<std::promise<void>> gone = {})
      : pieces_(std::move(pieces)), broken_(broken), threaded_(threaded), gone_(std::move(gone)) {}
  ~ListStream() override {
    for (std::thread& thread : threads_) {
      if (thread.get_id() == std::this_thread::get_id()) {
        thread.detach();
      } else {
        thread.join();
      }
    }
    if (gone_) gone_->set_value();
  }
  void Next(std::function<void(Result<std::string>)> ready) override {
    Result<std::string> piece;
    if (!pieces_.empty()) {
      piece = std::move(pieces_.front());
      pieces_.pop_front();
    } else if (broken_) {
      piece = Fail(ErrorCode::kUnavailable, "test.broken", "cannot go on");
    }
    if (threaded_) {
      threads_.emplace_back([ready = std::move(ready), piece = std::move(piece)] { ready(piece); });
    } else {
      ready(std::move(piece));
    }
  }

 private:
  std::deque<std::string> pieces_;
  bool broken_;
  bool threaded_;
  std::shared_ptr<std::promise<void>> gone_;
  std::vector<std::thread> threads_;
};

ServerHandler Streaming(std::deque<std::string> pieces, bool broken, bool threaded) {
  return [=](auto, Responder respond) {
    respond({.status = 200, .headers = {}, .body = std::make_shared<ListStream>(pieces, broken, threaded)});
  };
}

TEST(ServerLifecycle, TakesAnAnswerFromAnotherThread) {
  Held held;
  TestServer server(held.handler());
  RawConnection connection(server.port());
  connection.Write(kGet);
  const Responder respond = Await(held.promise.get_future());
  respond(Text(200, "late"));
  respond(Text(500, "a second answer is ignored"));
  EXPECT_EQ(connection.Read().body, "late");
}

TEST(ServerLifecycle, AnswersForAHandlerThatDropsItsResponder) {
  TestServer server([](auto request, Responder respond) {
    if (request->path == "/throw") throw std::runtime_error("broken");
    if (request->path == "/thread") std::thread([respond = std::move(respond)] {}).detach();
  });
  RawConnection connection(server.port());
  for (const std::string_view path : {"/drop", "/throw", "/thread"}) {
    const Answer answer = connection.Ask(fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", path));
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, HasSubstr("\"code\":\"http.no_answer\""));
    EXPECT_EQ(answer.fields.at("content-type"), "application/problem+json");
  }
}

TEST(ServerLifecycle, RefusesAStatusThatIsNone) {
  TestServer server([](auto, auto respond) { respond(Text(0, "?")); });
  RawConnection connection(server.port());
  EXPECT_EQ(connection.Ask(kGet).status, 500);
}

TEST(ServerLifecycle, SurvivesAnAnswerForAClientThatLeft) {
  Held held;
  TestServer server(held.handler());
  {
    RawConnection connection(server.port());
    connection.Write(kGet);
    Await(held.promise.get_future())(Text(200, std::string(10'000'000, 'x')));
  }
  server->Stop(kPatience);
}

TEST(ServerLifecycle, SurvivesAClientThatLeavesInTheMiddleOfABody) {
  std::atomic<int> handled = 0;
  TestServer server([&handled](auto request, auto respond) {
    ++handled;
    Echo(request, respond);
  });
  for (int i = 0; i < 20; ++i) {
    RawConnection connection(server.port());
    connection.Write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nhalf");
  }
  RawConnection connection(server.port());
  EXPECT_EQ(connection.Ask(kGet).status, 200);
  EXPECT_EQ(handled, 1);
}

TEST(ServerLifecycle, SendsAStreamAsChunks) {
  for (const bool threaded : {false, true}) {
    TestServer server(Streaming({"one,", std::string(20, 'x'), "!"}, false, threaded));
    RawConnection connection(server.port());
    connection.Write(kGet);
    const std::string head = connection.ReadUntil("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
    EXPECT_EQ(connection.ReadUntil("0\r\n\r\n"),
              "4\r\none,\r\n14\r\n" + std::string(20, 'x') + "\r\n1\r\n!\r\n0\r\n\r\n");
    connection.Write(kGet);  // and the connection goes on
    connection.ReadUntil("\r\n\r\n");
    EXPECT_THAT(connection.ReadUntil("0\r\n\r\n"), EndsWith("0\r\n\r\n"));
  }
}

TEST(ServerLifecycle, EndsAStreamByClosingForHttp10) {
  TestServer server(Streaming({"one,", "two"}, false, false));
  RawConnection connection(server.port());
  connection.Write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(connection.ReadToEnd(), EndsWith("\r\n\r\none,two"));
}

TEST(ServerLifecycle, SendsNoPieceForHead) {
  TestServer server(Streaming({"one"}, false, false));
  RawConnection connection(server.port());
  EXPECT_EQ(connection.Ask("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n").fields.at("transfer-encoding"), "chunked");
  connection.Write(kGet);
  connection.ReadUntil("\r\n\r\n");
  EXPECT_EQ(connection.ReadUntil("0\r\n\r\n"), "3\r\none\r\n0\r\n\r\n");
}

TEST(ServerLifecycle, BreaksOffABrokenStream) {
  TestServer server(Streaming({"one"}, true, false));
  RawConnection connection(server.port());
  connection.Write(kGet);
  EXPECT_THAT(connection.ReadToEnd(), EndsWith("3\r\none\r\n"));
}

/// Never has a next piece; says when it is asked, and when it goes away.
class SilentStream final : public BodyStream {
 public:
  SilentStream(std::promise<std::function<void(Result<std::string>)>>& asked, std::promise<void>& gone)
      : asked_(asked), gone_(gone) {}
  ~SilentStream() override { gone_.set_value(); }
  void Next(std::function<void(Result<std::string>)> ready) override { asked_.set_value(std::move(ready)); }

 private:
  std::promise<std::function<void(Result<std::string>)>>& asked_;
  std::promise<void>& gone_;
};

TEST(ServerLifecycle, ReleasesAStreamWhoseReaderLeft) {
  std::promise<std::function<void(Result<std::string>)>> asked;
  std::promise<void> gone;
  TestServer server([&](auto, Responder respond) {
    respond({.status = 200, .headers = {}, .body = std::make_shared<SilentStream>(asked, gone)});
  });
  RawConnection connection(server.port());
  connection.Write(kGet);
  const auto ready = Await(asked.get_future());
  connection.Close();
  Await(gone.get_future());
  ready("too late");
}

/// Always has a next piece, and counts how often it was asked.
class EndlessStream final : public BodyStream {
 public:
  EndlessStream(std::atomic<int>& asked, std::promise<void>& gone) : asked_(asked), gone_(gone) {}
  ~EndlessStream() override { gone_.set_value(); }
  void Next(std::function<void(Result<std::string>)> ready) override {
    ++asked_;
    ready(std::string(1U << 20U, 'x'));
  }

 private:
  std::atomic<int>& asked_;
  std::promise<void>& gone_;
};

TEST(ServerLifecycle, AsksAStreamNoFasterThanItsReaderReads) {
  std::atomic<int> asked = 0;
  std::promise<void> gone;
  TestServer server(
      [&](auto, Responder respond) {
        respond({.status = 200, .headers = {}, .body = std::make_shared<EndlessStream>(asked, gone)});
      },
      {.idle_timeout = 200ms});
  RawConnection connection(server.port());
  connection.Write(kGet);
  Await(gone.get_future());  // nobody reads: the socket fills up, and the time to take a byte runs out
  EXPECT_LT(asked, 32);      // MiB: what the kernel's buffers may take
}

TEST(ServerLifecycle, DropsAReaderThatTakesNothing) {
  std::promise<void> answered;
  TestServer server(
      [&answered](auto, auto respond) {
        respond(Text(200, std::string(50'000'000, 'x')));
        answered.set_value();
      },
      {.idle_timeout = 100ms});
  RawConnection connection(server.port());
  connection.Write(kGet);
  Await(answered.get_future());
  server->Stop(kPatience);  // returns as soon as the connection was given up
  EXPECT_LT(connection.ReadToEnd().size(), 50'000'000U);
}

/// More than any socket takes; tells when it is asked.
class FloodStream final : public BodyStream {
 public:
  explicit FloodStream(std::promise<void>& asked) : asked_(asked) {}
  void Next(std::function<void(Result<std::string>)> ready) override {
    ready(std::string(64U << 20U, 'x'));
    asked_.set_value();
  }

 private:
  std::promise<void>& asked_;
};

TEST(ServerLifecycle, DoesNotWaitForAReaderOfServerSentEventsThatTakesNothing) {
  std::promise<void> asked;
  TestServer server([&asked](auto, Responder respond) {
    Response response{.status = 200, .headers = {}, .body = std::make_shared<FloodStream>(asked)};
    response.headers.Add("Content-Type", "text/event-stream");
    respond(std::move(response));
  });
  RawConnection connection(server.port());
  connection.Write(kGet);
  Await(asked.get_future());
  server->Stop(std::chrono::hours{1});  // returns as soon as the connection was given up
}

TEST(ServerLifecycle, FinishesARequestInProgressAndClosesIdleConnections) {
  Held held;
  TestServer server(held.handler());
  RawConnection idle(server.port());
  RawConnection busy(server.port());
  busy.Write(kGet);
  const Responder respond = Await(held.promise.get_future());
  auto stopped = std::async(std::launch::async, [&server] { server->Stop(kPatience); });
  EXPECT_TRUE(idle.IsAtEnd());
  EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
  respond(Text(200, "finished"));
  const Answer answer = busy.Read();
  EXPECT_EQ(answer.body, "finished");
  EXPECT_EQ(answer.fields.at("connection"), "close");
  EXPECT_TRUE(busy.IsAtEnd());
  Await(std::move(stopped));
  EXPECT_FALSE(RawConnection(server.port()).connected());
}

TEST(ServerLifecycle, ReadsABodyThatWasOnItsWayWhenTheServerStops) {
  std::promise<void> began;
  TestServer server(Echo, {}, [&began](const Request&) -> std::size_t {
    began.set_value();
    return 100;
  });
  RawConnection idle(server.port());
  RawConnection busy(server.port());
  busy.Write("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab");
  Await(began.get_future());
  auto stopped = std::async(std::launch::async, [&server] { server->Stop(kPatience); });
  EXPECT_TRUE(idle.IsAtEnd());
  EXPECT_EQ(busy.Ask("cd").body, "POST /a abcd");
  Await(std::move(stopped));
}

TEST(ServerLifecycle, StopsAtTheEndOfItsGrace) {
  Held held;
  TestServer server(held.handler());
  RawConnection connection(server.port());
  connection.Write(kGet);
  const Responder respond = Await(held.promise.get_future());
  server->Stop(10ms);
  EXPECT_TRUE(connection.IsAtEnd());
  respond(Text(200, "nobody is there any more"));
  server->Stop(10ms);
}

TEST(ServerLifecycle, ServesManyConnectionsOnSeveralThreads) {
  TestServer server(Echo, {.threads = 4});
  std::vector<std::future<int>> clients;
  for (int c = 0; c < 8; ++c) {
    clients.push_back(std::async(std::launch::async, [&server] {
      int good = 0;
      for (int i = 0; i < 10; ++i) {
        RawConnection connection(server.port());
        for (int j = 0; j < 10; ++j) good += connection.Ask(kGet).status == 200 ? 1 : 0;
      }
      return good;
    }));
  }
  for (auto& client : clients) EXPECT_EQ(Await(std::move(client)), 100);
}

}  // namespace
}  // namespace helios::http::testing
