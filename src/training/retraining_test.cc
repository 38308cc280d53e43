// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/retraining.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "jobs/testing/queue_fixture.h"

namespace helios::training {
namespace {

using namespace std::chrono_literals;
using jobs::kAcme;
using jobs::kGlobex;

class RetrainingTest : public jobs::QueueTest {
 protected:
  std::string Jobs() { return root.Must("SELECT count(*) FROM directory.jobs").value(); }

  ManualClock now{jobs::kNoon};
  TrainingCause cause{.kind = "withdrawn", .detail = "it lost"};
};

TEST_F(RetrainingTest, IsQueuedOnceInSixHoursOfAMetricAndKeepsTheCause) {
  Retraining retraining(database, queue, now);
  EXPECT_TRUE(retraining.Ask(kAcme, "cpu", cause));
  EXPECT_FALSE(retraining.Ask(kAcme, "cpu", cause));
  EXPECT_TRUE(retraining.Ask(kAcme, "memory", cause)) << "another metric";
  EXPECT_TRUE(retraining.Ask(kGlobex, "cpu", cause)) << "another tenant";
  EXPECT_EQ(root.Must("SELECT payload -> 'cause' ->> 'kind' FROM directory.jobs WHERE payload ->> 'metric' = 'memory'")
                .value(),
            "withdrawn");
  root.Must("UPDATE directory.jobs SET status = 'succeeded'");
  now.Advance(5h + 59min);
  EXPECT_FALSE(retraining.Ask(kAcme, "cpu", cause));
  now.Advance(1min);
  EXPECT_TRUE(retraining.Ask(kAcme, "cpu", cause));
  EXPECT_EQ(Jobs(), "4");
}

TEST_F(RetrainingTest, IsOneInAWindowThoughEachProcessAsks) {
  EXPECT_TRUE(Retraining(database, queue, now).Ask(kAcme, "cpu", cause));
  root.Must("UPDATE directory.jobs SET status = 'succeeded'");
  EXPECT_FALSE(Retraining(database, queue, now).Ask(kAcme, "cpu", cause));
  EXPECT_EQ(Jobs(), "1");
}

TEST_F(RetrainingTest, WaitsForADatabaseThatIsAway) {
  pg::Database away({.url = "host=/nonexistent port=5432 dbname=helios user=helios_app"}, metrics);
  Retraining retraining(away, queue, now);
  EXPECT_FALSE(retraining.Ask(kAcme, "cpu", cause));
  EXPECT_EQ(Jobs(), "0");
}

}  // namespace
}  // namespace helios::training
