// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/job_runner.h"

#include <prometheus/gauge.h>
#include <signal.h>

#include "jobs/testing/queue_fixture.h"

namespace helios::jobs {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class JobRunnerTest : public QueueTest {
 protected:
  std::unique_ptr<JobRunner> Run(FunctionHandler::Function function, unsigned threads = 2) {
    return Run(std::move(function), QuickConfig(threads));
  }
  std::unique_ptr<JobRunner> Run(FunctionHandler::Function function, const JobRunner::Config& config) {
    return std::make_unique<JobRunner>(database, Kinds(std::move(function)), nullptr, clock, random, metrics, config);
  }

  /// Blocks until the handler is asked to stop.
  static Result<std::string> UntilStopped(JobContext& context) {
    while (!context.stop().stop_requested()) std::this_thread::sleep_for(milliseconds{1});
    return Fail(ErrorCode::kUnavailable, "test.stopped", "cannot go on: asked to stop");
  }
};

TEST_F(JobRunnerTest, RunsAJobAndKeepsItsResult) {
  const auto runner = Run([](JobContext& context) -> Result<std::string> {
    HELIOS_CHECK(Mark(context, context.tenant().ToString() + context.payload()));
    return R"({"series": 3})";
  });
  const auto made = Enqueue(kAcme, {.kind = "work", .payload = R"({"n": 1})"}, clock.Now());
  const Job job = AwaitStatus(kAcme, made.id, JobStatus::kSucceeded);
  EXPECT_EQ(job.result, R"({"series": 3})");
  EXPECT_EQ(job.progress, 1);
  EXPECT_EQ(job.attempts, 1);
  EXPECT_TRUE(job.started_at && job.finished_at);
  EXPECT_THAT(Marks(), ElementsAre(kAcme.ToString() + R"({"n": 1})"));
  EXPECT_EQ(QueueLength(), "0");
}

TEST_F(JobRunnerTest, IsWokenByANewJobWithoutLookingForIt) {
  auto config = QuickConfig();
  config.poll = std::chrono::hours{1};
  const auto runner = Run([](JobContext&) -> Result<std::string> { return "{}"; }, config);
  for (int i = 0; i < 3; ++i) {
    AwaitStatus(kAcme, Enqueue(kAcme, {.kind = "work"}, clock.Now()).id, JobStatus::kSucceeded);
  }
}

TEST_F(JobRunnerTest, FindsJobsByItselfWhereNobodyWakesIt) {
  auto config = QuickConfig();
  config.listen_url = "";
  const auto runner = Run([](JobContext&) -> Result<std::string> { return "{}"; }, config);
  AwaitStatus(kAcme, Enqueue(kAcme, {.kind = "work"}, clock.Now()).id, JobStatus::kSucceeded);
}

TEST_F(JobRunnerTest, ShowsProgressWhatIsDoneAndHowLongIsLeft) {
  std::atomic<bool> go_on = false;
  const auto runner = Run([&](JobContext& context) -> Result<std::string> {
    context.Report(0.4, "4,000 of 10,000 series");
    while (!go_on) std::this_thread::sleep_for(milliseconds{1});
    return "{}";
  });
  const auto made = Enqueue(kAcme, {.kind = "work"}, clock.Now());
  EXPECT_TRUE(Eventually([&] { return Find(kAcme, made.id).progress == 0.4; }));
  const Job job = Find(kAcme, made.id);
  EXPECT_EQ(job.status, JobStatus::kRunning);
  EXPECT_EQ(job.progress_note, "4,000 of 10,000 series");
  EXPECT_TRUE(job.left.has_value());
  go_on = true;
  EXPECT_EQ(AwaitStatus(kAcme, made.id, JobStatus::kSucceeded).left, std::nullopt);
}

TEST_F(JobRunnerTest, TriesAgainWhatMayPassAndSaysWhatWentWrong) {
  std::atomic<int> calls = 0;
  const auto runner = Run([&](JobContext& context) -> Result<std::string> {
    if (++calls < 3) return Fail(ErrorCode::kConflict, "test.busy", "cannot work: busy; call {}", calls.load());
    EXPECT_EQ(context.job().attempt, 3);
    return "{}";
  });
  const Job job = AwaitStatus(kAcme, Enqueue(kAcme, {.kind = "work"}, clock.Now()).id, JobStatus::kSucceeded);
  EXPECT_EQ(job.attempts, 3);
  EXPECT_EQ(calls, 3);
}

TEST_F(JobRunnerTest, APoisonedJobIsDeadAfterItsLastAttemptAndOthersGoOn) {
  const auto runner = Run([](JobContext& context) -> Result<std::string> {
    if (context.payload() == R"({"poison": true})") {
      return Fail(ErrorCode::kConflict, "test.poison", "cannot work: poison; want none");
    }
    return "{}";
  });
  const auto poison =
      Enqueue(kAcme, {.kind = "work", .payload = R"({"poison": true})", .max_attempts = 3}, clock.Now());
  const auto good = Enqueue(kAcme, {.kind = "work"}, clock.Now());
  const Job dead = AwaitStatus(kAcme, poison.id, JobStatus::kDead);
  EXPECT_EQ(dead.attempts, 3);
  EXPECT_EQ(dead.error, R"({"code": "test.poison", "detail": "cannot work: poison; want none"})");
  AwaitStatus(kAcme, good.id, JobStatus::kSucceeded);
  EXPECT_EQ(QueueLength(), "0");
  EXPECT_THAT(metrics.Render(), HasSubstr(R"(helios_job_attempts_total{kind="work",outcome="dead"} 1)"));
}

TEST_F(JobRunnerTest, WhatCannotSucceedAsWrittenIsNotTriedAgain) {
  const auto runner = Run([](JobContext&) -> Result<std::string> {
    return Fail(ErrorCode::kInvalidArgument, "test.bad_payload", "cannot work: bad payload");
  });
  const Job job = AwaitStatus(kAcme, Enqueue(kAcme, {.kind = "work"}, clock.Now()).id, JobStatus::kFailed);
  EXPECT_EQ(job.attempts, 1);
}

TEST_F(JobRunnerTest, AHandlerThatThrowsFailsItsAttemptAndTellsTheTenantNothingOfUs) {
  const auto runner = Run([](JobContext&) -> Result<std::string> { throw std::runtime_error("/secret/path: SELECT"); });
  const Job job =
      AwaitStatus(kAcme, Enqueue(kAcme, {.kind = "work", .max_attempts = 1}, clock.Now()).id, JobStatus::kDead);
  EXPECT_THAT(*job.error, HasSubstr("jobs.handler_threw"));
  EXPECT_THAT(*job.error, ::testing::Not(HasSubstr("secret")));
}

TEST_F(JobRunnerTest, ARunningJobThatIsCancelledStops) {
  auto config = QuickConfig();
  config.lease = std::chrono::minutes{10};  // the word comes by NOTIFY, before any heartbeat is due
  const auto runner = Run(UntilStopped, config);
  const auto made = Enqueue(kAcme, {.kind = "work"}, clock.Now());
  AwaitStatus(kAcme, made.id, JobStatus::kRunning);
  {
    auto tx = database.Begin(kAcme);
    ASSERT_TRUE(queue.Cancel(*tx, made.id, clock.Now()));
    ASSERT_TRUE(tx->Commit());
  }
  AwaitStatus(kAcme, made.id, JobStatus::kCancelled);
  EXPECT_EQ(QueueLength(), "0");
}

TEST_F(JobRunnerTest, NoMoreOfAKindAtATimeThanItsLimit) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  JobRunner runner(database,
                   Kinds(
                       [&](JobContext&) -> Result<std::string> {
                         const int running = ++now;
                         int known = most;
                         while (known < running && !most.compare_exchange_weak(known, running)) {
                         }
                         std::this_thread::sleep_for(milliseconds{5});
                         --now;
                         return "{}";
                       },
                       /*max_running=*/2),
                   nullptr, clock, random, metrics, QuickConfig(6));
  std::vector<Uuid> ids;
  for (int i = 0; i < 12; ++i) ids.push_back(Enqueue(kAcme, {.kind = "work"}, clock.Now()).id);
  for (const Uuid& id : ids) AwaitStatus(kAcme, id, JobStatus::kSucceeded);
  EXPECT_LE(most, 2);
}

