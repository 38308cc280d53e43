// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// No 2xx answer to an ingest leaves before an fdatasync that covers its samples returned.
//
// kill -9 proves nothing here, for the page cache survives it; so the proof is read from a trace of the real server's
// system calls. It is sound for these reasons.
//
// 1. The order of lines is the order of events. A traced thread stops before each call and again after it, and goes on
//    only when strace lets it; strace writes one file, in the order in which it saw the stops. If the line that ends an
//    fdatasync stands before the line that begins a send, the kernel had finished the one before it began the other.
//    And a thread that sends because a sync returned can do so only after strace saw the sync's end, so a server that
//    keeps the rule never looks as if it broke it.
// 2. Each request is told apart by a marker of its own, its X-Request-Id, which the answer repeats. So an answer is
// tied
//    to its request by its bytes and its connection, and not by its time. The last bytes of a request are the last
//    that were read from that connection before the answer: a client of this test sends nothing before it is answered.
// 3. The journal is sealed, so its bytes tell nothing. But what the server first knew at the receipt can only be in a
//    write that began after it. So between the receipt and the begin of the answer's send there must lie a whole pair
//    on one journal segment: a write that began after the receipt, and an fdatasync of the same descriptor that began
//    when the write had returned, and returned 0. A pair that was under way already proves nothing.
// 4. Where requests overlap, such a pair may be another one's. So a client that is alone sends first: then every pair
//    between its request and its answer can only be its own. What it shows of the server's order, the crowd behind it
//    repeats with requests that share groups.
//
// CheckAnswers() looks for just that, and the first tests show on forged traces that it finds each way of cheating.
#include <fmt/format.h>

#include <map>
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

/// What a call's first argument is, by strace's -y: "21</data/samples/journal/journal-000000000001.seg>".
std::string DescriptorOf(const SystemCall& call) {
  const std::size_t begin = call.text.find('<');
  const std::size_t end = call.text.find('>');
  const std::size_t comma = call.text.find_first_of(",)");
  if (begin == std::string::npos || end == std::string::npos || begin > comma) return {};
  return call.text.substr(0, end + 1);
}

bool IsOfJournal(const SystemCall& call) {
  const std::string descriptor = DescriptorOf(call);
  return descriptor.find("/samples/journal/journal-") != std::string::npos && descriptor.ends_with(".seg>");
}

bool IsRead(const SystemCall& call) {
  return IsOneOf(call, {"recvfrom", "recvmsg", "read", "readv"}) && call.result.value_or(-1) > 0;
}

bool IsAnswer(const SystemCall& call, std::string_view status_class) {
  return IsOneOf(call, {"sendto", "sendmsg", "write", "writev"}) &&
         Mentions(call, fmt::format("HTTP/1.1 {}", status_class));
}

/// Whether some journal segment was written to and then synced, all of it within the lines between both.
bool HasSyncedWrite(const std::vector<SystemCall>& calls, std::size_t after, std::size_t before) {
  std::map<std::string, std::size_t> written;  // by descriptor: where the first write ended
  for (const SystemCall& call : calls) {       // by their begin
    if (call.begun <= after || !call.result || call.ended >= before || !IsOfJournal(call)) continue;
    if (call.name == "pwrite64" && *call.result > 0) {
      const auto [at, first] = written.try_emplace(DescriptorOf(call), call.ended);
      if (!first) at->second = std::min(at->second, call.ended);
    } else if (IsOneOf(call, {"fdatasync", "fsync"}) && *call.result == 0) {
      const auto write = written.find(DescriptorOf(call));
      if (write != written.end() && call.begun > write->second) return true;
    }
  }
  return false;
}

