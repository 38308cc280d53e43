// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// The handlers of trainings: run twice, killed in the middle, and on bad days.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "jobs/schedule_book.h"
#include "jobs/testing/handler_trial.h"
#include "training/testing/training_fixture.h"

namespace helios::training {
namespace {

using jobs::kAcme;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

TEST_F(TrainingHandlerTest, TrainMetricLeavesOneVersionHoweverItIsKilled) {
  Fill("requests", "web-1", 4);
  Fill("requests", "web-2", 4);
  const jobs::HandlerTrial trial{.database = database,
                                 .queue = queue,
                                 .tenant = kAcme,
                                 .job = TrainingJob({.metric = "requests"}),
                                 .reset = [this] { ForgetEverything(); },
                                 .handler = [this] { return NewTrainMetric(); },
                                 .state = [this] { return Models(); }};
  EXPECT_GE(trial.Run(), 5) << "stop, report, lease, begin, success";
  EXPECT_THAT(Models(), ContainsRegex("^requests v1 active requests/v1 [0-9]+\n$"));
}

TEST_F(TrainingHandlerTest, TrainMetricOfACustomModelIsNoDifferent) {
  Fill("requests", "web-1", 4);
  root.Must(
      fmt::format("UPDATE directory.organizations SET plan = 'professional' WHERE id = '{}'; "
                  "INSERT INTO shared.custom_models (org_id, id, target_metric, definition) VALUES "
                  "('{}', gen_random_uuid(), 'requests', '{{\"models\": [\"theta\"]}}')",
                  kAcme.ToString(), kAcme.ToString()));
  const jobs::HandlerTrial trial{.database = database,
                                 .queue = queue,
                                 .tenant = kAcme,
                                 .job = TrainingJob({.metric = "requests"}),
                                 .reset = [this] { ForgetEverything(); },
                                 .handler = [this] { return NewTrainMetric(); },
                                 .state = [this] { return Models(); }};
  EXPECT_GE(trial.Run(), 5);
  EXPECT_EQ(root.Must("SELECT model_type FROM shared.models").value(), "custom");
  root.Must(fmt::format("UPDATE directory.organizations SET plan = 'starter' WHERE id = '{}'", kAcme.ToString()));
  Run(TrainingJob({.metric = "requests"}));
  EXPECT_EQ(root.Must("SELECT model_type FROM shared.models WHERE status = 'active'").value(), "automatic")
      << "a plan without custom models trains without them";
}

TEST_F(TrainingHandlerTest, TrainNightlyQueuesEachMetricOnceHoweverItIsKilled) {
  Fill("requests", "web-1", 1);
  Fill("cpu", "web-1", 1);
  const auto queued = [this] {
    std::string text;
    for (const auto& row : root.Must("SELECT payload, status FROM directory.jobs WHERE kind = 'training.train_metric' "
                                     "ORDER BY run_at")
                               .rows) {
      text += *row[0] + " " + *row[1] + "\n";
    }
    return text;
  };
  const jobs::HandlerTrial trial{
      .database = database,
      .queue = queue,
      .tenant = kAcme,
      .job = {.kind = std::string(kTrainNightly)},
      .reset = [this] { ForgetEverything(); },
      .handler = [this] { return std::make_unique<TrainNightly>(*samples, queue, samples_clock); },
      .state = queued};
  EXPECT_GE(trial.Run(), 2);
  EXPECT_EQ(queued(), "{\"metric\": \"cpu\"} queued\n{\"metric\": \"requests\"} queued\n");
}

TEST_F(TrainingHandlerTest, ADamagedArtifactIsTrainedAnewAndNoCrash) {
  Fill("requests", "web-1", 4);
  Run(TrainingJob({.metric = "requests"}));
  const auto key = objects::ObjectKey::Parse("requests/v1").value();
  const std::string whole = objects->Get(kAcme, key).value();
  for (const std::size_t at : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    ASSERT_TRUE(objects->Put(kAcme, key, damaged));
    Run(TrainingJob({.metric = "requests"}));
    EXPECT_THAT(Models(), ContainsRegex("requests v[2-4] active requests/v[2-4] [0-9]+\n$")) << "damaged at " << at;
    root.Must("DELETE FROM shared.models WHERE version > 1; UPDATE shared.models SET status = 'active'");
  }
  ASSERT_TRUE(objects->Delete(kAcme, key));
  const jobs::Job job = Run(TrainingJob({.metric = "requests"}));
  EXPECT_THAT(job.result.value(), HasSubstr("\"version\": 2"));
}

TEST_F(TrainingHandlerTest, AnObjectStoreThatIsAwayDelaysATraining) {
  Fill("requests", "web-1", 4);
  int puts = 0;
  objects->on_put = [&puts]() -> Result<void> {
    if (++puts <= 2) return Fail(ErrorCode::kUnavailable, "objects.unavailable", "cannot write: it is away");
    return {};
  };
  const jobs::Job job = Run(TrainingJob({.metric = "requests"}));
  EXPECT_EQ(job.attempts, 3);
  EXPECT_THAT(Models(), ContainsRegex("^requests v1 active requests/v1 [0-9]+\n$"));
}

TEST_F(TrainingHandlerTest, ADatabaseThatGoesAwayBeforeTheCommitDelaysATraining) {
  Fill("requests", "web-1", 4);
  std::atomic<int> puts = 0;
  objects->on_put = [&]() -> Result<void> {
    if (puts == 0) {
      root.Must("ALTER ROLE helios_app NOLOGIN");
      root.Must(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'helios_app' "
          "AND datname = current_database()");
    }
    ++puts;
    return {};
  };
  jobs::JobRunner runner(database, TrainingKinds(), nullptr, clock, random, metrics, QuickConfig());
  const Uuid id = Enqueue(kAcme, TrainingJob({.metric = "requests"}), clock.Now()).id;
  ASSERT_TRUE(Eventually([&] { return puts == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  EXPECT_EQ(Models(), "") << "an artifact alone is no version";
  root.Must("ALTER ROLE helios_app LOGIN");
  ASSERT_TRUE(Eventually([&] { return database.Ping().has_value(); }));
  const jobs::Job job = AwaitStatus(kAcme, id, jobs::JobStatus::kSucceeded);
  EXPECT_GE(job.attempts, 2);
  EXPECT_THAT(Models(), ContainsRegex("^requests v1 active requests/v1 [0-9]+\n$"));
}

TEST_F(TrainingHandlerTest, TwoWorkersOnOneScheduleTrainEachMetricOnce) {
  for (const char* metric : {"cpu", "memory", "requests"}) Fill(metric, "web-1", 4);
  const jobs::ScheduleBook schedules(database, queue, random);
  {
    auto tx = database.Begin(kAcme);
    ASSERT_TRUE(schedules.Put(
        *tx, {.name = "nightly", .kind = std::string(kTrainNightly), .cron = "0 2 * * *", .timezone = "UTC"},
        clock.Now() - std::chrono::days{2}));
    ASSERT_TRUE(tx->Commit());
  }
  auto first = TrainingKinds();
  const auto kept_artifacts = std::move(artifacts);
  const auto kept_registry = std::move(registry);
  jobs::JobRunner one(database, std::move(first), &schedules, clock, random, metrics, QuickConfig());
  jobs::JobRunner other(database, TrainingKinds(), &schedules, clock, random, metrics, QuickConfig());
  ASSERT_TRUE(Eventually([&] {
    return root.Must("SELECT count(*) FROM directory.jobs WHERE status = 'succeeded'").value() == "5";
  })) << "a nightly one, one of each metric, and one that deletes what is spent";
  EXPECT_EQ(root.Must("SELECT count(*) FROM directory.jobs").value(), "5");
  EXPECT_EQ(root.Must("SELECT count(*) FROM shared.models WHERE version = 1 AND status = 'active'").value(), "3");
}

}  // namespace
}  // namespace helios::training
