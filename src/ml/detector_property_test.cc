// SPDX-License-Identifier: Apache-2.0
// Whatever comes in, scores stay within [0, 1] and bounds finite and in order.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

#include "ml/anomaly_spans.h"
#include "ml/detector.h"

namespace helios::ml {
namespace {

bool Sane(const Detection& detection) {
  if (!detection.scored) return detection.score == 0.0 && detection.kinds == 0;
  return detection.score >= 0.0 && detection.score <= 1.0 && detection.event_score >= 0.0 &&
         detection.event_score <= 1.0 && detection.point_score >= 0.0 && detection.point_score <= 1.0 &&
         std::isfinite(detection.expected) && std::isfinite(detection.lower) && std::isfinite(detection.upper) &&
         detection.lower <= detection.expected && detection.expected <= detection.upper;
}

void CheckSane(const std::vector<Sample>& samples) {
  const Detector detector;
  DetectorState state;
  std::vector<Detection> detections;
  for (const auto& sample : samples) {
    detections.push_back(detector.Score(state, sample));
    RC_ASSERT(Sane(detections.back()));
  }
  RC_ASSERT(static_cast<bool>(DetectorState::Restore(state.Save())));
  for (const auto& anomaly : MergeAnomalies(samples, detections)) {
    RC_ASSERT(anomaly.start <= anomaly.worst && anomaly.worst <= anomaly.end);
    RC_ASSERT(anomaly.score >= kAnomalyScore);
  }
}

rc::Gen<double> AnyValue() {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return rc::gen::weightedOneOf<double>(
      {{6, rc::gen::map(rc::gen::inRange(-1'000'000, 1'000'000), [](int i) { return i / 1'000.0; })},
       {3, rc::gen::map(rc::gen::inRange(0, 3), [](int i) { return static_cast<double>(i); })},
       {1,
        rc::gen::element(1e308, -1e308, std::numeric_limits<double>::max(), -std::numeric_limits<double>::max(), 5e-324,
                         1e-300, 0.0, -0.0, kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN())}});
}

rc::Gen<std::int64_t> AnyStep() {
  return rc::gen::element<std::int64_t>(0, 1, 9'997, 10'000, 10'000, 60'000, 300'000, -60'000, 3'600'000, 86'400'000,
                                        7 * 86'400'000LL, 36'525 * 86'400'000LL);
}

TEST(DetectorProperties, AnyHistoryGivesSaneScores) {
  EXPECT_TRUE(rc::check("irregular times, broken values", [] {
    auto time = FromUnixMs(1'700'000'000'000);
    std::vector<Sample> samples;
    for (const double value : *rc::gen::container<std::vector<double>>(AnyValue())) {
      samples.push_back({time, value});
      time += std::chrono::milliseconds{*AnyStep()};
    }
    CheckSane(samples);
  }));
}

TEST(DetectorProperties, AnyLongRegularHistoryGivesSaneScores) {
  EXPECT_TRUE(rc::check("steps of a second to a day, two thousand samples of a repeated block", [] {
    const auto step = *rc::gen::element<std::int64_t>(1'000, 10'000, 60'000, 300'000, 3'600'000, 86'400'000);
    const auto block = *rc::gen::resize(40, rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(AnyValue())));
    std::vector<Sample> samples;
    samples.reserve(2'000);
    for (int i = 0; i < 2'000; ++i) {
      samples.push_back({FromUnixMs(1'700'000'000'000 + i * step), block[static_cast<std::size_t>(i) % block.size()]});
    }
    CheckSane(samples);
  }));
}

TEST(DetectorProperties, StaySaneOverAlternatingExtremesAndTimesAtTheEdge) {
  const Detector detector;
  DetectorState state;
  for (int i = 0; i < 5'000; ++i) {
    const auto detection =
        detector.Score(state, {FromUnixMs(i * 300'000LL),
                               i % 2 == 0 ? std::numeric_limits<double>::max() : -std::numeric_limits<double>::max()});
    ASSERT_TRUE(Sane(detection)) << i;
  }
  for (const std::int64_t time : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_FALSE(detector.Score(state, {FromUnixMs(time), 1.0}).scored);
  }
}

TEST(DetectorProperties, AConstantSeriesIsNeverAnomalous) {
  for (const double value : {0.0, 1.0, -7.5, 1e-300, 1e308}) {
    const Detector detector;
    DetectorState state;
    for (int i = 0; i < 3'000; ++i) {
      const auto detection = detector.Score(state, {FromUnixMs(i * 300'000LL), value});
      ASSERT_FALSE(detection.anomalous()) << value << " " << i;
      ASSERT_TRUE(Sane(detection));
    }
  }
}

}  // namespace
}  // namespace helios::ml
