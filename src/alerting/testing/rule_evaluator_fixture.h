// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "alerting/rule_evaluator.h"
#include "base/manual_clock.h"
#include "tests/support/scratch_postgres.h"
#include "tsdb/embedded_store.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::alerting {

inline constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z
inline const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");

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

inline Result<std::vector<tsdb::Matcher>> ParseNothing(std::string_view) {
  return std::vector<tsdb::Matcher>{};
}

inline bool IsTotal(TenantId, const std::string& metric) {
  return metric.ends_with("_total");
}

/// Rules of one tenant over a store, judged by hand; the clock is the test's.
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

  AlertRule MakeRule(Condition condition, std::chrono::seconds hold = {}, const std::string& metric = "cpu") {
    RuleDefinition definition;
    definition.name = "rule";
    definition.metric = metric;
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
    return std::make_unique<RuleEvaluator>(*store, forecasts, ParseNothing, IsTotal, database, sink, clock);
  }
  /// The next look, `later`.
  void Look(RuleEvaluator& evaluator, std::chrono::milliseconds later = std::chrono::seconds{30}) {
    clock.Advance(later);
    const auto done = evaluator.EvaluateDue(kAcme, std::chrono::seconds{30});
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
  helios::testing::ScratchDatabase scratch = helios::testing::ScratchPostgres::Shared().NewDatabase();
  helios::testing::SqlClient root{scratch.superuser_url};
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

}  // namespace helios::alerting
