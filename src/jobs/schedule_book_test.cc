// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/schedule_book.h"

#include "jobs/testing/queue_fixture.h"

namespace helios::jobs {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ScheduleBookTest : public QueueTest {
 protected:
  Result<void> Put(TenantId tenant, const NewSchedule& schedule, TimestampMs now) {
    auto tx = database.Begin(tenant);
    auto put = book.Put(*tx, schedule, now);
    if (put) EXPECT_TRUE(tx->Commit());
    return put;
  }

  static NewSchedule Nightly() {
    return {.name = "nightly", .kind = "work", .payload = R"({"all": true})", .cron = "0 2 * * *"};
  }

  /// When each of the tenant's jobs was for, oldest first; and ends them.
  std::vector<std::string> TakeTicks(TenantId tenant) {
    std::vector<std::string> ticks;
    for (const auto& row :
         root.Must(fmt::format("SELECT to_char(run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM directory.jobs "
                               "WHERE org_id = '{}' AND status = 'queued' ORDER BY run_at",
                               tenant.ToString()))
             .rows) {
      ticks.push_back(row[0].value());
    }
    root.Must("UPDATE directory.jobs SET status = 'succeeded'; DELETE FROM directory.job_queue");
    return ticks;
  }

  std::size_t FireAt(TimestampMs now) {
    const auto fired = book.FireDue(now);
    EXPECT_TRUE(fired) << fired.error().message;
    return fired.value_or(999);
  }

  static TimestampMs At(std::string_view time) { return ParseRfc3339(time).value(); }

  ScheduleBook book{database, queue, random};
};

TEST_F(ScheduleBookTest, MakesAJobAtEachTickAndNoneBefore) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  EXPECT_EQ(FireAt(kNoon), 0U);
  EXPECT_EQ(FireAt(At("2026-01-04T01:59:59.999Z")), 0U);
  EXPECT_EQ(FireAt(At("2026-01-04T02:00:00Z")), 1U);
  EXPECT_EQ(root.Must("SELECT payload FROM directory.jobs").value(), R"({"all": true})");
  EXPECT_EQ(FireAt(At("2026-01-04T02:00:01Z")), 0U);
  EXPECT_THAT(TakeTicks(kAcme), ElementsAre("2026-01-04 02:00"));
  EXPECT_EQ(FireAt(At("2026-01-05T02:00:30Z")), 1U);
  EXPECT_THAT(TakeTicks(kAcme), ElementsAre("2026-01-05 02:00"));
  auto tx = database.Begin(kAcme);
  const auto schedule = ScheduleBook::Find(*tx, "nightly").value().value();
  EXPECT_EQ(schedule.last_tick_at, At("2026-01-05T02:00:00Z"));
  EXPECT_EQ(schedule.due_at, At("2026-01-06T02:00:00Z"));
}

TEST_F(ScheduleBookTest, FollowsTheClockOnItsZonesWalls) {
  NewSchedule schedule = Nightly();
  schedule.timezone = "Europe/Berlin";
  ASSERT_TRUE(Put(kAcme, schedule, At("2026-03-28T12:00:00Z")));
  // On 2026-03-29 clocks go from 02:00 to 03:00, which is 01:00 UTC: the skipped minute runs at once after the gap.
  EXPECT_EQ(FireAt(At("2026-03-29T00:59:59Z")), 0U);
  EXPECT_EQ(FireAt(At("2026-03-29T01:00:00Z")), 1U);
  TakeTicks(kAcme);
  EXPECT_EQ(FireAt(At("2026-03-30T00:00:00Z")), 1U) << "02:00 in summer";
}

TEST_F(ScheduleBookTest, ManyProcessesMakeOneJobOfATick) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  ASSERT_TRUE(Put(kGlobex, Nightly(), kNoon));
  for (int day = 4; day < 9; ++day) {
    std::atomic<std::size_t> fired = 0;
    {
      std::vector<std::jthread> processes;
      for (int i = 0; i < 6; ++i) {
        processes.emplace_back([&] { fired += FireAt(At(fmt::format("2026-01-{:02}T02:00:00Z", day))); });
      }
    }
    EXPECT_EQ(fired, 2U);
    EXPECT_THAT(TakeTicks(kAcme), ElementsAre(fmt::format("2026-01-{:02} 02:00", day)));
  }
}

