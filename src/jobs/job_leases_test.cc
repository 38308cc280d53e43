// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/job_leases.h"

#include "jobs/testing/queue_fixture.h"

namespace helios::jobs {
namespace {

using std::chrono::seconds;
using ::testing::Each;
using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class JobLeasesTest : public QueueTest {
 protected:
  static constexpr seconds kLease{30};

  std::vector<LeasedJob> Lease(JobLeases& by, std::size_t most, TimestampMs now,
                               std::vector<JobLeases::Wanted> wanted = {{"work", 1000}}) {
    auto leased = by.Lease(wanted, most, now, now + kLease);
    EXPECT_TRUE(leased) << leased.error().message;
    return *leased;
  }

  JobLeases one{database, "one"};
  JobLeases two{database, "two"};
};

TEST_F(JobLeasesTest, AJobIsLeasedOnceWhenItIsDue) {
  Enqueue(kAcme, {.kind = "work", .run_at = kNoon + seconds{10}}, kNoon);
  EXPECT_THAT(Lease(one, 5, kNoon), IsEmpty());
  const auto leased = Lease(one, 5, kNoon + seconds{10});
  ASSERT_THAT(leased, SizeIs(1));
  EXPECT_EQ(leased[0].tenant, kAcme);
  EXPECT_EQ(leased[0].attempt, 1);
  EXPECT_THAT(Lease(two, 5, kNoon + seconds{10}), IsEmpty());
}

TEST_F(JobLeasesTest, ALeaseThatAClockAheadMadeKeepsNobodyWaiting) {
  Enqueue(kAcme, {.kind = "work"}, kNoon);
  ASSERT_THAT(Lease(one, 5, kNoon + std::chrono::hours{24 * 365}), SizeIs(1));  // and is killed
  const auto again = Lease(two, 5, kNoon + seconds{1});
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].attempt, 2) << "what the first one still writes is refused";
  EXPECT_THAT(Lease(one, 5, kNoon + seconds{2}), IsEmpty());
}

TEST_F(JobLeasesTest, AProcessLeasesTheKindsItKnowsAlone) {
  Enqueue(kAcme, {.kind = "needs samples"}, kNoon);
  EXPECT_THAT(Lease(one, 5, kNoon), IsEmpty());
  EXPECT_THAT(Lease(one, 5, kNoon, {{"work", 1}, {"needs samples", 1}}), SizeIs(1));
}

TEST_F(JobLeasesTest, NoMoreOfAKindThanWanted) {
  for (int i = 0; i < 5; ++i) Enqueue(kAcme, {.kind = "heavy"}, kNoon);
  for (int i = 0; i < 5; ++i) Enqueue(kAcme, {.kind = "work"}, kNoon + seconds{1});
  const auto leased = Lease(one, 4, kNoon + seconds{1}, {{"heavy", 2}, {"work", 4}});
  EXPECT_LE(std::ranges::count(leased, "heavy", &LeasedJob::kind), 2);
  EXPECT_THAT(leased, ::testing::Not(IsEmpty()));
}

TEST_F(JobLeasesTest, AThousandJobsOfOneTenantDoNotKeepAnotherOneWaiting) {
  root.Must(fmt::format(
      "INSERT INTO directory.jobs (org_id, id, kind) SELECT '{0}', gen_random_uuid(), 'work' FROM generate_series(1, "
      "1000);"
      "INSERT INTO directory.job_queue (job_id, tenant_id, kind, run_at) SELECT id, org_id, kind, '{1}' FROM "
      "directory.jobs",
      kAcme.ToString(), FormatRfc3339(kNoon)));
  Enqueue(kGlobex, {.kind = "work"}, kNoon + seconds{60});
  Enqueue(kGlobex, {.kind = "work"}, kNoon + seconds{60});
  const auto of_globex = [](const std::vector<LeasedJob>& leased) {
    return std::ranges::count(leased, kGlobex, &LeasedJob::tenant);
  };
  const auto first = Lease(one, 2, kNoon + seconds{60});
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_EQ(of_globex(first), 1);
  EXPECT_EQ(of_globex(Lease(two, 2, kNoon + seconds{60})), 1) << "also counting what other processes run";
  const auto rest = Lease(one, 50, kNoon + seconds{60});
  EXPECT_THAT(rest, SizeIs(50));
  EXPECT_EQ(of_globex(rest), 0);
}

