// SPDX-License-Identifier: Apache-2.0
#include "ml/local_clock.h"

#include <gtest/gtest.h>

namespace helios::ml {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Berlin in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
constexpr TimestampMs kSpring = FromUnixMs(1'774'746'000'000);
constexpr TimestampMs kAutumn = FromUnixMs(1'792'890'000'000);

LocalClock Berlin() {
  return LocalClock::Make({{FromUnixMs(1'761'440'400'000), hours{1}}, {kSpring, hours{2}}, {kAutumn, hours{1}}})
      .value();
}

TEST(LocalClock, IsUtcByDefault) {
  EXPECT_EQ(LocalClock().OffsetAt(kSpring), seconds{0});
  EXPECT_EQ(LocalClock().ToLocal(kSpring), kSpring);
  EXPECT_FALSE(LocalClock().ChangesWithin(TimestampMs::min(), TimestampMs::max()));
}

TEST(LocalClock, ShowsSummerTimeFromTheMomentItBegins) {
  const LocalClock clock = Berlin();
  EXPECT_EQ(clock.OffsetAt(kSpring - seconds{1}), hours{1});
  EXPECT_EQ(clock.OffsetAt(kSpring), hours{2});
  EXPECT_EQ(clock.OffsetAt(kAutumn), hours{1});
  EXPECT_EQ(clock.OffsetAt(FromUnixMs(0)), hours{1}) << "before the first change its offset holds";
}

TEST(LocalClock, SkipsAnHourInSpringAndRepeatsOneInAutumn) {
  const LocalClock clock = Berlin();
  EXPECT_EQ(clock.ToLocal(kSpring) - clock.ToLocal(kSpring - minutes{1}), minutes{61});
  EXPECT_EQ(clock.ToLocal(kAutumn) - clock.ToLocal(kAutumn - minutes{1}), -minutes{59});
}

TEST(LocalClock, TurnsTimesOfTheClockBackIntoUtc) {
  const LocalClock clock = Berlin();
  for (const auto change : {kSpring, kAutumn}) {
    for (const auto apart : {-minutes{300}, -minutes{61}, minutes{0}, minutes{30}, minutes{60}, minutes{300}}) {
      EXPECT_EQ(clock.ToUtc(clock.ToLocal(change + apart)), change + apart) << apart.count();
    }
  }
  EXPECT_EQ(clock.ToUtc(clock.ToLocal(kAutumn - minutes{30})), kAutumn + minutes{30})
      << "the second time it shows 02:30";
}

TEST(LocalClock, KnowsWhetherItChanges) {
  const LocalClock clock = Berlin();
  EXPECT_TRUE(clock.ChangesWithin(kSpring - hours{1}, kSpring));
  EXPECT_FALSE(clock.ChangesWithin(kSpring, kAutumn - seconds{1}));
  EXPECT_FALSE(clock.ChangesWithin(TimestampMs::min(), kSpring - seconds{1})) << "the first entry changes nothing";
}

TEST(LocalClock, RefusesWhatIsNoClock) {
  const auto unordered = LocalClock::Make({{kAutumn, hours{1}}, {kSpring, hours{2}}});
  ASSERT_FALSE(unordered);
  EXPECT_EQ(unordered.error().reason, "ml.bad_clock");
  EXPECT_FALSE(LocalClock::Make({{kSpring, hours{27}}}));
  EXPECT_TRUE(LocalClock::Make({{kSpring, -hours{12}}}));
}

TEST(LocalClock, KeepsADailyHabitAtItsHour) {
  const LocalClock clock = Berlin();
  // Eight in the morning on the Saturday before the change and on the Monday after it.
  const TimestampMs saturday = FromUnixMs(1'774'681'200'000);
  const TimestampMs monday = saturday + hours{47};
  const auto local = ToLocalTimes(std::vector<Sample>{{saturday, 1}, {monday, 1}}, clock);
  EXPECT_EQ(local[1].time - local[0].time, hours{48});
}

}  // namespace
}  // namespace helios::ml
