// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "predictions/prediction_runner.h"

#include <thread>

#include "predictions/testing/predictions_fixture.h"

namespace helios::predictions {
namespace {

using namespace std::chrono_literals;

class PredictionRunnerTest : public PredictionsFixture {
 protected:
  std::unique_ptr<PredictionRunner> Start(pg::Database& where) {
    return std::make_unique<PredictionRunner>(
        PredictionRunner::Needs{.book = book,
                                .metrics = own_metrics,
                                .database = where,
                                .store = *store,
                                .clock = clock,
                                .random = random,
                                .tenants = [] { return std::vector<TenantId>{kAcme}; }},
        PredictionRunner::Config{.write_every = 2ms, .meet_every = 2ms, .forget_every = 2ms});
  }
  void Keep(TimestampMs origin = kNoon) {
    ml::SeriesForecast forecast;
    forecast.origin = origin;
    forecast.step = 5min;
    forecast.points = Asked({15}).points;
    book.Keep(kAcme, kCpu, std::nullopt, forecast, 0.95, clock.Now());
  }
  static void Await(const std::function<bool()>& holds) {
    while (!holds()) std::this_thread::sleep_for(2ms);
  }

  PredictionMetrics own_metrics{metrics};
  PredictionBook book{own_metrics, {}};
};

TEST_F(PredictionRunnerTest, WritesMeetsAndForgets) {
  const auto runner = Start(database);
  Keep();
  Await([&] { return List(kAcme).size() == 1; });
  Append(kNoon + 15min, 7);
  Await([&] { return List(kAcme)[0].actual == 7; });
  EXPECT_EQ(own_metrics.kept.Value(), 1);
  clock.Advance(kKeepFor + 1min);
  Await([&] { return List(kAcme).empty(); });
  EXPECT_EQ(own_metrics.met.Value(), 1);
}

TEST_F(PredictionRunnerTest, WhatWaitsIsWrittenAtTheEnd) {
  auto runner = Start(database);
  Keep();
  runner.reset();
  EXPECT_EQ(List(kAcme).size(), 1U);
}

TEST_F(PredictionRunnerTest, WhileTheDatabaseIsAwayPredictionsWait) {
  pg::Database away({.url = "host=/nonexistent port=5432 dbname=helios user=helios_app"}, metrics);
  auto runner = Start(away);
  Keep();
  std::this_thread::sleep_for(20ms);
  runner.reset();
  EXPECT_EQ(book.waiting(), 1U);
  runner = Start(database);
  Await([&] { return List(kAcme).size() == 1; });
}

}  // namespace
}  // namespace helios::predictions
