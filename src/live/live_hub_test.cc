// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/live_hub.h"

#include <gmock/gmock.h>

#include <thread>

#include "live/live_service.h"
#include "live/testing/live_fixture.h"

namespace helios::live {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const tsdb::SeriesKey kCpu{"cpu", {{"host", "a"}}};

class Answers final : public CredentialWatch {
 public:
  [[nodiscard]] Result<std::string> KeyOf(const http::Request& /*request*/) const override { return "k"; }
  [[nodiscard]] Result<void> Check(const std::string& key, TenantId /*tenant*/,
                                   std::chrono::steady_clock::time_point /*deadline*/) override {
    const std::scoped_lock lock(mutex_);
    const auto found = answers_.find(key);
    return found == answers_.end() ? Result<void>() : found->second;
  }
  void Set(const std::string& key, Result<void> answer) {
    const std::scoped_lock lock(mutex_);
    answers_.insert_or_assign(key, std::move(answer));
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Result<void>> answers_;
};

/// Waits for what a thread of the hub's does; false after a minute.
bool Eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 6'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

class LiveHubTest : public LiveFixture {
 protected:
  static LiveConfig Fast() {
    LiveConfig config;
    config.look_every = 10ms;
    config.watch_every = 10ms;
    return config;
  }
  void Start(const LiveConfig& config = Fast()) {
    hub_ = std::make_unique<LiveHub>(LiveHub::Environment{*store_, answers_, {}, clock_, random_, metrics_}, config);
  }
  Result<std::shared_ptr<EventStream>> Open(const std::string& credential = "k", TenantId tenant = kAcme) {
    Subscription subscription = subscription_;
    subscription.tenant = tenant;
    return hub_->Open(subscription, {.tenant = tenant, .credential = credential}, "");
  }

