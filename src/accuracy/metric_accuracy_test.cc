// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/metric_accuracy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace helios::accuracy {
namespace {

using ::testing::HasSubstr;

constexpr TimestampMs kStart = FromUnixMs(1'767'398'400'000);  // 2026-01-03T00:00:00Z

/// A day and a half of forecasts, each off by `error` where the seasonal naive's are off by 1.
SeriesLedger Erring(double error) {
  SeriesLedger series;
  for (int i = 0; i < 432; ++i) {
    series.horizons()[2].scores.Add(kStart + i * std::chrono::minutes{5}, error, 1.0, true);
  }
  return series;
}

TEST(MetricAccuracy, FindsNoReasonInGoodForecastsOrFewOnes) {
  MetricAccuracy good;
  good.Take(Erring(0.5), {});
  good.Take(SeriesLedger{}, {});
  EXPECT_FALSE(good.WorthTraining());
  EXPECT_FALSE(MetricAccuracy{}.WorthTraining());
}

TEST(MetricAccuracy, FindsOneWhereTheMedianSeriesLoses) {
  MetricAccuracy metric;
  metric.Take(Erring(0.5), {});
  for (int i = 0; i < 2; ++i) metric.Take(Erring(1.5), {});
  const auto reason = metric.WorthTraining();
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->kind, "poor_accuracy");
  EXPECT_THAT(reason->detail, HasSubstr("60 min ahead the median of 3 series erred 1.5 times"));
}

TEST(MetricAccuracy, FindsOneWhereOneInAHundredIsWithdrawnInThisRound) {
  SeriesLedger withdrawn;
  withdrawn.horizons()[0].withdrawn_since = kStart;
  const auto judge = [&](int others, const WithdrawnHorizons& before) {
    MetricAccuracy metric;
    metric.Take(withdrawn, before);
    for (int i = 0; i < others; ++i) metric.Take(SeriesLedger{}, {});
    return metric.WorthTraining();
  };
  ASSERT_TRUE(judge(99, {}));
  EXPECT_EQ(judge(99, {})->kind, "withdrawn");
  EXPECT_FALSE(judge(100, {}));
  EXPECT_FALSE(judge(0, WithdrawnOf(withdrawn))) << "it was before the round";
}

}  // namespace
}  // namespace helios::accuracy