/// What is wrong with the answer to the request of this marker; "" where the trace proves that it came after its sync.
std::string CheckAnswer(const std::vector<SystemCall>& calls, const std::string& marker) {
  const SystemCall* answer = nullptr;
  const SystemCall* request = nullptr;
  for (const SystemCall& call : calls) {
    if (!Mentions(call, marker)) continue;
    if (IsAnswer(call, "2")) {
      if (answer != nullptr) return "answered twice";
      answer = &call;
    } else if (IsRead(call)) {
      request = &call;
    }
  }
  if (answer == nullptr) return "no 2xx answer in the trace";
  if (request == nullptr) return "no request in the trace";
  if (DescriptorOf(*answer) != DescriptorOf(*request)) return "answered on another connection";
  std::size_t received = request->ended;
  for (const SystemCall& call : calls) {
    if (IsRead(call) && call.begun < answer->begun && DescriptorOf(call) == DescriptorOf(*answer)) {
      received = std::max(received, call.ended);
    }
  }
  if (received >= answer->begun) return "answered before it was read";
  if (!HasSyncedWrite(calls, received, answer->begun)) {
    return "answered without a write to the journal and its fdatasync since the receipt";
  }
  return "";
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
constexpr const char* kBody = "7 recvfrom(18<TCP:[1]>, \"[1, 2, 3]\", 4096, 0, NULL, NULL) = 9\n";
constexpr const char* kWrite =
    "5 pwrite64(21</d/samples/journal/journal-000000000004.seg>, \"…\", 4096, 8192) = 4096\n";
constexpr const char* kSync = "5 fdatasync(21</d/samples/journal/journal-000000000004.seg>) = 0\n";
constexpr const char* kSyncBegins = "5 fdatasync(21</d/samples/journal/journal-000000000004.seg> <unfinished ...>\n";
constexpr const char* kSyncEnds = "5 <... fdatasync resumed>)          = 0\n";
constexpr const char* kSend = "7 sendto(18<TCP:[1]>, \"HTTP/1.1 200 OK … m-1 …\", 250, MSG_NOSIGNAL, NULL, 0) = 250\n";

std::vector<std::string> Findings(std::initializer_list<std::string_view> lines) {
  return CheckAnswers(fmt::format("{}", fmt::join(lines, "")), {"m-1"});
}

MATCHER(IsAccepted, "is accepted") {
  return arg.empty();
}
MATCHER(IsRefused, "is refused") {
  return arg.size() == 1;
}

TEST(FsyncOrderProof, AcceptsAnAnswerThatWaitedForItsSync) {
  EXPECT_THAT(Findings({kRead, kWrite, kSync, kSend}), IsAccepted());
  EXPECT_THAT(Findings({kRead, kBody, kWrite, kSync, kSend}), IsAccepted());
  EXPECT_THAT(Findings({kRead, kWrite, kSyncBegins, "6 recvfrom(19<TCP:[2]>, \"\", 4096, 0, NULL, NULL) = 0\n",
                        kSyncEnds, kSend}),
              IsAccepted());
}

TEST(FsyncOrderProof, RefusesAnAnswerWithoutASync) {
  EXPECT_THAT(Findings({kRead, kWrite, kSend}), IsRefused());
}

TEST(FsyncOrderProof, RefusesAnAnswerThatIsNotInTheJournal) {
  EXPECT_THAT(Findings({kRead, kSync, kSend}), IsRefused());
  EXPECT_THAT(Findings({kRead, "5 pwrite64(21</d/samples/chunks/000004.sst>, \"…\", 4096, 0) = 4096\n",
                        "5 fdatasync(21</d/samples/chunks/000004.sst>) = 0\n", kSend}),
              IsRefused());
  EXPECT_THAT(Findings({kRead, "5 pwrite64(21</d/samples/journal/spare-4.seg>, \"…\", 4096, 0) = 4096\n",
                        "5 fdatasync(21</d/samples/journal/spare-4.seg>) = 0\n", kSend}),
              IsRefused());
}

TEST(FsyncOrderProof, RefusesAPairThatBeganBeforeTheReceipt) {
  EXPECT_THAT(Findings({kWrite, kSync, kRead, kSend}), IsRefused());
  EXPECT_THAT(Findings({kWrite, kRead, kSync, kSend}), IsRefused());
  EXPECT_THAT(
      Findings({"5 pwrite64(21</d/samples/journal/journal-000000000004.seg>, \"…\", 4096, 8192 <unfinished ...>\n",
                kRead, "5 <... pwrite64 resumed>) = 4096\n", kSync, kSend}),
      IsRefused());
  EXPECT_THAT(Findings({kRead, kWrite, kSync, kBody, kSend}), IsRefused());  // its last bytes came behind the pair
}

TEST(FsyncOrderProof, RefusesAnAnswerThatLeftWhileTheSyncWasUnderWay) {
  EXPECT_THAT(Findings({kRead, kWrite, kSyncBegins, kSend, kSyncEnds}), IsRefused());
}

TEST(FsyncOrderProof, RefusesASyncThatBeganBeforeTheWriteReturned) {
  EXPECT_THAT(Findings({kRead, "4 fdatasync(21</d/samples/journal/journal-000000000004.seg> <unfinished ...>\n", kWrite,
                        "4 <... fdatasync resumed>) = 0\n", kSend}),
              IsRefused());
  EXPECT_THAT(
      Findings({kRead, "4 pwrite64(21</d/samples/journal/journal-000000000004.seg>, \"…\", 4096, 0 <unfinished ...>\n",
                kSync, "4 <... pwrite64 resumed>) = 4096\n", kSend}),
      IsRefused());
}

TEST(FsyncOrderProof, RefusesAWriteOrASyncThatFailedAndASyncOfAnotherFile) {
  EXPECT_THAT(
      Findings({kRead, kWrite,
                "5 fdatasync(21</d/samples/journal/journal-000000000004.seg>) = -1 EIO (Input/output error)\n", kSend}),
      IsRefused());
  EXPECT_THAT(
      Findings({kRead,
                "5 pwrite64(21</d/samples/journal/journal-000000000004.seg>, \"…\", 4096, 0) = -1 EIO (Input/output "
                "error)\n",
                kSync, kSend}),
      IsRefused());
  EXPECT_THAT(Findings({kRead, kWrite, "5 fdatasync(22</d/samples/journal/journal-000000000005.seg>) = 0\n", kSend}),
              IsRefused());
}

TEST(FsyncOrderProof, RefusesAnAnswerOnAnotherConnection) {
  EXPECT_THAT(Findings({kRead, kWrite, kSync,
                        "7 sendto(19<TCP:[2]>, \"HTTP/1.1 200 OK … m-1 …\", 250, MSG_NOSIGNAL, NULL, 0) = 250\n"}),
              IsRefused());
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
                {"-y", "-s", "4096", "-e",
                 "trace=read,readv,recvfrom,recvmsg,write,pwrite64,writev,sendto,sendmsg,fdatasync,fsync"});
  ASSERT_TRUE(tracer.attached());
  std::vector<std::vector<std::string>> acknowledged(kClients + 1);
  const auto send = [&](int client) {
    Tenant mine = server.Again(tenant);
    for (int i = 0; i < kRequests; ++i) {
      const bool remote_write = (client == kClients ? i : client) % 2 == 1;
      const std::string marker = fmt::format("marker-{}-{:04}", client, i);
      const Answer answer = Send(mine, marker, client, remote_write);
      EXPECT_EQ(answer.status, remote_write ? 204 : 200) << answer;
      EXPECT_EQ(answer.Header("X-Request-Id"), marker);
      acknowledged[static_cast<std::size_t>(client)].push_back(marker);
    }
  };
  send(kClients);  // alone
  {
    std::vector<std::jthread> clients;
    for (int client = 0; client < kClients; ++client) clients.emplace_back(send, client);
  }
  const std::string trace = tracer.Detach();
  std::vector<std::string> markers;
  for (const auto& some : acknowledged) markers.insert(markers.end(), some.begin(), some.end());
  ASSERT_EQ(markers.size(), static_cast<std::size_t>((kClients + 1) * kRequests));
  EXPECT_THAT(CheckAnswers(trace, markers), IsEmpty());
  const auto calls = ParseTrace(trace);
  const auto syncs = std::ranges::count_if(
      calls, [](const SystemCall& call) { return call.name == "fdatasync" && IsOfJournal(call); });
  fmt::print("{} acknowledged requests, {} fdatasync of the journal, {} system calls looked at\n", markers.size(),
             syncs, calls.size());
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