TEST_F(JobRunnerTest, AStopGivesBackWhatIsNotDoneAndAnotherProcessDoesIt) {
  auto first = Run(UntilStopped);
  const auto made = Enqueue(kAcme, {.kind = "work", .max_attempts = 1}, clock.Now());
  AwaitStatus(kAcme, made.id, JobStatus::kRunning);
  first->Stop();
  EXPECT_EQ(Find(kAcme, made.id).status, JobStatus::kQueued);
  const auto second = Run([](JobContext&) -> Result<std::string> { return "{}"; });
  AwaitStatus(kAcme, made.id, JobStatus::kSucceeded);
}

TEST_F(JobRunnerTest, AHandlerThatDoesNotStopInTimeLosesItsLease) {
  std::atomic<bool> go_on = false;
  std::atomic<bool> refused = false;
  auto config = QuickConfig();
  config.stop_grace = milliseconds{1};
  auto runner = Run(
      [&](JobContext& context) -> Result<std::string> {
        while (!go_on) std::this_thread::sleep_for(milliseconds{1});
        refused = !context.LeaseHeld() && !Mark(context, "too late");
        return "{}";
      },
      config);
  const auto made = Enqueue(kAcme, {.kind = "work"}, clock.Now());
  AwaitStatus(kAcme, made.id, JobStatus::kRunning);
  std::jthread stopping([&] { runner->Stop(); });
  AwaitStatus(kAcme, made.id, JobStatus::kQueued);
  go_on = true;
  stopping.join();
  EXPECT_TRUE(refused);
  EXPECT_THAT(Marks(), IsEmpty());
}

