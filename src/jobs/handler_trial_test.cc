// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/testing/handler_trial.h"

#include <gtest/gtest-spi.h>

#include "jobs/testing/queue_fixture.h"

namespace helios::jobs {
namespace {

constexpr pg::Statement kInsert{"test.insert", "INSERT INTO effects (mark) VALUES ($1)"};
constexpr pg::Statement kInsertOnce{
    "test.insert_once",
    "INSERT INTO effects (mark) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM effects WHERE mark = $1)"};

/// Leaves two marks, each in a transaction of its own.
Result<std::string> LeaveMarks(JobContext& context, const pg::Statement& statement) {
  for (const char* mark : {"first", "second"}) {
    HELIOS_TRY(auto tx, context.Begin());
    HELIOS_CHECK(tx.Execute(statement, {mark}));
    HELIOS_CHECK(tx.Commit());
    context.Report(0.5, mark);
  }
  return "{}";
}

class HandlerTrialTest : public QueueTest {
 protected:
  int Try(const FunctionHandler::Function& function) {
    const HandlerTrial trial{.database = database,
                             .queue = queue,
                             .tenant = kAcme,
                             .job = {.kind = "work"},
                             .reset = [&] { root.Must("DELETE FROM directory.effects"); },
                             .handler = [&] { return std::make_unique<FunctionHandler>(function); },
                             .state = [&] { return fmt::format("{}", fmt::join(Marks(), " ")); }};
    return trial.Run();
  }
};

TEST_F(HandlerTrialTest, PassesAnIdempotentHandlerKilledAtEachStep) {
  EXPECT_EQ(Try([](JobContext& context) { return LeaveMarks(context, kInsertOnce); }), 4);
}

TEST_F(HandlerTrialTest, PassesAHandlerWhoseEffectAndSuccessAreOne) {
  EXPECT_EQ(Try([](JobContext& context) -> Result<std::string> {
              HELIOS_TRY(auto tx, context.Begin());
              HELIOS_CHECK(tx.Execute(kInsert, {"once"}));
              HELIOS_CHECK(context.SucceedIn(tx, "{}"));
              HELIOS_CHECK(tx.Commit());
              return "{}";
            }),
            2);
}

TEST_F(HandlerTrialTest, CatchesAHandlerThatDoesItsEffectTwice) {
  ::testing::TestPartResultArray failures;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter(&failures);
    Try([](JobContext& context) { return LeaveMarks(context, kInsert); });
  }
  EXPECT_GE(failures.size(), 2) << "after a second run, and after kills behind the first commit";
}

}  // namespace
}  // namespace helios::jobs
