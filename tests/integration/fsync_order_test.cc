// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// No 2xx answer to an ingest leaves before the fdatasync that covers its samples returned.
//
// kill -9 proves nothing here, for the page cache survives it; so the proof is read from a trace of the real server's
// system calls. It is sound for these reasons.
//
// 1. The order of lines is the order of events. A traced thread stops before each call and again after it, and goes on
//    only when strace lets it; strace writes one file, in the order in which it saw the stops. If the line that ends an
//    fdatasync stands before the line that begins a send, the kernel had finished the one before it began the other.
//    And a thread that sends because a sync returned can do so only after strace saw the sync's end, so a server that
//    keeps the rule never looks as if it broke it.
// 2. Each request is told apart by a marker of its own. It is the request's X-Request-Id, which the answer repeats, and
//    the value of a label of a series that did not exist before, whose key must therefore be in the journal. So an
//    answer is tied to its request by its bytes, and a request to the journal's write by its bytes: neither by order,
//    nor by connection, nor by time. (The marker stands in two labels, since the journal's blocks may cut one in two.)
// 3. Covering means: an fdatasync of the very file that the marker was written to, which began after the last such
//    write had ended, and returned 0. One that was under way when the write happened does not count.
//
// For each acknowledged request the trace must then hold, in this order: the request read; its marker written to the
// journal; an fdatasync of that file from begin to end; the answer's send begun. CheckAnswers() looks for just that,
// and the first tests show on forged traces that it would find each way of cheating.
#include <fmt/format.h>

#include <thread>

#include "integration/strace.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

bool IsOneOf(const SystemCall& call, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, call.name) != names.end();
}

bool Mentions(const SystemCall& call, std::string_view text) {
  return call.text.find(text) != std::string::npos;
}

/// The file that a call's first argument is, by strace's -y: "21</data/samples/000004.log>, …".
std::string FileOf(const SystemCall& call) {
  const std::size_t begin = call.text.find('<');
  const std::size_t end = call.text.find('>');
  const std::size_t comma = call.text.find_first_of(",)");
  if (begin == std::string::npos || end == std::string::npos || begin > comma) return {};
  return call.text.substr(begin + 1, end - begin - 1);
}

bool IsAnswer(const SystemCall& call, std::string_view status_class) {
  return IsOneOf(call, {"sendto", "sendmsg", "write", "writev"}) &&
         Mentions(call, fmt::format("HTTP/1.1 {}", status_class));
}

/// What is wrong with the answer to the request of this marker; "" where the trace proves that it came after its sync.
std::string CheckAnswer(const std::vector<SystemCall>& calls, const std::string& marker) {
  const SystemCall* answer = nullptr;
  const SystemCall* request = nullptr;
  const SystemCall* last_write = nullptr;
  for (const SystemCall& call : calls) {
    if (!Mentions(call, marker)) continue;
    if (IsAnswer(call, "2")) {
      if (answer != nullptr) return "answered twice";
      answer = &call;
    } else if (IsOneOf(call, {"recvfrom", "recvmsg", "read", "readv"})) {
      request = &call;
    } else if (IsOneOf(call, {"write", "pwrite64", "writev"}) && FileOf(call).ends_with(".log") &&
               FileOf(call).find("/samples/") != std::string::npos) {
      last_write = &call;
    }
  }
  if (answer == nullptr) return "no 2xx answer in the trace";
  if (request == nullptr) return "no request in the trace";
  if (last_write == nullptr) return "answered, and not in the journal";
  if (!last_write->result || last_write->begun <= request->ended) return "journaled before it was read";
  for (const SystemCall& call : calls) {
    if (IsOneOf(call, {"fdatasync", "fsync"}) && call.result == 0 && FileOf(call) == FileOf(*last_write) &&
        call.begun > last_write->ended && call.ended < answer->begun) {
      return "";
    }
  }
  return "answered before an fdatasync of " + FileOf(*last_write) + " covered it";
}

/// The findings about all markers, those that are in order left out.
std::vector<std::string> CheckAnswers(std::string_view trace, const std::vector<std::string>& markers) {
  const std::vector<SystemCall> calls = ParseTrace(trace);
  std::vector<std::string> findings;
  for (const std::string& marker : markers) {
    const std::string finding = CheckAnswer(calls, marker);
    if (!finding.empty()) findings.push_back(marker + ": " + finding);
  }
  return findings;
}