TEST_F(ScheduleBookTest, TicksMissedWhileNothingRanMakeOneJob) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  EXPECT_EQ(FireAt(At("2026-01-20T09:00:00Z")), 1U);
  EXPECT_EQ(FireAt(At("2026-01-20T09:00:01Z")), 0U);
  EXPECT_THAT(TakeTicks(kAcme), ElementsAre("2026-01-04 02:00"));
  EXPECT_EQ(FireAt(At("2026-01-21T02:00:00Z")), 1U);
  EXPECT_THAT(TakeTicks(kAcme), ElementsAre("2026-01-21 02:00"));
}

TEST_F(ScheduleBookTest, AClockThatGoesBackMakesNoTickTwice) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  EXPECT_EQ(FireAt(At("2026-01-04T02:00:00Z")), 1U);
  TakeTicks(kAcme);
  for (const char* time : {"2026-01-04T01:59:00Z", "2026-01-04T02:00:00Z", "2026-01-04T23:00:00Z"}) {
    EXPECT_EQ(FireAt(At(time)), 0U) << time;
  }
}

TEST_F(ScheduleBookTest, AClockThatWentAheadAndBackMakesNoTickTwice) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  EXPECT_EQ(FireAt(At("2026-01-06T10:00:00Z")), 1U);  // two days ahead: one job, of the tick that was due
  EXPECT_THAT(TakeTicks(kAcme), ElementsAre("2026-01-04 02:00"));
  EXPECT_EQ(FireAt(At("2026-01-03T23:00:00Z")), 0U);
  EXPECT_EQ(FireAt(At("2026-01-04T02:00:00Z")), 0U) << "that tick has had its job";
  EXPECT_EQ(FireAt(At("2026-01-05T02:00:00Z")), 1U);
  EXPECT_THAT(TakeTicks(kAcme), ElementsAre("2026-01-05 02:00"));
}

TEST_F(ScheduleBookTest, AClockThatWasAYearAheadLeavesNothingWaitingForAYear) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  ASSERT_TRUE(Put(kGlobex, Nightly(), kNoon));
  EXPECT_EQ(FireAt(At("2027-01-06T10:00:00Z")), 2U);
  TakeTicks(kAcme);
  Enqueue(kAcme, {.kind = "work"}, At("2027-01-06T10:00:00Z"));  // by the clock that is ahead
  EXPECT_EQ(FireAt(At("2026-01-04T12:00:00Z")), 0U);
  EXPECT_THAT(TakeTicks(kAcme), ElementsAre("2027-01-06 10:00"));
  EXPECT_EQ(FireAt(At("2026-01-05T02:00:00Z")), 2U);
}

TEST_F(ScheduleBookTest, ARestartAfterAClockWasAheadPlansAnewToo) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  EXPECT_EQ(FireAt(At("2027-01-06T10:00:00Z")), 1U);
  TakeTicks(kAcme);
  const ScheduleBook restarted{database, queue, random};
  {
    auto tx = database.Begin(kAcme);
    ASSERT_TRUE(restarted.Put(*tx, Nightly(), At("2026-01-04T12:00:00Z")));
    ASSERT_TRUE(tx->Commit());
  }
  EXPECT_EQ(restarted.FireDue(At("2026-01-05T02:00:00Z")), 1U);
}

TEST_F(ScheduleBookTest, WhileATicksJobWaitsLaterTicksMakeNone) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  EXPECT_EQ(FireAt(At("2026-01-04T02:00:00Z")), 1U);
  EXPECT_EQ(FireAt(At("2026-01-05T02:00:00Z")), 0U);
  EXPECT_THAT(TakeTicks(kAcme), ElementsAre("2026-01-04 02:00"));
  EXPECT_EQ(FireAt(At("2026-01-06T02:00:00Z")), 1U);
}

