// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "predictions/meet_predictions.h"

#include "predictions/testing/predictions_fixture.h"

namespace helios::predictions {
namespace {

using namespace std::chrono_literals;

class MeetPredictionsTest : public PredictionsFixture {
 protected:
  MeetOutcome Meet(TenantId tenant = kAcme) {
    const auto outcome = MeetPredictions(database, *store, tenant, clock.Now(), [] { return true; });
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome.value_or(MeetOutcome{});
  }
};

TEST_F(MeetPredictionsTest, APredictionMeetsTheMeanOfItsStepOnceItsSeriesHasPassedIt) {
  Insert(kAcme, {Asked({15, 30})});
  for (int minute = 1; minute <= 14; ++minute) Append(kNoon + minute * 1min, minute);
  clock.Advance(20min);
  EXPECT_EQ(Meet().met, 0U) << "the clock has passed it, its series has not";
  EXPECT_EQ(List(kAcme)[1].state, "waiting");
  Append(kNoon + 15min, 15);
  EXPECT_EQ(Meet().met, 1U);
  const auto listed = List(kAcme);
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].state, "waiting") << "30 min ahead, the newest";
  EXPECT_EQ(listed[1].state, "met");
  EXPECT_EQ(listed[1].actual, 13) << "the mean of 11, 12, 13, 14 and 15";
  EXPECT_EQ(listed[1].value, 50);
  EXPECT_EQ(listed[1].lower, 40);
  EXPECT_EQ(listed[1].upper, 60);
  EXPECT_EQ(listed[1].level, 0.95);
  EXPECT_EQ(listed[1].origin, kNoon);
  EXPECT_EQ(listed[1].horizon_minutes, 15);
  EXPECT_EQ(listed[1].labels, R"({"host": "a"})");
  EXPECT_EQ(Meet().met, 0U) << "once";
}

TEST_F(MeetPredictionsTest, AMomentWithoutASampleIsMissedAndASilentSeriesIsWaitedForADay) {
  const tsdb::SeriesKey silent{.metric = "cpu", .labels = {{"host", "silent"}}};
  const tsdb::SeriesKey gone{.metric = "cpu", .labels = {}};
  Append(kNoon, 1, silent);
  Append(kNoon + 40min, 1);
  Insert(kAcme, {Asked({15}), Asked({15}, silent), Asked({15}, gone)});
  EXPECT_EQ(Meet().missed, 1U) << "its step is empty";
  clock.Advance(kPatience - 26min);
  EXPECT_EQ(Meet().missed, 0U);
  clock.Advance(2min);
  EXPECT_EQ(Meet().missed, 2U);
  EXPECT_EQ(List(kAcme, {.metric = {}, .state = "waiting", .first = {}, .last = {}}).size(), 0U);
  EXPECT_FALSE(List(kAcme)[0].actual);
}

TEST_F(MeetPredictionsTest, MoreThanAPageOfThemIsMetAndThoseThatWaitHoldNobodyUp) {
  const tsdb::SeriesKey silent{.metric = "cpu", .labels = {{"host", "silent"}}};
  std::vector<int> each_minute(700);
  for (int i = 0; i < 700; ++i) each_minute[static_cast<std::size_t>(i)] = i + 1;
  Insert(kAcme, {Asked(each_minute, silent), Asked(each_minute)});
  for (int minute = 1; minute <= 700; minute += 3) Append(kNoon + minute * 1min, 1);
  const MeetOutcome outcome = Meet();
  EXPECT_EQ(outcome.met, 700U);
  EXPECT_EQ(outcome.missed, 0U);
}

TEST_F(MeetPredictionsTest, NobodysPredictionsAreAnothersAndAModelThatIsGoneIsLeftOut) {
  AskedPrediction asked = Asked({15});
  asked.model = *Uuid::Parse("01900000-0000-7000-8000-0000000000aa");
  Insert(kAcme, {asked});
  Append(kNoon + 15min, 7);
  EXPECT_EQ(Meet(kGlobex).met, 0U);
  EXPECT_TRUE(List(kGlobex).empty());
  EXPECT_EQ(Meet(kAcme).met, 1U);
  EXPECT_FALSE(List(kAcme).at(0).model);
}

TEST_F(MeetPredictionsTest, AreListedByMetricStateAndTimeAPageAtATime) {
  Insert(kAcme, {Asked({15, 30, 60}), Asked({15}, {.metric = "memory", .labels = {}})});
  EXPECT_EQ(List(kAcme, {.metric = "memory", .state = {}, .first = {}, .last = {}}).size(), 1U);
  EXPECT_EQ(List(kAcme, {.metric = {}, .state = "met", .first = {}, .last = {}}).size(), 0U);
  const auto between = List(kAcme, {.metric = "cpu", .state = {}, .first = kNoon + 30min, .last = kNoon + 59min});
  ASSERT_EQ(between.size(), 1U);
  EXPECT_EQ(between[0].horizon_minutes, 30);
  EXPECT_EQ(List(kAcme, {}, {.limit = 2, .offset = 0}).size(), 3U) << "one more, which says that there is a next page";
  EXPECT_EQ(List(kAcme, {}, {.limit = 2, .offset = 3}).size(), 1U);
}

TEST_F(MeetPredictionsTest, OldOnesAreForgotten) {
  Insert(kAcme, {Asked({15, 30})});
  Insert(kGlobex, {Asked({15})});
  EXPECT_EQ(ForgetPredictions(database, kAcme, kNoon + 30min), 1U);
  ASSERT_EQ(List(kAcme).size(), 1U);
  EXPECT_EQ(List(kAcme)[0].horizon_minutes, 30);
  EXPECT_EQ(List(kGlobex).size(), 1U);
}

}  // namespace
}  // namespace helios::predictions