TEST_F(JobLeasesTest, ManyProcessesNeverShareAJob) {
  constexpr int kJobs = 200;
  for (int i = 0; i < kJobs; ++i) Enqueue(i % 2 == 0 ? kAcme : kGlobex, {.kind = "work"}, kNoon);
  std::mutex mutex;
  std::map<Uuid, int> times;
  {
    std::vector<std::jthread> processes;
    for (int p = 0; p < 4; ++p) {
      processes.emplace_back([&, p] {
        JobLeases mine(database, fmt::format("process {}", p));
        for (int empty = 0; empty < 20;) {
          const auto leased = Lease(mine, 3, kNoon);
          empty = leased.empty() ? empty + 1 : 0;
          const std::scoped_lock lock(mutex);
          for (const LeasedJob& job : leased) ++times[job.id];
        }
      });
    }
  }
  EXPECT_THAT(times, SizeIs(kJobs));
  for (const auto& [id, count] : times) EXPECT_EQ(count, 1) << id.ToString();
}

TEST_F(JobLeasesTest, AnExtendedLeaseIsNobodyElsesUntilItEnds) {
  Enqueue(kAcme, {.kind = "work"}, kNoon);
  const auto leased = Lease(one, 1, kNoon);
  EXPECT_THAT(one.Extend(leased, kNoon + seconds{60}).value(), SizeIs(1));
  EXPECT_THAT(Lease(two, 1, kNoon + seconds{59}), IsEmpty());
  const auto again = Lease(two, 1, kNoon + seconds{61});
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].attempt, 2);
  EXPECT_THAT(one.Extend(leased, kNoon + seconds{120}).value(), IsEmpty()) << "it is another one's now";
}

TEST_F(JobLeasesTest, AnAttemptThatLostItsLeaseWritesNothing) {
  const auto job = Enqueue(kAcme, {.kind = "work"}, kNoon);
  const auto old = Lease(one, 1, kNoon).at(0);
  ASSERT_TRUE(one.Start(old, kNoon).value());
  const auto now = kNoon + kLease + seconds{1};
  const auto current = Lease(two, 1, now).at(0);
  ASSERT_TRUE(two.Start(current, now).value());

  EXPECT_EQ(one.BeginHeld(old).error().reason, "jobs.lease_lost");
  EXPECT_EQ(one.Finish(old, JobStatus::kSucceeded, R"({"by": "old"})", std::nullopt, now).error().reason,
            "jobs.lease_lost");
  EXPECT_EQ(one.TryAgain(old, std::nullopt, now).error().reason, "jobs.lease_lost");
  EXPECT_EQ(one.GiveBack(old, now).error().reason, "jobs.lease_lost");
  EXPECT_TRUE(one.Report(old, {.progress = 0.9, .note = "old", .seconds_left = 1}));
  EXPECT_EQ(Find(kAcme, job.id).progress, 0);

  ASSERT_TRUE(two.Finish(current, JobStatus::kSucceeded, R"({"by": "current"})", std::nullopt, now));
  EXPECT_EQ(Find(kAcme, job.id).result, R"({"by": "current"})");
}

