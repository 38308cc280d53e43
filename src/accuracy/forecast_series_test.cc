// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/forecast_series.h"

#include <gtest/gtest.h>

#include <future>

#include "base/manual_clock.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::accuracy {
namespace {

using namespace std::chrono_literals;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const TenantId kGlobex = *TenantId::Parse("01900000-0000-7000-8000-000000000002");
const tsdb::SeriesKey kCpu{"cpu", {{"host", "web-1"}}};
constexpr TimestampMs kNow = FromUnixMs(1'767'398'400'000);

ml::SeriesForecast Forecast() {
  ml::SeriesForecast forecast;
  forecast.origin = kNow;
  forecast.points = {{.time = kNow + 15min, .horizon = 15min, .value = 10, .lower = 8, .upper = 13},
                     {.time = kNow + 60min, .horizon = 60min, .value = 20, .lower = 16, .upper = 26}};
  return forecast;
}

class ForecastSeriesTest : public ::testing::Test {
 protected:
  std::vector<std::string> Names(TenantId tenant) const {
    std::vector<std::string> names;
    const auto found = store_->FindSeries(tenant, {.metric = "helios:forecast", .matchers = {}}, 100).value();
    for (const tsdb::SeriesInfo& info : found) {
      names.push_back(tsdb::ToString(info.key));
    }
    return names;
  }

  ManualClock clock_{kNow};
  obs::Metrics metrics_;
  AccuracyMetrics own_metrics_{metrics_};
  tsdb::ScratchDirectory directory_;
  std::unique_ptr<tsdb::EmbeddedStore> store_ =
      tsdb::OpenEmbeddedStore({.directory = directory_.path() / "store", .segment_bytes = 1U << 20U}, clock_, metrics_)
          .value();
};

TEST_F(ForecastSeriesTest, EachForecastIsASampleOfItsTenantAtTheTimeThatItIsOf) {
  ForecastSeries series(*store_, own_metrics_, ForecastBounds::kValue);
  series.Add(kAcme, kCpu, Forecast());
  series.Add(kGlobex, {"secret", {}}, Forecast());
  series.Flush();
  EXPECT_EQ(Names(kAcme),
            (std::vector<std::string>{R"(helios:forecast{bound="value",horizon="15m",host="web-1",metric="cpu"})",
                                      R"(helios:forecast{bound="value",horizon="60m",host="web-1",metric="cpu"})"}));
  EXPECT_EQ(Names(kGlobex).size(), 2U);
  const auto info = store_->FindSeries(kAcme, {.metric = "helios:forecast", .matchers = {}}, 2).value().back();
  EXPECT_EQ(info.last_seen, kNow + 60min);
  const auto cursor = store_->Read(kAcme, info.id, {.first = kNow, .last = kNow + 2h}).value();
  const auto columns = cursor->Next().value();
  ASSERT_EQ(columns.values.size(), 1U);
  EXPECT_EQ(columns.values[0], 20);
  EXPECT_EQ(store_->ActiveSeries(kAcme), 0U) << "they are outside the limit";
  EXPECT_EQ(own_metrics_.unwritten.Value(), 0);
}

TEST_F(ForecastSeriesTest, BoundsAreTwoMoreSeriesAndOffIsNone) {
  ForecastSeries(*store_, own_metrics_, ForecastBounds::kOff).Add(kAcme, kCpu, Forecast());
  EXPECT_TRUE(Names(kAcme).empty());
  ForecastSeries series(*store_, own_metrics_, ForecastBounds::kBounds);
  series.Add(kAcme, kCpu, Forecast());
  series.Flush();
  EXPECT_EQ(Names(kAcme).size(), 6U);
}

TEST_F(ForecastSeriesTest, TheTenantKeepsItsRetention) {
  tsdb::KeyedBatch batch(kCpu);
  batch.AddSample(0, kNow, 1);
  std::promise<void> done;
  store_->Append(kAcme, {.raw_retention = 48h, .rollup_retention = 72h}, batch.batch(),
                 [&done](const auto&) { done.set_value(); });
  done.get_future().wait();
  ForecastSeries series(*store_, own_metrics_, ForecastBounds::kValue);
  series.Add(kAcme, kCpu, Forecast());
  series.Flush();
  clock_.Advance(49h);
  const auto found = store_->FindSeries(kAcme, {.metric = "cpu", .matchers = {}}, 1).value();
  ASSERT_EQ(found.size(), 1U) << "its rollups are kept";
  const auto cursor = store_->Read(kAcme, found[0].id, {.first = kNow - 1h, .last = kNow}).value();
  EXPECT_TRUE(cursor->Next().value().times.empty()) << "its samples are beyond 48 h";
}

TEST_F(ForecastSeriesTest, WhatTheStoreDoesNotTakeIsCounted) {
  ForecastSeries series(*store_, own_metrics_, ForecastBounds::kValue);
  clock_.Set(kNow - 24h);  // the clock jumped back: the forecast lies a day ahead
  series.Add(kAcme, kCpu, Forecast());
  series.Flush();
  EXPECT_EQ(own_metrics_.unwritten.Value(), 2);
}

TEST(ForecastKey, KeepsLabelsThatHaveItsOwnNames) {
  const auto key = ForecastKey({"cpu", {{"bound", "x"}, {"metric", "y"}}}, 15min, "value");
  ASSERT_TRUE(key);
  EXPECT_EQ(tsdb::ToString(*key),
            R"(helios:forecast{bound="value",exported_bound="x",exported_metric="y",horizon="15m",metric="cpu"})");
  EXPECT_FALSE(ForecastKey({"cpu", {{"exported_metric", "x"}, {"metric", "y"}}}, 15min, "value"));
  tsdb::SeriesKey full{"cpu", {}};
  for (int i = 0; i < 38; ++i) full.labels.push_back({"l" + std::to_string(100 + i), "v"});
  EXPECT_FALSE(ForecastKey(full, 15min, "value")) << "41 labels";
}

TEST(ForecastBounds, AreReadByName) {
  EXPECT_EQ(*ParseForecastBounds("bounds"), ForecastBounds::kBounds);
  EXPECT_EQ(ParseForecastBounds("all").error().reason, "config.bad_value");
}

}  // namespace
}  // namespace helios::accuracy
