// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/rollup_means.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kHour = FromUnixMs(1'767'441'600'000);  // a whole one
const TenantId kAcme = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();

class RollupMeansTest : public testing::Test {
 protected:
  RollupMeansTest() : store_(OpenEmbeddedStore({.directory = directory_.path() / "store"}, clock_, metrics_).value()) {}

  /// A sample each `interval` from `first` on; its value is its number.
  RollupMeans Means(TimestampMs first, std::chrono::milliseconds interval, int count,
                    std::optional<BucketShift> shift = std::nullopt) {
    KeyedBatch batch(SeriesKey{"cpu", {}});
    for (int i = 0; i < count; ++i) batch.AddSample(0, first + i * interval, i);
    EXPECT_TRUE(AppendAndWait(*store_, kAcme, {}, batch).has_value());
    const auto info = store_->FindSeries(kAcme, {"cpu", {}}, 1).value().front();
    return ReadRollupMeans(*store_, kAcme, info, {kHour - 24h, info.last_seen}, shift).value();
  }

  ManualClock clock_{kHour + 3h};
  obs::Metrics metrics_;
  ScratchDirectory directory_;
  std::unique_ptr<EmbeddedStore> store_;
};

TEST_F(RollupMeansTest, OfASeriesOfFiveMinutesLieOnItsOwnGrid) {
  const RollupMeans means = Means(kHour + 4min, 5min, 12);
  ASSERT_EQ(means.values.size(), 12U);
  EXPECT_EQ(means.times.front(), kHour + 4min - 25s);
  EXPECT_EQ(means.times.back(), kHour + 59min - 25s);
  EXPECT_EQ(means.values.back(), 11);
}

TEST_F(RollupMeansTest, OfSamplesAtTheBeginningOfABucketStayInIt) {
  EXPECT_EQ(Means(kHour, 5min, 12).times.front(), kHour);
}

TEST_F(RollupMeansTest, OfAFinerSeriesLieWhereItsLastSampleIs) {
  const RollupMeans means = Means(kHour + 7s, 15s, 240);
  ASSERT_EQ(means.times.size(), 12U);
  EXPECT_EQ(means.times.front(), kHour + 5min - 15s + 7s - 1500ms);
  EXPECT_EQ(means.values.front(), 9.5);  // of 0 to 19
}

TEST_F(RollupMeansTest, LeaveOutTheBucketThatIsStillFilling) {
  EXPECT_EQ(Means(kHour + 7s, 15s, 230).times.size(), 11U);
}

TEST_F(RollupMeansTest, OfAnIntervalThatDoesNotDivideABucketLieAtTheEndOfItsUsualOne) {
  const RollupMeans means = Means(kHour + 1s, 42s, 80);
  EXPECT_EQ(means.times.front(), kHour + 5min - 300'000ms / 7) << "7 samples are in the most of them";
}

TEST_F(RollupMeansTest, OfAnEarlierReadsShiftLieOnItsGrid) {
  const RollupMeans means = Means(kHour + 4min, 5min, 12, 30s);
  EXPECT_EQ(means.times.front(), kHour + 30s);
  EXPECT_EQ(ShiftOf(means.times.front()), 30s);
}

}  // namespace
}  // namespace helios::tsdb
