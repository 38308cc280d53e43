// SPDX-License-Identifier: Apache-2.0
// The parts of the detector, each against values by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ml/internal/detection/daily_profile.h"
#include "ml/internal/detection/day_clock.h"
#include "ml/internal/detection/event_alarm.h"
#include "ml/internal/detection/natural_log.h"
#include "ml/internal/detection/point_score.h"
#include "ml/internal/detection/rarity_bank.h"

namespace helios::ml {
namespace {

TEST(NaturalLog, AgreesWithTheLibraryWithin1em11) {
  for (double x = 1e-43; x < 1e40; x *= 1.37) {
    EXPECT_NEAR(NaturalLog(x), std::log(x), 1e-11 * std::max(1.0, std::abs(std::log(x)))) << x;
  }
  EXPECT_EQ(NaturalLog(1.0), 0.0);
}

TEST(DayClock, TellsSlotsPhasesAndMidnights) {
  DayClock clock;
  auto tick = clock.Advance(0, 300'000.0F);
  EXPECT_EQ(tick.slot, 0);
  EXPECT_EQ(tick.left, -1);
  EXPECT_EQ(tick.phase, -0.5F);
  EXPECT_EQ(tick.per_slot, 6.0F);
  tick = clock.Advance(300'000, 300'000.0F);
  EXPECT_EQ(tick.visited, 1.0F);
  tick = clock.Advance(2 * kSlotMs + kSlotMs / 2, 300'000.0F);
  EXPECT_EQ(tick.slot, 2);
  EXPECT_EQ(tick.left, 0);
  EXPECT_EQ(tick.phase, 0.0F);
  EXPECT_TRUE(clock.Seen(0));
  EXPECT_FALSE(clock.Seen(2));
  tick = clock.Advance(3 * kDayMs, 300'000.0F);
  EXPECT_EQ(tick.days, 3);
  EXPECT_EQ(tick.visited, 6.0F);  // the visit of the first day counts as a whole one
}

TEST(DayClock, PlacesTimesBefore1970) {
  DayClock clock;
  EXPECT_EQ(clock.Advance(-1, 60'000.0F).slot, 47);
  EXPECT_EQ(clock.Advance(0, 60'000.0F).days, 1);
}

TEST(Cadence, LearnsTheStepAndCountsWhatIsMissing) {
  Cadence cadence;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(cadence.Take(60'000 + i % 3), 0U);
  EXPECT_NEAR(cadence.step_ms(), 60'001.0F, 2.0F);
  EXPECT_EQ(cadence.Take(5 * 60'000), 4U);
  EXPECT_EQ(cadence.Take(60'000), 0U);
}

TEST(Cadence, TakesANewStepAfterEightOfThem) {
  Cadence cadence;
  for (int i = 0; i < 20; ++i) cadence.Take(60'000);
  for (int i = 0; i < 8; ++i) cadence.Take(600'000);
  EXPECT_EQ(cadence.step_ms(), 600'000.0F);
  EXPECT_FALSE(cadence.known());
}

TEST(DailyProfile, KeepsLevelsWithinAThousandthOfTheLargest) {
  DailyProfile profile;
  DayClock clock;
  for (int day = 0; day < 3; ++day) {
    for (int slot = 0; slot < kSlotsPerDay; ++slot) {
      profile.Advance(clock.Advance(day * kDayMs + slot * kSlotMs, 1'800'000.0F));
      if (day > 0) EXPECT_NEAR(profile.current(), 100.0F * static_cast<float>(slot), 5.0F) << slot;
      profile.set_current(100.0F * static_cast<float>(slot));
    }
  }
}

TEST(DailyProfile, FindsAFinerUnitOnceALargeLevelIsGone) {
  DailyProfile profile;
  DayClock clock;
  float level = 1e9F;
  for (int day = 0; day < 6; ++day) {
    for (int slot = 0; slot < kSlotsPerDay; ++slot) {
      profile.Advance(clock.Advance(day * kDayMs + slot * kSlotMs, 1'800'000.0F));
      profile.set_current(level + static_cast<float>(slot));
      level = 0.0F;
    }
  }
  EXPECT_NEAR(profile.At(40), 40.0F, 0.1F);
}

std::array<float, kRarityChannels> All(float value) {
  std::array<float, kRarityChannels> values{};
  values.fill(value);
  return values;
}

TEST(RarityBank, CountsNothingBeforeThirtyValues) {
  RarityBank bank;
  for (int i = 0; i < 30; ++i) EXPECT_EQ(bank.Take(All(static_cast<float>(i)), {})[0], 1.0);
  EXPECT_TRUE(bank.ready());
}

TEST(RarityBank, ReadsTheShareOfABinAndHalfItsNeighbours) {
  // 0..29: a range of 29, widened to 58 and cut into 64 bins of 0.90625 from -14.5. The value 10 falls into
  // bin 27, as does nothing else; 9 into bin 25 and 11 into bin 28.
  RarityBank bank;
  for (int i = 0; i < 30; ++i) bank.Take(All(static_cast<float>(i)), {});
  const double one = 4.0;
  EXPECT_FLOAT_EQ(static_cast<float>(bank.Take(All(10.0F), {})[0]),
                  static_cast<float>((one + 0.5 * one + 4.0 * 0.3) / (2.0 * 30.0 * one + one)));
}

TEST(RarityBank, ReadsTheShareFartherOutOnTheValuesOwnSide) {
  RarityBank bank;
  for (int i = 0; i < 30; ++i) bank.Take(All(static_cast<float>(i)), {});
  const double prior = 4.0 * 0.3;
  // 27 shares its bin of 0.90625 with nothing; 28 and 29 lie farther out.
  EXPECT_NEAR(bank.TailOf(0, 27.0F, {}), (4.0 * 2.5 + prior) / 124.0, 1e-6);
  EXPECT_NEAR(bank.TailOf(0, 2.0F, {}), (4.0 * 2.5 + prior) / 124.0, 1e-6);
  EXPECT_NEAR(bank.TailOf(0, 1e9F, {}), prior / 124.0, 1e-6);
}

TEST(RarityBank, FindsAValueRarerTheFartherItLiesFromAllSeen) {
  RarityBank near;
  RarityBank far;
  for (int i = 0; i < 300; ++i) {
    near.Take(All(static_cast<float>(i % 30)), {});
    far.Take(All(static_cast<float>(i % 30)), {});
  }
  EXPECT_LT(far.Take(All(43.0F), {})[0], near.Take(All(33.0F), {})[0]);
}

TEST(RarityBank, IsNotBlindedByOneAbsurdValue) {
  RarityBank bank;
  for (int i = 0; i < 300; ++i) bank.Take(All(static_cast<float>(i % 30)), {});
  bank.Take(All(1e20F), {});
  // Widened fourfold at most: what was usual still looks usual, and what was not does not.
  EXPECT_GT(bank.Take(All(15.0F), {})[0], 10.0 * bank.Take(All(100.0F), {})[0]);
}

TEST(RarityBank, ForgetsHalfWhenItHasSeenEnough) {
  RarityBank bank;
  RarityParameters parameters;
  parameters.forget_at = 100;
  for (int i = 0; i < 1'000; ++i) bank.Take(All(static_cast<float>(i % 10)), parameters);
  for (int i = 0; i < 400; ++i) bank.Take(All(5.0F), parameters);
  EXPECT_GT(bank.Take(All(5.0F), parameters)[0], 0.4);
  EXPECT_TRUE(bank.Valid());
}

AlarmVerdict Alarm(EventAlarm& alarm, double strength, int slot = 0) {
  return alarm.Take(strength, 0.0, true, {.slot = slot}, 300'000.0F, {});
}

TEST(EventAlarm, ScoresHalfAtTheThresholdAndRestsAfterwards) {
  const AlarmParameters parameters;
  EventAlarm alarm;
  EXPECT_LT(Alarm(alarm, parameters.threshold - 0.01).score, 0.5);
  EXPECT_NEAR(Alarm(alarm, parameters.threshold + 1.0).score, 1.0 - 0.5 * std::exp(-1.0), 1e-9);
  for (int i = 0; i < parameters.rest; ++i) ASSERT_LT(Alarm(alarm, 9.0).score, 0.5) << i;
  EXPECT_GE(Alarm(alarm, 9.0).score, 0.5);
}

TEST(EventAlarm, GrowsDearerWithEachAlarmAndForgets) {
  AlarmParameters parameters;
  parameters.rest = 0;
  parameters.routine = 0.0F;
  EventAlarm alarm;
  const auto take = [&](double strength) { return alarm.Take(strength, 0.0, true, {}, 300'000.0F, parameters); };
  EXPECT_GE(take(parameters.threshold + 0.1).score, 0.5);
  EXPECT_LT(take(parameters.threshold + 0.1).score, 0.5);
  for (int i = 0; i < 20'000; ++i) take(0.0);
  EXPECT_GE(take(parameters.threshold + 0.1).score, 0.5);
}

TEST(EventAlarm, IsTolerantAtTheTimeOfDayOfARoutineJob) {
  AlarmParameters parameters;
  parameters.rest = 0;
  parameters.fatigue = 0.0F;
  parameters.fatigue_excess = 0.0F;
  EventAlarm alarm;
  const auto take = [&](int slot) {
    return alarm.Take(parameters.threshold + 0.3, 0.0, true, {.slot = slot}, 300'000.0F, parameters).score;
  };
  EXPECT_GE(take(4), 0.5);
  EXPECT_LT(take(4), 0.5);
  EXPECT_LT(take(5), 0.5);   // a job may start a little later
  EXPECT_GE(take(20), 0.5);  // but not at another time of the day
}

TEST(PointScore, NeedsBothExplanationsToFail) {
  PointScore score;
  DayClock clock;
  const PointParameters parameters;
  PointReading reading;
  std::uint32_t n = 0;
  const auto take = [&](double value) {
    const std::int64_t time = n * 300'000LL;
    const auto tick = clock.Advance(time, 300'000.0F);
    ++n;
    return score.Take(value, n, time >= 2 * kDayMs, /*rarity=*/{1e-6, 1e-6}, 1.0, tick, clock, 300'000.0F, parameters);
  };
  for (int i = 0; i < 4 * 288; ++i) reading = take(100.0 + (i % 5) - 2.0);
  EXPECT_LT(reading.excess, 1.0);
  reading = take(200.0);
  EXPECT_GT(reading.excess, 1.0);
  EXPECT_NEAR(reading.expected, 100.0, 1.0);
  EXPECT_LT(reading.upper, 200.0);
  // An incident silences its own tail: the recent spread has grown.
  for (int i = 0; i < 40; ++i) reading = take(200.0);
  EXPECT_LT(reading.excess, 1.0);
}

TEST(PointScore, AsksForMoreAtAFinerStep) {
  // The same alternation of calm and small jumps; a sample far out, and rare to a degree that an hourly
  // series alarms for while a series of minutes does not.
  const auto excess_at = [](std::int64_t step_ms) {
    PointScore score;
    DayClock clock;
    const PointParameters parameters;
    const auto step = static_cast<float>(step_ms);
    double excess = 0.0;
    for (std::uint32_t n = 1; n <= 2'000; ++n) {
      const auto tick = clock.Advance(n * step_ms, step);
      const double value = n == 2'000 ? 200.0 : 100.0 + (n % 5);
      excess = score.Take(value, n, true, {.tail = 0.02, .extreme = 1e-6}, 1.0, tick, clock, step, parameters).excess;
    }
    return excess;
  };
  EXPECT_GT(excess_at(3'600'000), 1.0);
  EXPECT_LT(excess_at(60'000), 1.0);
}

}  // namespace
}  // namespace helios::ml
