// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/courier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "notify/channels.h"
#include "notify/deliveries.h"
#include "notify/outbox.h"
#include "notify/retry_schedule.h"
#include "notify/standard_webhook.h"
#include "obs/metrics.h"
#include "tests/support/scratch_postgres.h"

namespace helios::notify {
namespace {

using namespace std::chrono_literals;
using helios::testing::ScratchPostgres;
using helios::testing::SqlClient;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::SizeIs;

constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z
const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const TenantId kGlobex = *TenantId::Parse("01900000-0000-7000-8000-000000000002");

/// Answers as it is told, and remembers what came.
class FakeSender final : public WebhookSender {
 public:
  [[nodiscard]] AttemptOutcome Send(const std::string&, const http::Headers& headers,
                                    const std::string& body) const override {
    ids.emplace_back(headers.Find("webhook-id").value_or(""));
    signatures.emplace_back(headers.Find("webhook-signature").value_or(""));
    bodies.push_back(body);
    return {.http_status = status, .latency = 7ms, .error = status < 300 ? "" : "the receiver does not want it"};
  }
  int status = 204;
  mutable std::vector<std::string> ids;
  mutable std::vector<std::string> signatures;
  mutable std::vector<std::string> bodies;
};

class CourierTest : public ::testing::Test {
 protected:
  CourierTest() {
    root.Must(
        fmt::format("INSERT INTO directory.organizations (id, name, slug) VALUES ('{}', 'Acme', 'acme'), "
                    "('{}', 'Globex', 'globex')",
                    kAcme.ToString(), kGlobex.ToString()));
    context = ContextOf(kAcme);
    auto created = CreateChannel(environment, context, "on call", "https://example.com/hook");
    if (!created) {
      ADD_FAILURE() << created.error().message;
      return;
    }
    channel = *std::move(created);
  }

  static tenancy::RequestContext ContextOf(TenantId tenant) {
    auto principal = std::make_shared<tenancy::Principal>();
    principal->kind = tenancy::Principal::Kind::kApiKey;
    principal->permissions = {tenancy::Permission::kAlertingWrite};
    tenancy::RequestContext made;
    made.principal = principal;
    made.tenant = tenant;
    made.now = kNoon;
    made.deadline = pg::kNoDeadline;
    return made;
  }

  void Put(const std::string& id, bool commit = true) {
    auto tx = database.Begin(kAcme);
    ASSERT_TRUE(tx);
    const Message message{.id = id, .type = "incident.opened", .body = "{\"a\":1}", .channels = {channel.channel.id}};
    ASSERT_TRUE(PutIntoOutbox(*tx, message, clock.Now()));
    if (commit) ASSERT_TRUE(tx->Commit());
  }
  bool Deliver(TenantId tenant = kAcme) {
    const auto done = courier.CarryAndDeliver(tenant);
    EXPECT_TRUE(done) << done.error().message;
    return done.value_or(false);
  }
  std::string Status() { return root.Must("SELECT status FROM shared.notification_deliveries").value(); }

