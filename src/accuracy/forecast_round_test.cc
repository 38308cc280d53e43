// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/forecast_round.h"

#include <gtest/gtest.h>

#include <cmath>
#include <future>

#include "base/manual_clock.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::accuracy {
namespace {

using namespace std::chrono_literals;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const tsdb::SeriesKey kCpu{"cpu", {{"host", "web-1"}}};
constexpr TimestampMs kStart = FromUnixMs(1'767'398'400'000);  // 2026-01-03T00:00:00Z

/// Says for every series and horizon what it is told to.
class FixedSource final : public ForecastSource {
 public:
  Result<ml::SeriesForecast> Forecast(TenantId, const tsdb::SeriesInfo& series,
                                      std::span<const std::chrono::minutes> horizons, TimestampMs) override {
    ++asked;
    if (fails) return Fail(ErrorCode::kUnavailable, "tsdb.read_failed", "cannot read {}", tsdb::ToString(series.key));
    ml::SeriesForecast forecast;
    forecast.origin = series.last_seen;
    forecast.step = 5min;
    forecast.season_length = season_length;
    for (const auto horizon : horizons) {
      forecast.points.push_back({.time = series.last_seen + horizon,
                                 .horizon = horizon,
                                 .value = value,
                                 .lower = value - 1,
                                 .upper = value + 1});
    }
    return forecast;
  }

  double value = 10;
  std::size_t season_length = 0;
  bool fails = false;
  int asked = 0;
};

/// Keeps what is asked for.
class KeptRequests final : public TrainingRequests {
 public:
  void Ask(TenantId tenant, const std::string& metric, const TrainingReason& reason) override {
    asked.push_back(tenant.ToString() + " " + metric + " " + reason.kind);
  }
  std::vector<std::string> asked;
};

class ForecastRoundTest : public ::testing::Test {
 protected:
  void Append(const tsdb::SeriesKey& key, TimestampMs time, double value) {
    tsdb::KeyedBatch batch(key);
    batch.AddSample(0, time, value);
    std::promise<Result<tsdb::AppendOutcome>> done;
    store_->Append(kAcme, {.raw_retention = std::chrono::hours{24 * 30}}, batch.batch(),
                   [&done](Result<tsdb::AppendOutcome> outcome) { done.set_value(std::move(outcome)); });
    const auto outcome = done.get_future().get();
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_TRUE(outcome->rejected.empty()) << outcome->rejected[0].detail;
  }
  void Round() {
    round_.Run([] { return true; }, [](TenantId, const tsdb::SeriesInfo&, const ml::SeriesForecast&) {});
  }
  /// Five minutes pass, a sample comes, and a round runs.
  void Step(double value) {
    clock_.Advance(5min);
    Append(kCpu, clock_.Now(), value);
    Round();
  }
  [[nodiscard]] tsdb::SeriesId Cpu() const {
    return store_->FindSeries(kAcme, {.metric = "cpu", .matchers = {}}, 1).value().at(0).id;
  }
  [[nodiscard]] std::vector<SeriesAccuracy> Accuracy() const { return ledger_.AccuracyOf(kAcme, Cpu()); }