TEST_F(JobRunnerTest, ALostLeaseStopsTheHandlerAndItsEffects) {
  std::atomic<int> calls = 0;
  std::atomic<bool> refused = false;
  const auto runner = Run([&](JobContext& context) -> Result<std::string> {
    if (++calls > 1) {
      HELIOS_CHECK(Mark(context, "second"));
      return R"({"by": "second"})";
    }
    (void)UntilStopped(context);
    refused = Mark(context, "first").error().reason == "jobs.lease_lost";
    return R"({"by": "first"})";
  });
  const auto made = Enqueue(kAcme, {.kind = "work"}, clock.Now());
  AwaitStatus(kAcme, made.id, JobStatus::kRunning);
  // As though this process had stood still for longer than its lease, and another one had leased the job since.
  root.Must(
      "UPDATE directory.job_queue SET attempts = attempts + 1, lease_owner = 'other', lease_until = '2000-01-01'");
  const Job job = AwaitStatus(kAcme, made.id, JobStatus::kSucceeded);
  EXPECT_EQ(job.result, R"({"by": "second"})");
  EXPECT_TRUE(Eventually([&] { return refused.load(); }));
  EXPECT_THAT(Marks(), ElementsAre("second"));
}

TEST_F(JobRunnerTest, AnEffectAndTheSuccessCanBeOneTransaction) {
  static constexpr pg::Statement kMark{"test.mark", "INSERT INTO effects (mark) VALUES ($1)"};
  std::atomic<int> calls = 0;
  const auto runner = Run([&](JobContext& context) -> Result<std::string> {
    ++calls;
    HELIOS_TRY(auto tx, context.Begin());
    HELIOS_CHECK(tx.Execute(kMark, {"once"}));
    HELIOS_CHECK(context.SucceedIn(tx, R"({"in": "one"})"));
    HELIOS_CHECK(tx.Commit());
    return Fail(ErrorCode::kUnavailable, "test.too_late", "cannot undo it: it is committed");
  });
  const auto made = Enqueue(kAcme, {.kind = "work"}, clock.Now());
  EXPECT_EQ(AwaitStatus(kAcme, made.id, JobStatus::kSucceeded).result, R"({"in": "one"})");
  EXPECT_TRUE(Eventually([&] { return metrics.Render().find("helios_job_attempts_total") != std::string::npos; }));
  EXPECT_EQ(calls, 1);
  EXPECT_THAT(Marks(), ElementsAre("once"));
}

TEST_F(JobRunnerTest, AJobWhoseProcessDiedInItsLastAttemptIsDead) {
  const auto made = Enqueue(kAcme, {.kind = "work", .max_attempts = 1}, clock.Now());
  JobLeases gone(database, "gone");
  const auto leased = gone.Lease({{"work", 1}}, 1, clock.Now(), clock.Now() + std::chrono::milliseconds{1}).value();
  ASSERT_TRUE(gone.Start(leased.at(0), clock.Now()).value());
  std::atomic<int> calls = 0;
  const auto runner = Run([&](JobContext&) -> Result<std::string> {
    ++calls;
    return "{}";
  });
  EXPECT_THAT(*AwaitStatus(kAcme, made.id, JobStatus::kDead).error, HasSubstr("jobs.worker_lost"));
  EXPECT_EQ(calls, 0);
}

