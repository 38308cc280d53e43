// SPDX-License-Identifier: Apache-2.0
#include "ml/detector.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

#include "base/crc32c.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t kDay = 288;  // samples of five minutes

/// Two weeks of five-minute samples with a daily wave and noise.
std::vector<Sample> TwoWeeks(std::uint64_t seed = 1) {
  return SyntheticSeries{.daily_amplitude = 20.0, .noise = 3.0, .seed = seed}.Make();
}

std::vector<Detection> ScoreAll(const std::vector<Sample>& samples, const Detector& detector = {}) {
  DetectorState state;
  std::vector<Detection> detections;
  detections.reserve(samples.size());
  for (const auto& sample : samples) detections.push_back(detector.Score(state, sample));
  return detections;
}

std::size_t CountKind(const std::vector<Detection>& detections, AnomalyKind kind, std::size_t from = 0,
                      std::size_t to = SIZE_MAX) {
  std::size_t count = 0;
  for (std::size_t i = from; i < std::min(to, detections.size()); ++i) count += detections[i].Has(kind) ? 1U : 0U;
  return count;
}

bool SameBits(const Detection& a, const Detection& b) {
  const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  return a.scored == b.scored && bits(a.score) == bits(b.score) && bits(a.expected) == bits(b.expected) &&
         bits(a.lower) == bits(b.lower) && bits(a.upper) == bits(b.upper) && a.kinds == b.kinds &&
         a.abnormal == b.abnormal && a.missing == b.missing;
}