  SystemRandom random_;
  Answers answers_;
  Subscription subscription_{.tenant = kAcme, .name = "cpu", .selectors = {{.metric = "cpu", .matchers = {}}}};
  std::unique_ptr<LiveHub> hub_;
};

TEST_F(LiveHubTest, BringsSamplesByItself) {
  Start();
  const auto stream = Open();
  ASSERT_TRUE(stream);
  Reader reader(*stream);
  EXPECT_THAT(reader.Take(), HasSubstr("event: ready\n"));
  Send(kCpu, 1, 1);
  EXPECT_TRUE(Eventually([&] { return reader.Take().find("event: samples\n") != std::string::npos; }));
}

TEST_F(LiveHubTest, EndsTheStreamsOfACredentialThatIsRevokedAndNoOthers) {
  Start();
  const auto revoked = Open("revoked");
  const auto other = Open("other");
  ASSERT_TRUE(revoked && other);
  Reader reader(*revoked);
  answers_.Set("revoked", Fail(ErrorCode::kUnauthenticated, "identity.unknown_key", "gone"));
  EXPECT_TRUE(Eventually([&] { return reader.ended(); }));
  EXPECT_THAT(reader.Take(), HasSubstr("event: end\ndata: {\"reason\":\"identity.unknown_key\""));
  EXPECT_FALSE((*other)->ended());
}

TEST_F(LiveHubTest, KeepsStreamsWhileCredentialsCannotBeCheckedAndEndsThemInTheEnd) {
  answers_.Set("k", Fail(ErrorCode::kUnavailable, "pg.unavailable", "away"));
  LiveConfig config = Fast();
  Start(config);
  const auto kept = Open();
  ASSERT_TRUE(kept);
  Reader reader(*kept);
  Send(kCpu, 1, 1);
  EXPECT_TRUE(Eventually([&] { return reader.Take().find("event: samples\n") != std::string::npos; }));
  EXPECT_FALSE((*kept)->ended());
  config.unverified_most = 0ms;
  hub_.reset();
  Start(config);
  const auto stream = Open();
  ASSERT_TRUE(stream);
  EXPECT_TRUE(Eventually([&] { return (*stream)->ended(); }));
}

TEST_F(LiveHubTest, RefusesMoreThanATenantOrItselfMayHold) {
  LiveConfig config = Fast();
  config.max_streams = 3;
  config.max_streams_of_tenant = 2;
  Start(config);
  auto one = Open();
  const auto two = Open();
  ASSERT_TRUE(one && two);
  EXPECT_EQ(Open().error().reason, "live.too_many_streams");
  EXPECT_EQ(Open().error().code, ErrorCode::kQuotaExceeded);
  const auto globexs = Open("k", kGlobex);
  ASSERT_TRUE(globexs);
  EXPECT_EQ(Open("k", kGlobex).error().reason, "live.overloaded");
  one->reset();
  EXPECT_TRUE(Eventually([&] { return Open().has_value(); }));
}

TEST_F(LiveHubTest, EndsEverythingWhenItStopsAndOpensNothing) {
  Start();
  const auto stream = Open();
  ASSERT_TRUE(stream);
  Reader reader(*stream);
  hub_->Stop();
  EXPECT_TRUE(reader.ended());
  EXPECT_THAT(reader.Take(), HasSubstr("\"reason\":\"live.stopping\""));
  EXPECT_EQ(Open().error().reason, "live.stopping");
}

TEST_F(LiveHubTest, HoldsAThousandStreamsOfDifferentSubscriptions) {
  Start();
  std::vector<std::shared_ptr<Reader>> readers;
  for (int i = 0; i < 1'000; ++i) {
    const auto tenant = *TenantId::Parse(fmt::format("01900000-0000-7000-8000-{:012}", i));
    const auto stream = Open("k", tenant);
    ASSERT_TRUE(stream) << stream.error().message;
    readers.push_back(std::make_shared<Reader>(*stream));
  }
  Send(kCpu, 1, 1, *TenantId::Parse("01900000-0000-7000-8000-000000000999"));
  EXPECT_TRUE(Eventually([&] { return readers.back()->Take().find("event: samples\n") != std::string::npos; }));
}

// --- what a request asks for

Result<std::vector<tsdb::Matcher>> Parse(std::string_view text) {
  if (text == "bad") return Fail(ErrorCode::kInvalidArgument, "query.bad_match", "bad");
  if (text.empty()) return std::vector<tsdb::Matcher>{};
  return std::vector<tsdb::Matcher>{
      {.label = "__name__", .kind = tsdb::Matcher::Kind::kEqual, .value = std::string(text)},
      {.label = "host", .kind = tsdb::Matcher::Kind::kEqual, .value = "a"}};
}

Result<Subscription> Read(std::vector<std::pair<std::string, std::string>> query) {
  http::Request request;
  request.query = std::move(query);
  return ReadSubscription(request, kAcme, Parse);
}

TEST(ReadSubscription, TakesSeveralMatchesInAnyOrderForTheSame) {
  const auto one = Read({{"match", "a"}, {"match", "b"}, {"match", "a"}});
  const auto other = Read({{"match", "b"}, {"last_event_id", "x"}, {"match", "a"}});
  ASSERT_TRUE(one && other);
  EXPECT_EQ(SubscriptionHash(*one), SubscriptionHash(*other));
  ASSERT_EQ(one->selectors.size(), 2U);
  EXPECT_EQ(one->selectors[0].metric, "a");
  ASSERT_EQ(one->selectors[0].matchers.size(), 1U);
  EXPECT_EQ(one->selectors[0].matchers[0].label, "host");
}

TEST(ReadSubscription, TakesNoneForNoSamples) {
  const auto none = Read({});
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->selectors.empty());
}

TEST(ReadSubscription, RefusesWhatWouldBeEverythingOrTooMuch) {
  EXPECT_EQ(Read({{"match", ""}}).error().reason, "live.bad_match");
  EXPECT_EQ(Read({{"match", "bad"}}).error().reason, "query.bad_match");
  EXPECT_EQ(Read({{"metric", "cpu"}}).error().reason, "http.unknown_parameter");
  std::vector<std::pair<std::string, std::string>> many;
  for (std::size_t i = 0; i <= kMaxMatches; ++i) many.emplace_back("match", fmt::format("m{}", i));
  EXPECT_EQ(Read(many).error().reason, "live.too_many_matches");
}

}  // namespace
}  // namespace helios::live
