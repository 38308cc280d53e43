// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/score_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "base/manual_clock.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);  // whole five minutes

class ScoreSeriesTest : public ::testing::Test {
 protected:
  ScoreSeriesTest()
      : store_(tsdb::OpenEmbeddedStore({.directory = directory_.path(), .segment_bytes = 1U << 20U}, clock_, registry_)
                   .value()) {
    store_->Append(kAcme, {}, KeyedCpu(), [](const auto&) {});
    series_ = store_->FindSeries(kAcme, {.metric = "cpu", .matchers = {}}, 1)->front().id;
  }

  const tsdb::SampleBatch& KeyedCpu() {
    cpu_ = tsdb::KeyedBatch({"cpu", {{"host", "web-1"}, {"metric", "x"}}});
    cpu_.AddSample(0, kNow, 1);
    return cpu_.batch();
  }

  /// A score of the sample `at` after kNow.
  void Take(std::chrono::seconds at, double score) {
    clock_.Set(kNow + at);
    scores_.Take(kAcme, series_, window_, kNow + at, {.scored = true, .score = score});
  }

  /// "seconds after kNow: score" of what the store holds.
  std::vector<std::string> Written() {
    scores_.Flush();
    const auto found = store_->FindSeries(kAcme, {.metric = "helios:score", .matchers = {}}, 10);
    std::vector<std::string> written;
    for (const tsdb::SeriesInfo& info : *found) {
      EXPECT_EQ(tsdb::ToString(info.key), R"(helios:score{exported_metric="x",host="web-1",metric="cpu"})");
      const auto cursor = store_->Read(kAcme, info.id, {TimestampMs::min(), TimestampMs::max()}).value();
      for (auto run = cursor->Next(); run && !run->times.empty(); run = cursor->Next()) {
        for (std::size_t i = 0; i < run->times.size(); ++i) {
          written.push_back(fmt::format("{}: {}", (run->times[i] - kNow).count() / 1000, run->values[i]));
        }
      }
    }
    return written;
  }

  ManualClock clock_{kNow};
  obs::Metrics registry_;
  DetectionMetrics metrics_{registry_};
  tsdb::ScratchDirectory directory_;
  std::unique_ptr<tsdb::EmbeddedStore> store_;
  tsdb::KeyedBatch cpu_;
  tsdb::SeriesId series_;
  ScoreWindow window_;
  ScoreSeries scores_{*store_, metrics_};
};

TEST_F(ScoreSeriesTest, OfFiveMinutesTheHighestIsWrittenOnceTheyAreOver) {
  Take(0s, 0.125);
  Take(60s, 0.25);
  Take(120s, 0.0625);
  scores_.End(kAcme, series_, window_, kNow + 299s);
  EXPECT_THAT(Written(), IsEmpty());
  Take(300s, 0.375);
  EXPECT_THAT(Written(), ElementsAre("60: 0.25")) << "the next five minutes have begun";
  scores_.End(kAcme, series_, window_, kNow + 600s);
  EXPECT_THAT(Written(), ElementsAre("60: 0.25", "300: 0.375")) << "and are over, with nothing behind them";
  scores_.End(kAcme, series_, window_, kNow + 900s);
  EXPECT_EQ(Written().size(), 2U);
}

TEST_F(ScoreSeriesTest, AnAnomalousOneIsWrittenAtOnceAndAgainOnlyWhereItRises) {
  Take(10s, 0.25);
  Take(20s, 0.5);
  EXPECT_THAT(Written(), ElementsAre("20: 0.5"));
  Take(30s, 0.5);
  Take(40s, 0.75);
  Take(50s, 0.625);
  Take(300s, 0.125);
  Take(600s, 0.0);
  EXPECT_THAT(Written(), ElementsAre("20: 0.5", "40: 0.75", "300: 0.125"));
}

TEST_F(ScoreSeriesTest, AreFreeAndNotScoredThemselves) {
  const auto feed = std::make_shared<tsdb::SampleFeed>(1'000);
  ASSERT_TRUE(store_->Flush());
  std::uint64_t before = 0;
  for (const tsdb::UsageRow& row : *store_->PendingUsage()) before += row.count;
  store_->Follow(feed);
  Take(0s, 0.75);
  EXPECT_THAT(Written(), ElementsAre("0: 0.75"));
  ASSERT_TRUE(store_->Flush());
  std::uint64_t after = 0;
  for (const tsdb::UsageRow& row : *store_->PendingUsage()) after += row.count;
  EXPECT_EQ(before, 1U) << "the sample of cpu";
  EXPECT_EQ(after, before);
  EXPECT_FALSE(feed->Take(0ms));
  EXPECT_EQ(store_->ActiveSeries(kAcme), 1U);
}

TEST_F(ScoreSeriesTest, ADeletedSeriesHasNone) {
  ASSERT_TRUE(store_->DeleteSeries(kAcme, {.metric = "cpu", .matchers = {}}));
  Take(0s, 0.75);
  EXPECT_THAT(Written(), IsEmpty());
  EXPECT_EQ(metrics_.unwritten_scores.Value(), 1);
}

}  // namespace
}  // namespace helios::detection