TEST(Detector, KeepsOneSeriesInUnder1536Bytes) {
  EXPECT_LE(sizeof(DetectorState), 1'536U);
  EXPECT_LE(DetectorState::kSavedBytes, 1'536U);
}

TEST(Detector, FindsASpikeThatTheSeriesNeverHad) {
  auto samples = TwoWeeks();
  const std::size_t at = 10 * kDay + 100;
  samples[at].value += 80.0;
  const auto detections = ScoreAll(samples);
  EXPECT_TRUE(detections[at].anomalous());
  EXPECT_TRUE(detections[at].Has(AnomalyKind::kPoint));
  EXPECT_GE(detections[at].severity, Severity::kMedium);
  EXPECT_GT(samples[at].value, detections[at].upper);
}

TEST(Detector, FindsAnOutageAsAnEvent) {
  auto samples = TwoWeeks();
  const std::size_t at = 10 * kDay + 100;
  for (std::size_t i = at; i < at + 24; ++i) samples[i].value = 5.0;
  const auto detections = ScoreAll(samples);
  EXPECT_GE(CountKind(detections, AnomalyKind::kEvent, at, at + 24), 1U);
  EXPECT_TRUE(detections[at + 12].abnormal);
}

TEST(Detector, IsMostlyQuietOnOrdinaryDays) {
  std::size_t events = 0;
  std::size_t points = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto detections = ScoreAll(TwoWeeks(seed));
    events += CountKind(detections, AnomalyKind::kEvent);
    points += CountKind(detections, AnomalyKind::kPoint);
  }
  // 140 days in all: at most one in five has an event, and one in five a point.
  EXPECT_LE(events, 28U);
  EXPECT_LE(points, 28U);
}

TEST(Detector, LearnsANightlyJobWithinAWeek) {
  auto samples = TwoWeeks();
  for (std::size_t day = 0; day < 14; ++day) {
    for (std::size_t i = 24; i < 30; ++i) samples[day * kDay + i].value += 90.0;  // 02:00 to 02:30
  }
  const auto detections = ScoreAll(samples);
  EXPECT_EQ(CountKind(detections, AnomalyKind::kEvent, 7 * kDay), 0U);
}

TEST(Detector, ExpectsWhatTheTimeOfDayUsuallyBrings) {
  const auto samples = SyntheticSeries{.daily_amplitude = 50.0, .noise = 1.0}.Make();
  const auto detections = ScoreAll(samples);
  double error = 0.0;
  for (std::size_t i = 10 * kDay; i < samples.size(); ++i) error += std::abs(detections[i].expected - samples[i].value);
  // A wave of amplitude 50 has a mean absolute value of 32; what is left is noise and the lag of half-hours.
  EXPECT_LT(error / static_cast<double>(samples.size() - 10 * kDay), 5.0);
}

TEST(Detector, TellsALevelShiftOnceAndThenGetsUsedToIt) {
  auto samples = SyntheticSeries{.samples = 8'064, .noise = 2.0}.Make();
  for (std::size_t i = 3'000; i < samples.size(); ++i) samples[i].value += 60.0;
  const auto detections = ScoreAll(samples);
  EXPECT_EQ(CountKind(detections, AnomalyKind::kLevelShift, 0, 3'000), 0U);
  EXPECT_EQ(CountKind(detections, AnomalyKind::kLevelShift, 3'000, 3'200), 1U);
  EXPECT_EQ(CountKind(detections, AnomalyKind::kLevelShift, 3'200), 0U);
  EXPECT_LE(CountKind(detections, AnomalyKind::kEvent, 3'600), 3U);
}

TEST(Detector, TellsAVarianceShift) {
  auto samples = SyntheticSeries{.noise = 1.0}.Make();
  for (std::size_t i = 3'000; i < samples.size(); ++i) samples[i].value = 100.0 + 8.0 * (samples[i].value - 100.0);
  const auto detections = ScoreAll(samples);
  EXPECT_EQ(CountKind(detections, AnomalyKind::kVarianceShift, 100, 3'000), 0U);
  EXPECT_EQ(CountKind(detections, AnomalyKind::kVarianceShift, 3'000, 3'200), 1U);
}

TEST(Detector, TellsAFlatLineOnceARun) {
  auto samples = SyntheticSeries{.noise = 2.0}.Make();
  for (std::size_t i = 2'000; i < 2'200; ++i) samples[i].value = 100.0;
  const auto detections = ScoreAll(samples);
  EXPECT_EQ(CountKind(detections, AnomalyKind::kFlatLine), 1U);
  EXPECT_TRUE(detections[2'024].Has(AnomalyKind::kFlatLine));  // the 25th of the run
}

TEST(Detector, IsNotSurprisedByTheZerosOfASparseSeries) {
  std::vector<Sample> samples;
  samples.reserve(3'000);
  for (int i = 0; i < 3'000; ++i) samples.push_back({FromUnixMs(i * 300'000LL), i % 200 == 199 ? 1.0 : 0.0});
  EXPECT_EQ(CountKind(ScoreAll(samples), AnomalyKind::kFlatLine, 400), 0U);
}

TEST(Detector, CountsMissingSamplesByTheSeriesOwnSchedule) {
  auto samples = TwoWeeks();
  samples.erase(samples.begin() + 500, samples.begin() + 512);
  const auto detections = ScoreAll(samples);
  EXPECT_EQ(CountKind(detections, AnomalyKind::kMissingData), 1U);
  EXPECT_TRUE(detections[500].Has(AnomalyKind::kMissingData));
  EXPECT_EQ(detections[500].missing, 12U);
}

TEST(Detector, SaysWhenASeriesIsOverdue) {
  const Detector detector;
  DetectorState state;
  const auto samples = TwoWeeks();
  EXPECT_FALSE(detector.Overdue(state, samples[20].time));
  for (std::size_t i = 0; i < 20; ++i) detector.Score(state, samples[i]);
  EXPECT_FALSE(detector.Overdue(state, state.newest() + minutes{14}));
  EXPECT_TRUE(detector.Overdue(state, state.newest() + minutes{16}));
}

TEST(Detector, FollowsAChangeOfStep) {
  const Detector detector;
  DetectorState state;
  auto time = FromUnixMs(0);
  for (int i = 0; i < 50; ++i) detector.Score(state, {time += minutes{5}, 1.0 * i});
  for (int i = 0; i < 50; ++i) detector.Score(state, {time += hours{1}, 1.0 * i});
  EXPECT_FALSE(detector.Overdue(state, time + hours{2}));
}

TEST(Detector, PassesOverGapsDuplicatesAndLateSamples) {
  const Detector detector;
  DetectorState state;
  const auto samples = TwoWeeks();
  for (std::size_t i = 0; i < 100; ++i) detector.Score(state, samples[i]);
  const auto before = state.Save();
  EXPECT_FALSE(detector.Score(state, {samples[100].time, std::nan("")}).scored);
  EXPECT_FALSE(detector.Score(state, {samples[99].time, 5.0}).scored);
  EXPECT_FALSE(detector.Score(state, {samples[50].time, 5.0}).scored);
  EXPECT_EQ(state.Save(), before);
  EXPECT_EQ(state.samples(), 100U);
}

TEST(Detector, ScoresEachSampleFromThePastAlone) {
  const auto samples = TwoWeeks();
  const auto all = ScoreAll(samples);
  const auto half = ScoreAll({samples.begin(), samples.begin() + 2'000});
  for (std::size_t i = 0; i < half.size(); ++i) ASSERT_TRUE(SameBits(all[i], half[i])) << i;
}

TEST(Detector, IsTheSameForASeriesInAnotherUnit) {
  auto samples = TwoWeeks();
  samples[3'000].value += 60.0;
  const auto once = ScoreAll(samples);
  for (auto& sample : samples) sample.value *= 1'048'576.0;  // a power of two, so that no bit is lost
  const auto scaled = ScoreAll(samples);
  for (std::size_t i = 0; i < once.size(); ++i) ASSERT_EQ(once[i].score, scaled[i].score) << i;
}

TEST(Detector, AlarmsMoreAtAHigherSensitivity) {
  std::size_t before = 0;
  for (const double sensitivity : {0.0, 2.5, 5.0}) {
    const auto detector = Detector::Make({}, sensitivity);
    ASSERT_TRUE(detector);
    std::size_t anomalous = 0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      for (const auto& detection : ScoreAll(TwoWeeks(seed), *detector)) anomalous += detection.anomalous() ? 1U : 0U;
    }
    EXPECT_GE(anomalous, before) << sensitivity;
    before = anomalous;
  }
  EXPECT_GT(before, 0U);
}

TEST(Detector, RefusesParametersThatMeanNothing) {
  EXPECT_EQ(Detector::Make({}, -0.1).error().reason, "ml.bad_sensitivity");
  EXPECT_EQ(Detector::Make({}, std::nan("")).error().reason, "ml.bad_sensitivity");
  DetectorParameters parameters;
  parameters.alarm.fatigue_samples = 0.0F;
  EXPECT_EQ(Detector::Make(parameters).error().reason, "ml.bad_parameters");
}

TEST(DetectorState, GoesOnAsIfNothingHadHappenedOnceRestored) {
  auto samples = TwoWeeks();
  for (std::size_t i = 2'500; i < 2'520; ++i) samples[i].value = 0.0;
  const Detector detector;
  for (const std::size_t cut : {0U, 1U, 17U, 29U, 30U, 31U, 200U, 1'000U, 2'505U, 3'999U}) {
    DetectorState state;
    for (std::size_t i = 0; i < cut; ++i) detector.Score(state, samples[i]);
    auto restored = DetectorState::Restore(state.Save());
    ASSERT_TRUE(restored) << cut;
    for (std::size_t i = cut; i < samples.size(); ++i) {
      const auto a = detector.Score(state, samples[i]);
      const auto b = detector.Score(*restored, samples[i]);
      ASSERT_TRUE(SameBits(a, b)) << cut << " " << i;
    }
    EXPECT_EQ(state.Save(), restored->Save());
  }
}

TEST(DetectorState, RefusesBytesThatAreNoState) {
  const auto saved = DetectorState().Save();
  const auto refused = [](std::span<const std::byte> bytes) {
    const auto restored = DetectorState::Restore(bytes);
    return !restored && restored.error().reason == "ml.bad_detector_state";
  };
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused(std::span(saved).first(saved.size() - 1)));
  for (std::size_t i = 0; i < saved.size(); ++i) {
    auto damaged = saved;
    damaged[i] ^= std::byte{0x10};
    EXPECT_TRUE(refused(damaged)) << i;
  }
  const auto with_checksum = [](DetectorState::Saved bytes) {
    const auto crc = Crc32c({reinterpret_cast<const char*>(bytes.data()), bytes.size() - sizeof(std::uint32_t)});
    std::memcpy(bytes.data() + bytes.size() - sizeof(crc), &crc, sizeof(crc));
    return bytes;
  };
  auto newer = saved;
  newer[0] = std::byte{2};
  EXPECT_EQ(DetectorState::Restore(with_checksum(newer)).error().reason, "ml.newer_format");
  auto wild = saved;
  for (std::size_t i = 1; i < wild.size(); ++i) wild[i] = std::byte{0xFF};
  EXPECT_TRUE(refused(wild));
  EXPECT_TRUE(refused(with_checksum(wild)));
}

TEST(SeverityOf, GrowsWithTheScore) {
  EXPECT_EQ(SeverityOf(0.49), Severity::kNone);
  EXPECT_EQ(SeverityOf(0.5), Severity::kLow);
  EXPECT_EQ(SeverityOf(0.6), Severity::kMedium);
  EXPECT_EQ(SeverityOf(0.75), Severity::kHigh);
  EXPECT_EQ(SeverityOf(0.9), Severity::kCritical);
  EXPECT_EQ(SeverityName(Severity::kCritical), "critical");
  EXPECT_EQ(AnomalyKindName(AnomalyKind::kLevelShift), "level_shift");
}

}  // namespace
}  // namespace helios::ml