  testing::ScratchDatabase scratch = ScratchPostgres::Shared().NewDatabase();
  SqlClient root{scratch.superuser_url};
  obs::Metrics metrics;
  pg::Database database{{.url = scratch.app_url}, metrics};
  SystemRandom random;
  ManualClock clock{kNoon};
  tenancy::AuditTrail audit{random};
  secrets::Vault vault{{{1, secrets::Key{}}}, random};
  http::AddressPolicy policy;
  Environment environment{.database = database, .random = random, .audit = audit, .vault = vault, .policy = policy};
  FakeSender sender;
  Courier courier{database, vault, audit, sender, clock, random};
  tenancy::RequestContext context;
  ChannelWithSecret channel;
};

TEST_F(CourierTest, AMessageLeavesOnceHoweverOftenItIsPut) {
  Put("edge-1");
  Put("edge-1");
  EXPECT_TRUE(Deliver());
  EXPECT_FALSE(Deliver());
  Put("edge-1");  // found again after it left
  EXPECT_FALSE(Deliver());
  EXPECT_THAT(sender.ids, ElementsAre("edge-1"));
  EXPECT_THAT(sender.signatures, ElementsAre(SignWebhook({channel.secret}, "edge-1", kNoon, "{\"a\":1}")));
  EXPECT_EQ(Status(), "delivered");
}

TEST_F(CourierTest, AMessageOfAChangeThatWasNotMadeDoesNotLeave) {
  Put("edge-1", false);
  EXPECT_FALSE(Deliver());
}

TEST_F(CourierTest, IsTriedByTheWholeScheduleAndThenGivenUp) {
  sender.status = 500;
  Put("edge-1");
  EXPECT_TRUE(Deliver());
  for (int tries = 1; tries < kMaxTries; ++tries) {
    clock.Advance(*RetryWait(tries, 0) - 1ms);
    EXPECT_FALSE(Deliver()) << "too early after try " << tries;
    clock.Advance(1ms + *RetryWait(tries, 0) / 10);
    EXPECT_TRUE(Deliver()) << "nothing after try " << tries;
  }
  EXPECT_THAT(sender.ids, SizeIs(10));
  EXPECT_THAT(sender.ids, Each(Eq("edge-1")));
  EXPECT_EQ(Status(), "failed");
  clock.Advance(48h);
  EXPECT_FALSE(Deliver());
}

TEST_F(CourierTest, WhatAClockAheadPlannedIsTriedOnceTheClockIsRight) {
  sender.status = 500;
  Put("edge-1");
  clock.Advance(365 * 24h);
  EXPECT_TRUE(Deliver());  // and again in a year and 5 s
  clock.Set(kNoon + 1min);
  ASSERT_TRUE(courier.NextDue(kAcme).value().has_value());
  EXPECT_LE(**courier.NextDue(kAcme), clock.Now());
  sender.status = 200;
  EXPECT_TRUE(Deliver());
  EXPECT_EQ(Status(), "delivered");
  EXPECT_FALSE(Deliver());
}

TEST_F(CourierTest, AProcessThatDiesInAnAttemptLeavesItToTheNextOne) {
  Put("edge-1");
  // As after a crash: claimed, and no outcome written.
  ASSERT_TRUE(CarryOutbox(database, kAcme, random, kNoon));
  root.Must("UPDATE shared.notification_deliveries SET attempts = 1, tries = 1, lease_until = '2026-01-03T12:01:00Z'");
  EXPECT_FALSE(Deliver()) << "somebody may still be at it";
  const auto due = courier.NextDue(kAcme);
  ASSERT_TRUE(due && *due);
  EXPECT_EQ(**due, kNoon + 1min);
  clock.Advance(1min);
  EXPECT_TRUE(Deliver());
  EXPECT_EQ(Status(), "delivered");
  EXPECT_EQ(root.Must("SELECT number FROM shared.notification_attempts").value(), "2");
}

TEST_F(CourierTest, AnAnswerOf410DisablesTheChannelAndCancelsWhatWaits) {
  sender.status = 503;
  Put("edge-1");
  EXPECT_TRUE(Deliver());
  sender.status = 410;
  Put("edge-2");
  EXPECT_TRUE(Deliver());
  const auto read = GetChannel(environment, context, channel.channel.id);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->enabled);
  EXPECT_EQ(read->disabled_reason, "gone");
  clock.Advance(1h);
  EXPECT_FALSE(Deliver());
  Put("edge-3");
  EXPECT_FALSE(Deliver());
  EXPECT_EQ(root.Must("SELECT string_agg(message_id || ' ' || status, ', ' ORDER BY message_id) "
                      "FROM shared.notification_deliveries")
                .value(),
            "edge-1 cancelled, edge-2 failed, edge-3 cancelled");
  EXPECT_EQ(root.Must("SELECT actor_type FROM shared.audit_log WHERE action = 'notification_channel.disable'").value(),
            "system");
}

TEST_F(CourierTest, NobodyElsesMessagesAreInReach) {
  Put("edge-1");
  EXPECT_FALSE(Deliver(kGlobex));
  EXPECT_TRUE(Deliver());
  const auto foreign = ListDeliveries(environment, ContextOf(kGlobex), channel.channel.id, {});
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().reason, "notify.no_such_channel");
}

TEST_F(CourierTest, AReplayBeginsTheScheduleAnew) {
  sender.status = 500;
  Put("edge-1");
  EXPECT_TRUE(Deliver());
  const auto log = ListDeliveries(environment, context, channel.channel.id, {});
  ASSERT_TRUE(log && log->size() == 1);
  clock.Advance(1s);
  context.now = clock.Now();
  ASSERT_TRUE(ReplayDelivery(environment, context, log->front().id));
  sender.status = 204;
  EXPECT_TRUE(Deliver());
  EXPECT_EQ(Status(), "delivered");
  EXPECT_THAT(sender.ids, ElementsAre("edge-1", "edge-1"));
}

TEST_F(CourierTest, AfterADayThePreviousSecretSignsNoMore) {
  const auto rotated = RotateSecret(environment, context, channel.channel.id);
  ASSERT_TRUE(rotated);
  Put("edge-1");
  EXPECT_TRUE(Deliver());
  EXPECT_EQ(sender.signatures.back(),
            SignWebhook({rotated->secret, channel.secret}, "edge-1", clock.Now(), "{\"a\":1}"));
  clock.Advance(kRotation);
  Put("edge-2");
  EXPECT_TRUE(Deliver());
  EXPECT_EQ(sender.signatures.back(), SignWebhook({rotated->secret}, "edge-2", clock.Now(), "{\"a\":1}"));
}

TEST_F(CourierTest, ASecretThatCannotBeReadIsSaidInTheLog) {
  root.Must("UPDATE shared.notification_channels SET secret = 'damaged'");
  Put("edge-1");
  EXPECT_TRUE(Deliver());
  EXPECT_TRUE(sender.ids.empty()) << "an unsigned message left";
  EXPECT_EQ(root.Must("SELECT error FROM shared.notification_attempts").value(),
            "the channel's secret cannot be read; rotate it");
}

}  // namespace
}  // namespace helios::notify
