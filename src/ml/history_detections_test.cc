// SPDX-License-Identifier: Apache-2.0
#include "ml/history_detections.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

/// Two weeks with an outage on the eleventh day.
std::vector<Sample> Outage() {
  auto samples = SyntheticSeries{.daily_amplitude = 20.0, .noise = 3.0}.Make();
  for (std::size_t i = 2'980; i < 3'010; ++i) samples[i].value = 5.0;
  return samples;
}

TEST(DetectHistory, FindsAnOutageInSamplesOfAnyOrder) {
  auto samples = Outage();
  const auto found = DetectHistory(Detector(), samples);
  ASSERT_EQ(found.detections.size(), samples.size());
  EXPECT_TRUE(std::ranges::any_of(found.anomalies, [&](const AnomalySpan& anomaly) {
    return anomaly.start >= samples[2'975].time && anomaly.start <= samples[3'010].time;
  }));

  std::ranges::reverse(samples);
  const auto again = DetectHistory(Detector(), samples);
  ASSERT_EQ(again.anomalies.size(), found.anomalies.size());
  for (std::size_t i = 0; i < found.anomalies.size(); ++i) {
    EXPECT_EQ(again.anomalies[i].start, found.anomalies[i].start);
    EXPECT_EQ(again.anomalies[i].score, found.anomalies[i].score);
  }
  EXPECT_TRUE(std::ranges::is_sorted(again.samples, {}, &Sample::time));
}

TEST(DetectHistory, OfEqualTimesScoresTheOneGivenFirst) {
  const std::vector<Sample> twice = {{FromUnixMs(0), 1.0}, {FromUnixMs(60'000), 2.0}, {FromUnixMs(60'000), 9.0}};
  const auto found = DetectHistory(Detector(), twice);
  EXPECT_EQ(found.samples[1].value, 2.0);
  EXPECT_TRUE(found.detections[1].scored);
  EXPECT_FALSE(found.detections[2].scored);
}

TEST(DetectHistory, OfNothingIsNothing) {
  const auto found = DetectHistory(Detector(), {});
  EXPECT_TRUE(found.samples.empty());
  EXPECT_TRUE(found.detections.empty());
  EXPECT_TRUE(found.anomalies.empty());
}

}  // namespace
}  // namespace helios::ml
