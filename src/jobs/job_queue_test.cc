// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/job_queue.h"

#include "jobs/testing/queue_fixture.h"

namespace helios::jobs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class JobQueueTest : public QueueTest {
 protected:
  Result<Job> Cancel(TenantId tenant, const Uuid& id) {
    auto tx = database.Begin(tenant);
    auto job = queue.Cancel(*tx, id, kNoon);
    if (job) EXPECT_TRUE(tx->Commit());
    return job;
  }
  Result<Job> Requeue(TenantId tenant, const Uuid& id) {
    auto tx = database.Begin(tenant);
    auto job = queue.Requeue(*tx, id, kNoon);
    if (job) EXPECT_TRUE(tx->Commit());
    return job;
  }
  Result<JobQueue::Enqueued> TryEnqueue(const NewJob& job) {
    auto tx = database.Begin(kAcme);
    return queue.Enqueue(*tx, job, kNoon);
  }

  JobLeases leases{database, "tester"};
};

TEST_F(JobQueueTest, AJobExistsIfAndOnlyIfTheTransactionThatAskedForItCommits) {
  {
    auto tx = database.Begin(kAcme);
    ASSERT_TRUE(queue.Enqueue(*tx, {.kind = "work"}, kNoon));
  }
  EXPECT_EQ(QueueLength(), "0");
  const auto made = Enqueue(kAcme, {.kind = "work", .payload = R"({"metric": "cpu"})"}, kNoon);
  EXPECT_TRUE(made.created);
  const Job job = Find(kAcme, made.id);
  EXPECT_EQ(job.kind, "work");
  EXPECT_EQ(job.status, JobStatus::kQueued);
  EXPECT_EQ(job.payload, R"({"metric": "cpu"})");
  EXPECT_EQ(job.attempts, 0);
  EXPECT_EQ(job.created_at, kNoon);
  EXPECT_EQ(job.run_at, kNoon);
  EXPECT_EQ(QueueLength(), "1");
}

TEST_F(JobQueueTest, TheSameIdempotencyKeyIsTheSameJobForGood) {
  const NewJob job{.kind = "work", .idempotency_key = "tick 1"};
  const auto first = Enqueue(kAcme, job, kNoon);
  const auto second = Enqueue(kAcme, job, kNoon);
  EXPECT_FALSE(second.created);
  EXPECT_EQ(second.id, first.id);
  ASSERT_TRUE(Cancel(kAcme, first.id));
  EXPECT_EQ(Enqueue(kAcme, job, kNoon).id, first.id) << "also after its end";
  EXPECT_TRUE(Enqueue(kGlobex, job, kNoon).created) << "another tenant's key is another key";
  EXPECT_TRUE(Enqueue(kAcme, {.kind = "other", .idempotency_key = "tick 1"}, kNoon).created) << "and another kind's";
}

TEST_F(JobQueueTest, TheSamePendingKeyIsTheSameJobUntilItsEnd) {
  const NewJob job{.kind = "work", .pending_key = "cpu"};
  const auto first = Enqueue(kAcme, job, kNoon);
  EXPECT_EQ(Enqueue(kAcme, job, kNoon).id, first.id);
  ASSERT_TRUE(Cancel(kAcme, first.id));
  const auto second = Enqueue(kAcme, job, kNoon);
  EXPECT_TRUE(second.created);
  const auto refused = Requeue(kAcme, first.id);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "jobs.already_pending");
  ASSERT_TRUE(Cancel(kAcme, second.id));
  EXPECT_TRUE(Requeue(kAcme, first.id));
}

TEST_F(JobQueueTest, ManyWhoQueueTheSameAtOnceMakeOneJob) {
  std::atomic<int> created = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back(
          [&] { created += Enqueue(kAcme, {.kind = "work", .pending_key = "cpu"}, kNoon).created ? 1 : 0; });
    }
  }
  EXPECT_EQ(created, 1);
  EXPECT_EQ(QueueLength(), "1");
}

TEST_F(JobQueueTest, ListsTheNewestFirstByStatusAndKind) {
  const auto old = Enqueue(kAcme, {.kind = "work"}, kNoon);
  const auto other = Enqueue(kAcme, {.kind = "other"}, kNoon + std::chrono::seconds{1});
  const auto cancelled = Enqueue(kAcme, {.kind = "work"}, kNoon + std::chrono::seconds{2});
  Enqueue(kGlobex, {.kind = "work"}, kNoon);
  ASSERT_TRUE(Cancel(kAcme, cancelled.id));
  const auto list = [&](const JobQueue::Filter& filter, std::size_t limit = 10, std::size_t offset = 0) {
    auto tx = database.Begin(kAcme);
    std::vector<Uuid> ids;
    for (const Job& job : queue.List(*tx, filter, limit, offset).value()) ids.push_back(job.id);
    return ids;
  };
  EXPECT_THAT(list({}), ElementsAre(cancelled.id, other.id, old.id));
  EXPECT_THAT(list({.status = JobStatus::kQueued}), ElementsAre(other.id, old.id));
  EXPECT_THAT(list({.status = JobStatus::kQueued, .kind = "work"}), ElementsAre(old.id));
  EXPECT_THAT(list({.status = JobStatus::kDead}), IsEmpty());
  EXPECT_THAT(list({}, 1, 1), ElementsAre(other.id));
}

