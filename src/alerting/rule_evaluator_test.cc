// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/rule_evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <future>
#include <mutex>
#include <numbers>
#include <thread>

#include "base/manual_clock.h"
#include "tests/support/scratch_postgres.h"
#include "tsdb/embedded_store.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::alerting {
namespace {

using namespace std::chrono_literals;
using helios::testing::ScratchPostgres;
using helios::testing::SqlClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z
const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");

class FakeSink final : public NotificationSink {
 public:
  [[nodiscard]] Result<void> Put(pg::TenantTransaction&, const Notification& notification, TimestampMs) override {
    const std::scoped_lock lock(mutex_);
    sent.push_back(notification.type);
    return {};
  }
  void Wake(TenantId) override {}
  std::vector<std::string> sent;

 private:
  std::mutex mutex_;
};

class NoForecasts final : public ForecastSource {
 public:
  [[nodiscard]] Result<std::vector<SeriesForecast>> Forecast(TenantId, const tsdb::SeriesSelector&,
                                                             const std::vector<std::chrono::minutes>&, double,
                                                             TimestampMs) override {
    return Fail(ErrorCode::kInvalidArgument, "inference.too_many_series", "cannot predict: too many series");
  }
};

Result<std::vector<tsdb::Matcher>> ParseNothing(std::string_view) {
  return std::vector<tsdb::Matcher>{};
}

class RuleEvaluatorTest : public ::testing::Test {
 protected:
  RuleEvaluatorTest() {
    root.Must(
        fmt::format("INSERT INTO directory.organizations (id, name, slug) VALUES ('{0}', 'Acme', 'acme');"
                    "INSERT INTO shared.notification_channels (org_id, id, name, channel_type, config) "
                    "VALUES ('{0}', '{1}', 'on call', 'webhook', '{{}}')",
                    kAcme.ToString(), channel.ToString()));
    auto principal = std::make_shared<tenancy::Principal>();
    principal->kind = tenancy::Principal::Kind::kApiKey;
    principal->permissions = {tenancy::Permission::kAlertingWrite};
    context.principal = principal;
    context.tenant = kAcme;
    context.deadline = pg::kNoDeadline;
    Opened(tsdb::OpenEmbeddedStore({.directory = directory.path()}, clock, metrics), store);
  }

  template <class T>
  static void Opened(Result<T> made, T& out) {
    if (!made) return ADD_FAILURE() << made.error().message, void();
    out = *std::move(made);
  }

  AlertRule MakeRule(Condition condition, std::chrono::seconds hold = 0s) {
    RuleDefinition definition;
    definition.name = "rule";
    definition.metric = "cpu";
    definition.condition = condition;
    definition.threshold = 90;
    definition.hold = hold;
    definition.channels = {channel};
    context.now = clock.Now();
    auto rule = CreateRule(environment, context, definition);
    EXPECT_TRUE(rule) << rule.error().message;
    return rule.value_or(AlertRule{});
  }

  void Append(TimestampMs time, double value, const std::string& host = "a") {
    const tsdb::KeyedBatch batch = [&] {
      tsdb::KeyedBatch made({.metric = "cpu", .labels = {{"host", host}}});
      made.AddSample(0, time, value);
      return made;
    }();
    AppendAll(batch);
  }
  void AppendAll(const tsdb::KeyedBatch& batch) {
    std::promise<void> done;
    store->Append(kAcme, {}, batch.batch(), [&](Result<tsdb::AppendOutcome> outcome) {
      EXPECT_TRUE(outcome && outcome->rejected.empty());
      done.set_value();
    });
    done.get_future().wait();
  }

  [[nodiscard]] std::unique_ptr<RuleEvaluator> NewEvaluator() {
    return std::make_unique<RuleEvaluator>(*store, forecasts, ParseNothing, database, sink, clock);
  }
  /// The next look, `later`.
  void Look(RuleEvaluator& evaluator, std::chrono::milliseconds later = 30s) {
    clock.Advance(later);
    const auto done = evaluator.EvaluateDue(kAcme, 30s);
    ASSERT_TRUE(done) << done.error().message;
  }
  [[nodiscard]] AlertRule Read(const AlertRule& rule) {
    auto read = GetRule(environment, context, rule.id);
    EXPECT_TRUE(read) << read.error().message;
    return read.value_or(AlertRule{});
  }
  [[nodiscard]] bool Fires(const AlertRule& rule) { return Read(rule).incident.has_value(); }
  std::string Incidents() { return root.Must("SELECT count(*) FROM shared.incidents").value(); }