TEST_F(ScheduleBookTest, PutAgainItKeepsItsPlaceUnlessItsTimesChange) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  NewSchedule changed = Nightly();
  changed.payload = R"({"all": false})";
  ASSERT_TRUE(Put(kAcme, changed, At("2026-01-09T00:00:00Z")));
  EXPECT_EQ(FireAt(At("2026-01-09T00:00:00Z")), 1U) << "what was missed is not forgotten";
  changed.cron = "30 4 * * *";
  ASSERT_TRUE(Put(kAcme, changed, At("2026-01-09T00:00:00Z")));
  TakeTicks(kAcme);
  EXPECT_EQ(FireAt(At("2026-01-09T04:29:00Z")), 0U);
  EXPECT_EQ(FireAt(At("2026-01-09T04:30:00Z")), 1U);
  changed.enabled = false;
  ASSERT_TRUE(Put(kAcme, changed, At("2026-01-10T00:00:00Z")));
  TakeTicks(kAcme);
  EXPECT_EQ(FireAt(At("2026-02-01T00:00:00Z")), 0U);
}

TEST_F(ScheduleBookTest, RemovedAndSuspendedOnesMakeNothing) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  ASSERT_TRUE(Put(kGlobex, Nightly(), kNoon));
  root.Must(fmt::format("UPDATE directory.organizations SET status = 'suspended' WHERE id = '{}'", kGlobex.ToString()));
  {
    auto tx = database.Begin(kAcme);
    ASSERT_TRUE(ScheduleBook::Remove(*tx, "nightly"));
    ASSERT_TRUE(tx->Commit());
  }
  EXPECT_EQ(FireAt(At("2026-01-04T02:00:00Z")), 0U);
  root.Must("UPDATE directory.organizations SET status = 'active'");
  EXPECT_EQ(FireAt(At("2026-01-04T02:00:00Z")), 0U) << "the tick of the suspended time is over";
  EXPECT_EQ(FireAt(At("2026-01-05T02:00:00Z")), 1U);
}

TEST_F(ScheduleBookTest, RefusesWhatItCannotRead) {
  NewSchedule schedule = Nightly();
  schedule.cron = "61 * * * *";
  EXPECT_EQ(Put(kAcme, schedule, kNoon).error().reason, "jobs.bad_cron");
  schedule = Nightly();
  schedule.timezone = "Mars/Olympus";
  EXPECT_EQ(Put(kAcme, schedule, kNoon).error().reason, "jobs.unknown_time_zone");
  schedule = Nightly();
  schedule.name = "";
  EXPECT_EQ(Put(kAcme, schedule, kNoon).error().reason, "jobs.bad_schedule");
}

TEST_F(ScheduleBookTest, AScheduleThatCanNoLongerBeReadStopsNobodyElses) {
  ASSERT_TRUE(Put(kAcme, Nightly(), kNoon));
  ASSERT_TRUE(Put(kGlobex, Nightly(), kNoon));
  root.Must(fmt::format("UPDATE directory.schedules SET timezone = 'Gone/Zone' WHERE org_id = '{}'", kAcme.ToString()));
  EXPECT_EQ(FireAt(At("2026-01-04T02:00:00Z")), 1U);
  root.Must("UPDATE directory.schedules SET timezone = 'UTC'");
  EXPECT_EQ(FireAt(At("2026-01-04T03:00:00Z")), 1U) << "looked at again after an hour";
}

TEST_F(ScheduleBookTest, TwoWorkersOnOneScheduleRunEachTickOnce) {
  ManualClock shared(kNoon);
  NewSchedule schedule = Nightly();
  schedule.cron = "* * * * *";
  ASSERT_TRUE(Put(kAcme, schedule, kNoon));
  const auto handler = [&](JobContext& context) -> Result<std::string> {
    HELIOS_CHECK(Mark(context, "tick"));
    return "{}";
  };
  JobRunner one(database, Kinds(handler), &book, shared, random, metrics, QuickConfig());
  JobRunner two(database, Kinds(handler), &book, shared, random, metrics, QuickConfig());
  for (std::size_t tick = 1; tick <= 5; ++tick) {
    shared.Advance(minutes{1});
    EXPECT_TRUE(Eventually([&] { return Marks().size() >= tick && QueueLength() == "0"; })) << tick;
  }
  one.Stop();
  two.Stop();
  EXPECT_EQ(Marks().size(), 5U);
  EXPECT_EQ(root.Must("SELECT count(*) FROM directory.jobs WHERE status = 'succeeded' AND attempts = 1").value(), "5");
}

}  // namespace
}  // namespace helios::jobs