TEST_F(JobQueueTest, AnotherTenantsJobIsAbsent) {
  const auto job = Enqueue(kAcme, {.kind = "work"}, kNoon);
  auto tx = database.Begin(kGlobex);
  EXPECT_EQ(queue.Find(*tx, job.id).error().reason, "jobs.no_such_job");
  EXPECT_EQ(Cancel(kGlobex, job.id).error().reason, "jobs.no_such_job");
  EXPECT_EQ(Requeue(kGlobex, job.id).error().reason, "jobs.no_such_job");
  EXPECT_EQ(Find(kAcme, job.id).status, JobStatus::kQueued);
}

TEST_F(JobQueueTest, AQueuedJobIsCancelledAtOnceAndTakenOutOfTheQueue) {
  const auto job = Enqueue(kAcme, {.kind = "work"}, kNoon);
  EXPECT_EQ(Cancel(kAcme, job.id)->status, JobStatus::kCancelled);
  EXPECT_EQ(QueueLength(), "0");
  EXPECT_EQ(Cancel(kAcme, job.id).error().reason, "jobs.already_finished");
}

TEST_F(JobQueueTest, ARunningJobIsAskedToStop) {
  const auto job = Enqueue(kAcme, {.kind = "work"}, kNoon);
  const auto leased = leases.Lease({{"work", 1}}, 1, kNoon, kNoon + std::chrono::seconds{30}).value();
  ASSERT_TRUE(leases.Start(leased.at(0), kNoon).value());
  EXPECT_EQ(Cancel(kAcme, job.id)->status, JobStatus::kRunning);
  const auto extended = leases.Extend(leased, kNoon + std::chrono::seconds{60}).value();
  ASSERT_EQ(extended.size(), 1U);
  EXPECT_TRUE(extended[0].cancel_requested);
}

TEST_F(JobQueueTest, ADeadJobIsQueuedAgainWithNewAttemptsThatGoOnCounting) {
  const auto job = Enqueue(kAcme, {.kind = "work", .max_attempts = 2}, kNoon);
  EXPECT_EQ(Requeue(kAcme, job.id).error().reason, "jobs.not_finished");
  const auto leased = leases.Lease({{"work", 1}}, 1, kNoon, kNoon + std::chrono::seconds{30}).value();
  ASSERT_TRUE(leases.Start(leased.at(0), kNoon).value());
  ASSERT_TRUE(leases.Finish(leased[0], JobStatus::kDead, std::nullopt, R"({"code": "x"})", kNoon));
  EXPECT_EQ(Find(kAcme, job.id).finished_at, kNoon);

  const auto again = Requeue(kAcme, job.id);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->status, JobStatus::kQueued);
  EXPECT_EQ(again->finished_at, std::nullopt);
  EXPECT_EQ(again->error, R"({"code": "x"})") << "what went wrong stays to be seen";
  const auto second = leases.Lease({{"work", 1}}, 1, kNoon, kNoon + std::chrono::seconds{30}).value();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].attempt, 2);
  EXPECT_EQ(second[0].max_attempts, 3);
  ASSERT_TRUE(leases.Start(second[0], kNoon).value());
  ASSERT_TRUE(leases.Finish(second[0], JobStatus::kSucceeded, "{}", std::nullopt, kNoon));
  EXPECT_EQ(Requeue(kAcme, job.id).error().reason, "jobs.succeeded");
}

TEST_F(JobQueueTest, RefusesJobsOutOfBounds) {
  EXPECT_EQ(TryEnqueue({.kind = ""}).error().reason, "jobs.bad_job");
  EXPECT_EQ(TryEnqueue({.kind = std::string(101, 'k')}).error().reason, "jobs.bad_job");
  EXPECT_EQ(TryEnqueue({.kind = "work", .pending_key = ""}).error().reason, "jobs.bad_job");
  EXPECT_EQ(TryEnqueue({.kind = "work", .idempotency_key = std::string(256, 'k')}).error().reason, "jobs.bad_job");
  EXPECT_EQ(TryEnqueue({.kind = "work", .max_attempts = 0}).error().reason, "jobs.bad_job");
  const auto many = TryEnqueue({.kind = "work", .max_attempts = 101});
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().message, HasSubstr("got 101 attempts; want 1 to 100"));
}

}  // namespace
}  // namespace helios::jobs
