// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "pg/internal/migration_set.h"
#include "tests/support/scratch_postgres.h"

namespace helios::pg {
namespace {

using helios::testing::ScratchPostgres;
using helios::testing::SqlClient;
using ::testing::HasSubstr;

class MigrateTest : public ::testing::Test {
 protected:
  Result<MigrationOutcome> Apply(std::vector<EmbeddedFile> files) {
    const std::vector<internal::MigrationSet> sets = {{"things", files}};
    return internal::MigrateSets(scratch.owner_url, sets);
  }

  // Of what both schemas say was applied.
  std::string Recorded(const std::string& what) {
    return SqlClient(scratch.superuser_url)
        .Must("SELECT " + what +
              " FROM (SELECT version FROM directory.schema_migrations UNION ALL "
              "SELECT version FROM shared.schema_migrations) AS applied")
        .value();
  }

  helios::testing::ScratchDatabase scratch = ScratchPostgres::Shared().NewEmptyDatabase();
};

constexpr EmbeddedFile kFirst{"V0001__first.sql", "-- release: 1\nCREATE TABLE first (id int);"};
constexpr EmbeddedFile kSecond{"V0002__second.sql", "-- release: 2\nCREATE TABLE second (id int);"};

TEST_F(MigrateTest, BringsAnEmptyDatabaseUpAndThenHasNothingToDo) {
  const auto first = Migrate(scratch.owner_url);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(std::to_string(first->applied), Recorded("count(*)"));
  EXPECT_EQ(std::to_string(first->version), Recorded("max(version)"));
  EXPECT_GE(first->version, 2);
  const auto second = Migrate(scratch.owner_url);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->applied, 0);
  EXPECT_EQ(second->version, first->version);
  EXPECT_TRUE(SqlClient(scratch.app_url).Run("SELECT 1 FROM directory.schema_migrations").ok());
}

TEST_F(MigrateTest, AppliesEachFileOnceWhenSeveralProcessesStartTogether) {
  std::atomic<int> applied = 0;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto outcome = Migrate(scratch.owner_url);
      outcome ? applied += outcome->applied : failed += 1;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(std::to_string(applied), Recorded("count(*)"));
}

TEST_F(MigrateTest, AppliesOnlyWhatIsNew) {
  ASSERT_EQ(Apply({kFirst})->applied, 1);
  const auto outcome = Apply({kFirst, kSecond});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->applied, 1);
  EXPECT_EQ(outcome->version, 2);
}

TEST_F(MigrateTest, RefusesAFileThatChangedAfterItWasApplied) {
  ASSERT_TRUE(Apply({kFirst}));
  const auto outcome = Apply({{kFirst.name, "-- release: 1\nCREATE TABLE first (id bigint);"}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().reason, "pg.migration_changed");
  EXPECT_THAT(outcome.error().message, HasSubstr("V0001__first.sql"));
}

TEST_F(MigrateTest, LeavesNothingOfAFileThatFails) {
  const auto outcome = Apply({{"V0001__bad.sql", "-- release: 1\nCREATE TABLE half (id int); SELECT nonsense;"}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().reason, "pg.migration_failed");
  EXPECT_THAT(outcome.error().message, HasSubstr("V0001__bad.sql"));
  SqlClient sql(scratch.owner_url);
  EXPECT_EQ(sql.Must("SELECT to_regclass('things.half') IS NULL").value(), "t");
  EXPECT_EQ(sql.Must("SELECT count(*) FROM things.schema_migrations").value(), "0");
  EXPECT_TRUE(Apply({kFirst}));
}

TEST_F(MigrateTest, ServesADatabaseOneReleaseAheadAndRefusesOneFurther) {
  ASSERT_TRUE(Apply({kFirst, kSecond}));
  const auto one_ahead = Apply({kFirst});
  ASSERT_TRUE(one_ahead) << one_ahead.error().message;
  EXPECT_EQ(one_ahead->version, 2);

  ASSERT_TRUE(Apply({kFirst, kSecond, {"V0003__third.sql", "-- release: 3\nSELECT 1;"}}));
  const auto two_ahead = Apply({kFirst});
  ASSERT_FALSE(two_ahead);
  EXPECT_EQ(two_ahead.error().reason, "pg.migration_newer");
}

TEST_F(MigrateTest, RefusesASuperuser) {
  const auto outcome = Migrate(scratch.superuser_url);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().reason, "pg.role_bypasses_rls");
}

TEST_F(MigrateTest, RefusesFilesOutOfOrderOrWithoutARelease) {
  EXPECT_EQ(Apply({kSecond}).error().reason, "pg.migration_failed");
  EXPECT_EQ(Apply({{"V0001__x.sql", "SELECT 1;"}}).error().reason, "pg.migration_failed");
  EXPECT_EQ(Apply({{"first.sql", "-- release: 1"}}).error().reason, "pg.migration_failed");
}

TEST_F(MigrateTest, ReportsAServerThatIsNotThere) {
  EXPECT_EQ(Migrate("host=/tmp/helios-no-such-directory dbname=helios").error().reason, "pg.unavailable");
}

}  // namespace
}  // namespace helios::pg