constexpr const char* kRead = "7 recvfrom(18<TCP:[1]>, \"POST /api/v1/ingest … m-1 …\", 4096, 0, NULL, NULL) = 300\n";
constexpr const char* kWrite = "5 write(21</d/samples/000004.log>, \"…m-1…\", 90) = 90\n";
constexpr const char* kSync = "5 fdatasync(21</d/samples/000004.log>) = 0\n";
constexpr const char* kSend = "7 sendto(18<TCP:[1]>, \"HTTP/1.1 200 OK … m-1 …\", 250, MSG_NOSIGNAL, NULL, 0) = 250\n";

std::vector<std::string> Findings(std::initializer_list<std::string_view> lines) {
  return CheckAnswers(fmt::format("{}", fmt::join(lines, "")), {"m-1"});
}

TEST(FsyncOrderProof, AcceptsAnAnswerThatWaitedForItsSync) {
  EXPECT_THAT(Findings({kRead, kWrite, kSync, kSend}), IsEmpty());
  EXPECT_THAT(Findings({kRead, kWrite, "5 fdatasync(21</d/samples/000004.log> <unfinished ...>\n",
                        "6 recvfrom(19<TCP:[2]>, \"\", 4096, 0, NULL, NULL) = 0\n",
                        "5 <... fdatasync resumed>)          = 0\n", kSend}),
              IsEmpty());
}

TEST(FsyncOrderProof, RefusesAnAnswerWithoutASync) {
  EXPECT_EQ(Findings({kRead, kWrite, kSend}).size(), 1U);
}

TEST(FsyncOrderProof, RefusesAnAnswerThatIsNotInTheJournal) {
  EXPECT_EQ(Findings({kRead, kSync, kSend}).size(), 1U);
}

TEST(FsyncOrderProof, RefusesAnAnswerThatLeftWhileTheSyncWasUnderWay) {
  EXPECT_EQ(Findings({kRead, kWrite, "5 fdatasync(21</d/samples/000004.log> <unfinished ...>\n", kSend,
                      "5 <... fdatasync resumed>) = 0\n"})
                .size(),
            1U);
}

TEST(FsyncOrderProof, RefusesASyncThatBeganBeforeTheWrite) {
  EXPECT_EQ(Findings({kRead, "4 fdatasync(21</d/samples/000004.log> <unfinished ...>\n", kWrite,
                      "4 <... fdatasync resumed>) = 0\n", kSend})
                .size(),
            1U);
}

TEST(FsyncOrderProof, RefusesASyncThatFailedOrOfAnotherFile) {
  EXPECT_EQ(
      Findings({kRead, kWrite, "5 fdatasync(21</d/samples/000004.log>) = -1 EIO (Input/output error)\n", kSend}).size(),
      1U);
  EXPECT_EQ(Findings({kRead, kWrite, "5 fdatasync(22</d/samples/000005.log>) = 0\n", kSend}).size(), 1U);
}

class FsyncOrderTest : public ServerTest {
 protected:
  void SetUp() override {
    if (const std::string why = Tracer::WhyNot(); !why.empty()) GTEST_SKIP() << why;
    ServerTest::SetUp();
  }

  // A request with a series of its own, and with one that all requests of a client share.
  static Answer Send(Tenant& tenant, const std::string& marker, int client, bool remote_write) {
    const TimestampMs now = SystemClock().Now();
    const std::vector<Sample> samples = {
        {.metric = "marked", .time = now, .value = 1, .labels = {{"marker", marker}, {"marker_again", marker}}},
        {.metric = "shared", .time = now, .value = 2, .labels = {{"client", std::to_string(client)}}}};
    http::Headers headers;
    headers.Add("X-Request-Id", marker);
    headers.Add("Content-Type", remote_write ? "application/x-protobuf" : "application/json");
    if (remote_write) headers.Add("Content-Encoding", "snappy");
    return tenant.api.Send(http::Method::kPost, remote_write ? "/api/v1/prometheus/write" : "/api/v1/ingest",
                           remote_write ? RemoteWriteBody(samples) : IngestBody(samples), std::move(headers));
  }

  [[nodiscard]] std::filesystem::path trace_file() const { return server.directory() / "trace"; }
};