  const Uuid channel = *Uuid::Parse("01900000-0000-7000-8000-0000000000c1");
  testing::ScratchDatabase scratch = ScratchPostgres::Shared().NewDatabase();
  SqlClient root{scratch.superuser_url};
  obs::Metrics metrics;
  pg::Database database{{.url = scratch.app_url}, metrics};
  SystemRandom random;
  ManualClock clock{kNoon};
  tenancy::AuditTrail audit{random};
  FakeSink sink;
  NoForecasts forecasts;
  Environment environment{.database = database, .random = random, .audit = audit, .sink = sink};
  tenancy::RequestContext context;
  tsdb::ScratchDirectory directory;
  std::unique_ptr<tsdb::EmbeddedStore> store;
};

TEST_F(RuleEvaluatorTest, ASpikeBetweenTwoLooksIsSeen) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto evaluator = NewEvaluator();
  Append(kNoon + 5s, 50);
  Append(kNoon + 10s, 95);
  Append(kNoon + 15s, 50);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened", "incident.resolved"));
}

TEST_F(RuleEvaluatorTest, AClockThatWasAheadLeavesNoRuleWaiting) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto evaluator = NewEvaluator();
  Look(*evaluator, 365 * 24h);
  clock.Set(kNoon + 10s);
  Append(clock.Now(), 95);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  Look(*evaluator);
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened"));
}

TEST_F(RuleEvaluatorTest, TheSameEvaluationWrittenTwiceCountsOnce) {
  AlertRule rule = MakeRule(Condition::kAbove);
  const tsdb::SeriesKey key{.metric = "cpu", .labels = {{"host", "a"}}};
  Evaluation evaluation;
  evaluation.after[SeriesKeyOf(key)] = {
      .key = key,
      .track = {.state = TrackState::kFiring, .since = kNoon, .last_time = kNoon, .value = 95, .excess = 5}};
  const auto write = [&] {
    auto tx = database.Begin(kAcme);
    const auto written = WriteEvaluation(*tx, rule, evaluation, sink, kNoon);
    EXPECT_TRUE(written) << written.error().message;
    if (written.value_or(false)) EXPECT_TRUE(tx->Commit());
    return written.value_or(false);
  };
  EXPECT_TRUE(write());
  EXPECT_FALSE(write()) << "another process was first";
  EXPECT_EQ(Incidents(), "1");
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened"));
}

TEST_F(RuleEvaluatorTest, TwoEvaluatorsAtOnceRaiseOneIncident) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto one = NewEvaluator();
  const auto two = NewEvaluator();
  for (int host = 0; host < 20; ++host) Append(kNoon, 95, std::to_string(host));
  clock.Advance(30s);
  std::thread other([&] { EXPECT_TRUE(two->EvaluateDue(kAcme, 1ms)); });
  EXPECT_TRUE(one->EvaluateDue(kAcme, 1ms));
  other.join();
  EXPECT_EQ(Incidents(), "1");
  EXPECT_EQ(root.Must("SELECT count(*) FROM shared.incident_series").value(), "20");
  EXPECT_TRUE(Fires(rule));
}

TEST_F(RuleEvaluatorTest, ANewEvaluatorGoesOnWhereTheOldOneWas) {
  const AlertRule rule = MakeRule(Condition::kAbove, 60s);
  auto evaluator = NewEvaluator();
  Append(kNoon + 10s, 95);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  evaluator = NewEvaluator();
  Append(kNoon + 70s, 95);
  Look(*evaluator, 60s);
  EXPECT_TRUE(Fires(rule)) << "it held for 60 s, part of them before";
  evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_EQ(Incidents(), "1");
}