TEST_F(JobRunnerTest, TwoProcessesDoEachJobOnce) {
  const auto handler = [](JobContext& context) -> Result<std::string> {
    HELIOS_CHECK(Mark(context, context.job().id.ToString()));
    return "{}";
  };
  const auto one = Run(handler, 3);
  const auto two = Run(handler, 3);
  std::vector<std::string> expected;
  std::vector<Uuid> ids;
  for (int i = 0; i < 100; ++i) {
    ids.push_back(Enqueue(i % 3 == 0 ? kAcme : kGlobex, {.kind = "work"}, clock.Now()).id);
    expected.push_back(ids.back().ToString());
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(
        AwaitStatus(i % 3 == 0 ? kAcme : kGlobex, ids[static_cast<std::size_t>(i)], JobStatus::kSucceeded).attempts, 1);
  }
  EXPECT_THAT(Marks(), ::testing::UnorderedElementsAreArray(expected));
}

TEST_F(JobRunnerTest, ShowsTheQueueToTheOperator) {
  Enqueue(kAcme, {.kind = "other", .run_at = clock.Now() - std::chrono::minutes{5}}, clock.Now());
  const auto runner = Run([](JobContext&) -> Result<std::string> { return "{}"; });
  EXPECT_TRUE(
      Eventually([&] { return metrics.Render().find(R"(helios_jobs_waiting{kind="other"} 1)") != std::string::npos; }));
  EXPECT_GE(metrics
                .Gauge("helios_jobs_oldest_due_seconds", "How long the job that is due the longest has waited.",
                       {{"kind", "other"}})
                .Value(),
            300);
}

TEST(JobRunnerOutage, ComesBackByItselfWhenTheDatabaseWasAwayForAWhile) {
  testing::ScratchPostgres server;
  const auto scratch = server.NewDatabase();
  obs::Metrics metrics;
  pg::Database database({.url = scratch.app_url}, metrics);
  SystemRandom random;
  SystemClock clock;
  const JobQueue queue(random);
  const auto sql = [&](const std::string& text) { return testing::SqlClient(scratch.superuser_url).Must(text); };
  sql(fmt::format("INSERT INTO directory.organizations (id, name, slug) VALUES ('{}', 'Acme', 'acme')",
                  kAcme.ToString()));
  std::atomic<int> started = 0;
  std::atomic<bool> go_on = false;
  JobKinds kinds;
  kinds.Add("work", std::make_unique<FunctionHandler>([&](JobContext&) -> Result<std::string> {
              ++started;
              while (!go_on) std::this_thread::sleep_for(milliseconds{1});
              return "{}";
            }));
  JobRunner runner(database, std::move(kinds), nullptr, clock, random, metrics,
                   {.threads = 1,
                    .owner = MakeOwner(random),
                    .listen_url = scratch.app_url,
                    .lease = std::chrono::minutes{5},
                    .poll = milliseconds{20}});
  Uuid first;
  Uuid second;
  {
    auto tx = database.Begin(kAcme);
    first = queue.Enqueue(*tx, {.kind = "work"}, clock.Now())->id;
    second = queue.Enqueue(*tx, {.kind = "work"}, clock.Now())->id;
    ASSERT_TRUE(tx->Commit());
  }
  const auto wait_for = [](auto condition) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!condition() && std::chrono::steady_clock::now() < give_up) std::this_thread::sleep_for(milliseconds{5});
    return condition();
  };
  ASSERT_TRUE(wait_for([&] { return started == 1; }));
  ASSERT_EQ(::kill(server.server_pid(), SIGKILL), 0);  // its supervisor starts it again
  go_on = true;                                        // the job ends while nobody can be told
  const auto status = [&](const Uuid& id) {
    auto tx = database.Begin(kAcme);
    if (!tx) return JobStatus::kQueued;
    const auto job = queue.Find(*tx, id);
    return job ? job->status : JobStatus::kQueued;
  };
  EXPECT_TRUE(wait_for([&] { return status(first) == JobStatus::kSucceeded; }));
  EXPECT_TRUE(wait_for([&] { return status(second) == JobStatus::kSucceeded; }));
  EXPECT_EQ(started, 2) << "the job that ended meanwhile was not run again";
}

}  // namespace
}  // namespace helios::jobs