TEST_F(FsyncOrderTest, NoAcknowledgementLeavesBeforeTheSyncThatCoversIt) {
  constexpr int kClients = 4;
  constexpr int kRequests = 50;
  const Tenant tenant = server.NewTenant("acme");
  Tracer tracer(server.pid(), trace_file(),
                {"-y", "-s", "1000000", "-e",
                 "trace=read,readv,recvfrom,recvmsg,write,pwrite64,writev,sendto,sendmsg,fdatasync,fsync"});
  ASSERT_TRUE(tracer.attached());
  std::vector<std::vector<std::string>> acknowledged(kClients);
  {
    std::vector<std::jthread> clients;
    for (int client = 0; client < kClients; ++client) {
      clients.emplace_back([&, client] {
        Tenant mine = server.Again(tenant);
        for (int i = 0; i < kRequests; ++i) {
          const std::string marker = fmt::format("marker-{}-{:04}", client, i);
          const Answer answer = Send(mine, marker, client, client % 2 == 1);
          EXPECT_EQ(answer.status, client % 2 == 1 ? 204 : 200) << answer;
          EXPECT_EQ(answer.Header("X-Request-Id"), marker);
          acknowledged[static_cast<std::size_t>(client)].push_back(marker);
        }
      });
    }
  }
  const std::string trace = tracer.Detach();
  std::vector<std::string> markers;
  for (const auto& some : acknowledged) markers.insert(markers.end(), some.begin(), some.end());
  ASSERT_EQ(markers.size(), static_cast<std::size_t>(kClients * kRequests));
  EXPECT_THAT(CheckAnswers(trace, markers), IsEmpty());
  const auto calls = ParseTrace(trace);
  const auto syncs = std::ranges::count_if(calls, [](const SystemCall& call) { return call.name == "fdatasync"; });
  fmt::print("{} acknowledged requests, {} fdatasync, {} system calls looked at\n", markers.size(), syncs,
             calls.size());
}

TEST_F(FsyncOrderTest, AfterAFailedSyncNothingIsAcknowledgedAndNothingAcknowledgedIsLost) {
  Tenant tenant = server.NewTenant("acme");
  const Sample before{.metric = "kept", .time = SystemClock().Now(), .value = 0.5};
  ASSERT_EQ(tenant.Ingest(std::span(&before, 1)).status, 200);

  Tracer tracer(server.pid(), trace_file(), {"-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=3+"});
  ASSERT_TRUE(tracer.attached());
  std::vector<std::string> acknowledged;
  int refused = 0;
  for (int i = 0; i < 12; ++i) {
    const std::string marker = fmt::format("marker-{:04}", i);
    const Answer answer = Send(tenant, marker, 0, i % 2 == 1);
    if (answer.status / 100 == 2) {
      EXPECT_EQ(refused, 0) << "acknowledged after a failed sync: " << answer;
      acknowledged.push_back(marker);
    } else {
      EXPECT_EQ(answer.status, 503) << answer;
      EXPECT_EQ(answer.Code(), "tsdb.read_only") << answer;
      ++refused;
    }
  }
  EXPECT_EQ(acknowledged.size(), 2U);
  EXPECT_EQ(refused, 10);
  // The sync works again, and that changes nothing: what it left out is unknown.
  EXPECT_THAT(tracer.Detach(), HasSubstr("(INJECTED)"));
  EXPECT_EQ(Send(tenant, "marker-late", 0, false).Code(), "tsdb.read_only");
  EXPECT_EQ(server.NewClient().Get("/readyz").status, 503);
  EXPECT_EQ(server.NewClient().Get("/healthz").status, 200);
  EXPECT_EQ(tenant.Query("kept").size(), 1U) << "it still reads";

  server.Kill();
  ASSERT_TRUE(server.Start());
  Tenant reader = server.Again(tenant);
  EXPECT_EQ(reader.Query("kept"), std::vector<Point>({{ToUnixMs(before.time), 0.5}}));
  const auto found = reader.QueryBy("marker", "marked");
  for (const std::string& marker : acknowledged) EXPECT_TRUE(found.contains(marker)) << marker;
  EXPECT_EQ(Send(reader, "marker-restarted", 0, false).status, 200) << "a restart heals it";
}

}  // namespace
}  // namespace helios::testing