TEST_F(RuleEvaluatorTest, SilenceIsJudgedByArrivalAndNotByTheSamplesTime) {
  Append(kNoon, 1);
  const AlertRule rule = MakeRule(Condition::kNoData, 60s);
  const auto evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  Append(kNoon - 30min, 1);  // late, and yet it arrived
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
}

TEST_F(RuleEvaluatorTest, ASeriesThatIsRenamedFiresForSilenceAloneAndOnlyWhereThatIsAsked) {
  Append(kNoon, 50, "old");
  const AlertRule above = MakeRule(Condition::kAbove);
  const AlertRule silence = MakeRule(Condition::kNoData, 60s);
  const auto evaluator = NewEvaluator();
  for (int i = 0; i < 3; ++i) {
    Append(clock.Now() + 1s, 50, "new");
    Look(*evaluator);
  }
  EXPECT_FALSE(Fires(above));
  EXPECT_TRUE(Fires(silence));
  EXPECT_EQ(root.Must("SELECT labels->>'host' FROM shared.incident_series").value(), "old");
}

TEST_F(RuleEvaluatorTest, WhatThisProcessDidNotSeeIsNoSilence) {
  Append(kNoon, 1);
  const AlertRule rule = MakeRule(Condition::kNoData, 60s);
  clock.Advance(1h);  // the platform was away
  auto evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  evaluator = NewEvaluator();
  Look(*evaluator, 1s);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule)) << "a restart does not end a silence";
  Append(clock.Now(), 1);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
}

TEST_F(RuleEvaluatorTest, ASeriesUnlikeItselfFires) {
  const AlertRule rule = MakeRule(Condition::kOutsideExpected);
  tsdb::KeyedBatch batch({.metric = "cpu", .labels = {{"host", "a"}}});
  batch.AllowAnyOrder();
  for (int i = 4 * 288; i > 0; --i) {
    const double turn = 2 * std::numbers::pi * (i % 288) / 288;
    batch.AddSample(0, kNoon - i * 5min, 50 + 10 * std::sin(turn) + 0.5 * (i * 7 % 5));
  }
  AppendAll(batch);
  const auto evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  Append(kNoon, 500);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  Append(kNoon + 5min, 50);
  Look(*evaluator, 5min);
  EXPECT_FALSE(Fires(rule));
}

TEST_F(RuleEvaluatorTest, AChangedRuleStartsAfreshAndEndsItsIncident) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto evaluator = NewEvaluator();
  Append(kNoon + 5s, 95);
  Look(*evaluator);
  ASSERT_TRUE(Fires(rule));
  context.now = clock.Now();
  RuleDefinition changed = rule.definition;
  changed.threshold = 94;
  ASSERT_TRUE(ReplaceRule(environment, context, rule.id, changed));
  EXPECT_FALSE(Fires(rule));
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened", "incident.resolved"));
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule)) << "it still is true, of the rule as it is now";
  EXPECT_EQ(Incidents(), "2");
  ASSERT_TRUE(DeleteRule(environment, context, rule.id));
  EXPECT_EQ(root.Must("SELECT count(*) FROM shared.incidents WHERE status = 'resolved'").value(), "2");
}

TEST_F(RuleEvaluatorTest, ARuleThatCannotBeJudgedSaysWhyAndKeepsItsState) {
  Append(kNoon, 1);
  const AlertRule rule = MakeRule(Condition::kForecastBreach);
  const auto evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_EQ(Read(rule).evaluation_error, "cannot predict: too many series");
  EXPECT_THAT(sink.sent, IsEmpty());
}

TEST_F(RuleEvaluatorTest, AnIncidentThatWasResolvedByHandIsNotToldAgain) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto evaluator = NewEvaluator();
  Append(kNoon + 5s, 95);
  Look(*evaluator);
  root.Must("UPDATE shared.incidents SET status = 'resolved', resolved_at = now()");
  Append(kNoon + 40s, 96);
  Look(*evaluator);
  EXPECT_EQ(Incidents(), "1");
  Append(kNoon + 70s, 10);
  Look(*evaluator);
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened"));
  EXPECT_FALSE(Fires(rule));
}

}  // namespace
}  // namespace helios::alerting