TEST_F(JobLeasesTest, NoAttemptStartsWhileAnotherOnesTransactionIsOpen) {
  Enqueue(kAcme, {.kind = "work"}, kNoon);
  const auto old = Lease(one, 1, kNoon).at(0);
  ASSERT_TRUE(one.Start(old, kNoon).value());
  const auto now = kNoon + kLease + seconds{1};
  const auto current = Lease(two, 1, now).at(0);
  std::atomic<bool> started = false;
  std::jthread other;
  {
    auto held = one.BeginHeld(old);
    ASSERT_TRUE(held) << "its lease is over, and nobody has started yet";
    other = std::jthread([&] {
      EXPECT_TRUE(two.Start(current, now).value());
      started = true;
    });
    ASSERT_TRUE(Eventually([&] {
      return root.Must("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").value() == "1";
    }));
    EXPECT_FALSE(started);
  }
  other.join();
  EXPECT_TRUE(started);
  EXPECT_EQ(one.BeginHeld(old).error().reason, "jobs.lease_lost");
}

TEST_F(JobLeasesTest, ACompletionAfterTheLeaseButBeforeTheNextStartCounts) {
  const auto job = Enqueue(kAcme, {.kind = "work"}, kNoon);
  const auto old = Lease(one, 1, kNoon).at(0);
  ASSERT_TRUE(one.Start(old, kNoon).value());
  const auto now = kNoon + kLease + seconds{1};
  const auto current = Lease(two, 1, now).at(0);
  ASSERT_TRUE(one.Finish(old, JobStatus::kSucceeded, "{}", std::nullopt, now));
  EXPECT_EQ(two.Start(current, now).value(), std::nullopt) << "it is done: the next attempt does not run";
  EXPECT_EQ(Find(kAcme, job.id).status, JobStatus::kSucceeded);
  EXPECT_EQ(QueueLength(), "0");
}

TEST_F(JobLeasesTest, AJobGivenBackIsDueAtOnceWithTheAttemptsItHad) {
  Enqueue(kAcme, {.kind = "work", .max_attempts = 1}, kNoon);
  const auto leased = Lease(one, 1, kNoon).at(0);
  ASSERT_TRUE(one.Start(leased, kNoon).value());
  ASSERT_TRUE(one.GiveBack(leased, kNoon));
  const auto again = Lease(two, 1, kNoon);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].attempt, 2);
  EXPECT_EQ(again[0].max_attempts, 2);
}

TEST_F(JobLeasesTest, CountsWhatWaitsByKind) {
  Enqueue(kAcme, {.kind = "work"}, kNoon);
  Enqueue(kAcme, {.kind = "work"}, kNoon + seconds{5});
  Enqueue(kGlobex, {.kind = "work", .run_at = kNoon + seconds{500}}, kNoon);
  Lease(one, 1, kNoon);
  const auto depths = one.Depths(kNoon + seconds{20}).value();
  ASSERT_THAT(depths, SizeIs(1));
  EXPECT_EQ(depths[0].kind, "work");
  EXPECT_EQ(depths[0].waiting, 2);
  EXPECT_EQ(depths[0].running, 1);
  EXPECT_DOUBLE_EQ(depths[0].oldest_due_seconds, 15);
}

TEST_F(JobLeasesTest, JobsThatEndedAMonthAgoAreForgottenWhenAnotherOneEnds) {
  const auto old = Enqueue(kAcme, {.kind = "work"}, kNoon);
  const auto first = Lease(one, 1, kNoon).at(0);
  ASSERT_TRUE(one.Start(first, kNoon).value());
  ASSERT_TRUE(one.Finish(first, JobStatus::kSucceeded, "{}", std::nullopt, kNoon));
  const auto later = kNoon + std::chrono::hours{24 * 30} + seconds{1};
  const auto recent = Enqueue(kAcme, {.kind = "work"}, later);
  const auto second = Lease(one, 1, later).at(0);
  ASSERT_TRUE(one.Start(second, later).value());
  ASSERT_TRUE(one.Finish(second, JobStatus::kSucceeded, "{}", std::nullopt, later));
  auto tx = database.Begin(kAcme);
  EXPECT_EQ(queue.Find(*tx, old.id).error().reason, "jobs.no_such_job");
  EXPECT_TRUE(queue.Find(*tx, recent.id));
}

}  // namespace
}  // namespace helios::jobs