  ManualClock clock_{kStart};
  obs::Metrics metrics_;
  AccuracyMetrics own_metrics_{metrics_};
  tsdb::ScratchDirectory directory_;
  std::unique_ptr<tsdb::EmbeddedStore> store_ =
      tsdb::OpenEmbeddedStore({.directory = directory_.path() / "store", .segment_bytes = 1U << 20U}, clock_, metrics_)
          .value();
  FixedSource source_;
  Ledger ledger_;
  KeptRequests requests_;
  ForecastRound round_{*store_, clock_, source_, ledger_, own_metrics_, &requests_};
};

TEST_F(ForecastRoundTest, EachForecastMeetsItsActualValue) {
  for (int i = 0; i < 3; ++i) Step(12);
  EXPECT_TRUE(Accuracy().empty()) << "nothing is 15 min old";
  Step(14);
  ASSERT_EQ(Accuracy().size(), 1U);
  const SeriesAccuracy quarter = Accuracy().front();
  EXPECT_EQ(quarter.horizon, 15min);
  EXPECT_EQ(quarter.week.met, 1U);
  EXPECT_DOUBLE_EQ(quarter.week.mae(), 4);        // 14 against 10
  EXPECT_DOUBLE_EQ(quarter.week.naive_mae(), 2);  // 14 against the last value, 12
  EXPECT_EQ(quarter.week.covered, 0U);
  for (int i = 0; i < 9; ++i) Step(14);
  EXPECT_EQ(Accuracy().size(), 3U);
}

TEST_F(ForecastRoundTest, TheSeasonalNaiveIsTheValueASeasonAgo) {
  source_.season_length = 12;  // an hour
  for (int i = 0; i < 12; ++i) Step(i);
  Step(100);  // its forecast for 15 min on is the value of 45 min ago: number 3, of 0 to 11
  const std::uint64_t met = Accuracy().front().week.met;
  const double before = Accuracy().front().week.naive_error;
  for (int i = 0; i < 2; ++i) Step(0);
  const double between = Accuracy().front().week.naive_error;
  Step(7);
  EXPECT_GE(between, before);
  EXPECT_EQ(Accuracy().front().week.met, met + 3);
  EXPECT_NEAR(Accuracy().front().week.naive_error - between, 4, 1e-4);  // 7 against 3
}

TEST_F(ForecastRoundTest, WhatPassedWhileTheProcessWasDownIsMetFromTheStore) {
  for (int i = 0; i < 4; ++i) Step(11);
  for (int i = 0; i < 12; ++i) {  // an hour without a round
    clock_.Advance(5min);
    Append(kCpu, clock_.Now(), 11);
  }
  Round();
  ASSERT_EQ(Accuracy().size(), 3U);
  for (const SeriesAccuracy& accuracy : Accuracy()) EXPECT_EQ(accuracy.week.met, 4U) << accuracy.horizon.count();
}

TEST_F(ForecastRoundTest, ASilentSeriesIsNotForecastAgainAndItsForecastsWait) {
  Step(10);
  EXPECT_EQ(source_.asked, 1);
  clock_.Advance(20min);
  Round();
  EXPECT_EQ(source_.asked, 1) << "it has no new sample";
  EXPECT_TRUE(Accuracy().empty());
  clock_.Advance(2h);
  Append(kCpu, clock_.Now(), 10);
  Round();
  EXPECT_EQ(source_.asked, 2);
  EXPECT_TRUE(Accuracy().empty()) << "nobody knows what it was when the forecast's moment came";
  EXPECT_TRUE(ledger_.Find(kAcme, Cpu())->horizons()[0].waiting.size() == 1);
}

TEST_F(ForecastRoundTest, AClockThatJumpsLosesNothing) {
  for (int i = 0; i < 3; ++i) Step(10);
  const TimestampMs before = clock_.Now();
  clock_.Set(before + 30 * 24h);
  Round();  // nothing is active any more
  clock_.Set(before);
  Step(10);
  ASSERT_EQ(Accuracy().size(), 1U);
  EXPECT_EQ(Accuracy().front().week.met, 1U);
}

TEST_F(ForecastRoundTest, HeliosOwnSeriesAndThoseThatCannotBeForecastAreLeftOut) {
  Append({"helios:forecast", {{"metric", "cpu"}}}, clock_.Now(), 1);
  Round();
  EXPECT_EQ(source_.asked, 0);
  source_.fails = true;
  Append(kCpu, clock_.Now(), 1);
  Round();
  EXPECT_EQ(source_.asked, 1);
  source_.fails = false;
  Round();
  EXPECT_EQ(source_.asked, 2) << "it is tried again";
}

TEST_F(ForecastRoundTest, ASeriesThatIsGoneIsForgottenAfterRoundsOfEightDays) {
  Step(10);
  EXPECT_EQ(ledger_.size(), 1U);
  ASSERT_TRUE(store_->DeleteSeries(kAcme, {.metric = "cpu", .matchers = {}}));
  for (int i = 1; i < 8 * 288; ++i) Round();
  EXPECT_EQ(ledger_.size(), 1U);
  Round();
  EXPECT_EQ(ledger_.size(), 0U);
}

TEST_F(ForecastRoundTest, EndsEarlyWhereItIsToldTo) {
  for (const char* host : {"a", "b", "c"}) Append({"cpu", {{"host", host}}}, clock_.Now(), 1);
  round_.Run([] { return false; }, [](TenantId, const tsdb::SeriesInfo&, const ml::SeriesForecast&) {});
  EXPECT_EQ(source_.asked, 1);
}

TEST_F(ForecastRoundTest, ALoserIsWithdrawnForItsTenantAlone) {
  for (int i = 0; i < 12 * 25; ++i) Step(20);  // the last value is right, the forecast off by 10
  const auto withdrawn = ledger_.Withdrawn(kAcme, Cpu(), 15min);
  ASSERT_TRUE(withdrawn);
  EXPECT_NE(withdrawn->reason.find("mean error 10 against 0"), std::string::npos) << withdrawn->reason;
  EXPECT_TRUE(ledger_.Withdrawn(kAcme, Cpu(), 5min)) << "as the next longer one that is measured";
  EXPECT_FALSE(ledger_.Withdrawn(kAcme, Cpu(), 61min)) << "nobody measures that";
  EXPECT_FALSE(ledger_.Withdrawn(TenantId{}, Cpu(), 15min));
  const auto summary = ledger_.Summarize(kAcme);
  ASSERT_EQ(summary.size(), 3U);
  EXPECT_EQ(summary[0].withdrawn, 1U);
  ASSERT_FALSE(requests_.asked.empty()) << "its metric is worth a training";
  EXPECT_EQ(requests_.asked.front(), kAcme.ToString() + " cpu withdrawn");
  EXPECT_FALSE(summary[0].median_mase) << "the seasonal naive made no error";
  EXPECT_EQ(ledger_.Summarize(TenantId{})[0].series, 0U);
}

}  // namespace
}  // namespace helios::accuracy
