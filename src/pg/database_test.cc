// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <limits>
#include <thread>
#include <vector>

#include "pg/internal/cluster_directory.h"
#include "tests/support/scratch_postgres.h"

namespace helios::pg {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Statement kInsertOrganization{"test.insert_organization",
                                        "INSERT INTO organizations (id, name, slug, created_at, updated_at) "
                                        "VALUES ($1, $2, $3, $4, $4)"};
constexpr Statement kFindOrganization{"test.find_organization",
                                      "SELECT id, name, slug, created_at FROM organizations WHERE id = $1"};
constexpr Statement kCountOrganizations{"test.count_organizations", "SELECT count(*) AS n FROM organizations"};
constexpr Statement kTenantSetting{
    "test.tenant_setting", "SELECT current_user AS login, current_setting('app.current_tenant', true) AS tenant"};
constexpr Statement kSleep{"test.sleep", "SELECT pg_sleep($1::double precision)"};
constexpr Statement kBackend{"test.backend", "SELECT pg_backend_pid() AS pid"};
constexpr Statement kBroken{"test.broken", "SELECT secret_column_name FROM organizations"};
constexpr Statement kOne{"test.one", "SELECT 1 AS one"};

TenantId Tenant(std::string_view last_digits) {
  return *TenantId::Parse(fmt::format("01900000-0000-7000-8000-{:0>12}", last_digits));
}

class DatabaseTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> Open(std::size_t connections = 4) {
    return std::make_unique<Database>(DatabaseConfig{.url = scratch.app_url,
                                                     .max_connections = connections,
                                                     .statement_timeout = 300ms,
                                                     .acquire_timeout = 100ms,
                                                     .connect_timeout = 3'000ms},
                                      metrics);
  }

  static Result<void> Insert(Database& db, TenantId tenant, std::string_view name, std::string_view slug) {
    HELIOS_TRY(auto tx, db.Begin(tenant));
    HELIOS_TRY([[maybe_unused]] const auto rows,
               tx.Execute(kInsertOrganization, {tenant, name, slug, FromUnixMs(1'767'441'600'250)}));
    return tx.Commit();
  }

  static std::int64_t CountVisible(Database& db, TenantId tenant) {
    auto tx = db.Begin(tenant);
    auto rows = tx->Execute(kCountOrganizations);
    return rows ? rows->front().Get<std::int64_t>("n") : -1;
  }

  helios::testing::ScratchPostgres& server = helios::testing::ScratchPostgres::Shared();
  helios::testing::ScratchDatabase scratch = server.NewDatabase();
  obs::Metrics metrics;
};

TEST_F(DatabaseTest, KeepsWhatACommittedTransactionWrote) {
  auto db = Open();
  ASSERT_TRUE(Insert(*db, Tenant("1"), "Acme \"\\ Ünïcode", "acme"));
  auto tx = db->Begin(Tenant("1"));
  auto rows = tx->Execute(kFindOrganization, {Tenant("1")});
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 1);
  const auto row = rows->front();
  EXPECT_EQ(row.Get<TenantId>("id"), Tenant("1"));
  EXPECT_EQ(row.Get<std::string>("name"), "Acme \"\\ Ünïcode");
  EXPECT_EQ(row.Get<TimestampMs>("created_at"), FromUnixMs(1'767'441'600'250));  // 2026-01-03T12:00:00.25Z
}

TEST_F(DatabaseTest, ForgetsWhatAnAbandonedTransactionWrote) {
  auto db = Open();
  {
    auto tx = db->Begin(Tenant("1"));
    ASSERT_TRUE(tx->Execute(kInsertOrganization, {Tenant("1"), "Acme", "acme", FromUnixMs(0)}));
  }
  EXPECT_EQ(CountVisible(*db, Tenant("1")), 0);
}

TEST_F(DatabaseTest, SetsTheTenantForItsTransactionAlone) {
  auto db = Open(1);  // one connection, so that every transaction has the same
  {
    auto tx = db->Begin(Tenant("1"));
    auto rows = tx->Execute(kTenantSetting);
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->front().Get<std::string>("login"), "helios_app");
    EXPECT_EQ(rows->front().Get<std::string>("tenant"), Tenant("1").ToString());
    ASSERT_TRUE(tx->Commit());
  }
  auto tx = db->BeginWithoutTenant();
  auto rows = tx->Execute(kTenantSetting);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->front().Get<std::string>("tenant"), "");
}

TEST_F(DatabaseTest, ShowsATenantItsOwnRowsOnly) {
  auto db = Open();
  ASSERT_TRUE(Insert(*db, Tenant("1"), "Acme", "acme"));
  ASSERT_TRUE(Insert(*db, Tenant("2"), "Globex", "globex"));
  EXPECT_EQ(CountVisible(*db, Tenant("1")), 1);
  EXPECT_EQ(CountVisible(*db, Tenant("3")), 0);
  auto tx = db->BeginWithoutTenant();
  EXPECT_EQ(tx->Execute(kCountOrganizations)->front().Get<std::int64_t>("n"), 0);
}

TEST_F(DatabaseTest, NamesTheUniqueConstraintThatWasViolated) {
  auto db = Open();
  ASSERT_TRUE(Insert(*db, Tenant("1"), "Acme", "acme"));
  const auto again = Insert(*db, Tenant("2"), "Another", "acme");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  EXPECT_EQ(again.error().reason, "pg.unique_violation");
  EXPECT_THAT(again.error().message, HasSubstr("organizations_slug_key"));
  EXPECT_TRUE(Insert(*db, Tenant("2"), "Another", "another")) << "the connection serves on";
}

TEST_F(DatabaseTest, MapsBadInputToInvalidArgument) {
  auto db = Open();
  const auto with_nul = Insert(*db, Tenant("1"), std::string_view("a\0b", 3), "nul");
  ASSERT_FALSE(with_nul);
  EXPECT_EQ(with_nul.error().reason, "pg.bad_text");
  const auto bad_utf8 = Insert(*db, Tenant("1"), "\xff\xfe", "utf8");
  ASSERT_FALSE(bad_utf8);
  EXPECT_EQ(bad_utf8.error().reason, "pg.bad_text");
  const auto too_long = Insert(*db, Tenant("1"), std::string(256, 'x'), "long");
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().reason, "pg.value_too_long");
  EXPECT_EQ(too_long.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(DatabaseTest, KeepsSqlOutOfErrorMessages) {
  auto db = Open();
  auto tx = db->BeginWithoutTenant();
  const auto rows = tx->Execute(kBroken);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::kInternal);
  EXPECT_EQ(rows.error().reason, "pg.query_failed");
  EXPECT_THAT(rows.error().message, Not(HasSubstr("secret_column_name")));
  EXPECT_FALSE(tx->Execute(kOne)) << "a failed transaction takes no further statement";
  EXPECT_FALSE(tx->Commit());
}

TEST_F(DatabaseTest, EndsAStatementAtItsTimeout) {
  auto db = Open(1);
  {
    auto tx = db->BeginWithoutTenant();
    const auto rows = tx->Execute(kSleep, {10.0});
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code, ErrorCode::kDeadlineExceeded);
    EXPECT_EQ(rows.error().reason, "pg.statement_timeout");
  }
  EXPECT_TRUE(db->Ping());
}

TEST_F(DatabaseTest, EndsATransactionAtItsDeadline) {
  auto db = Open(1);
  {
    auto tx = db->BeginWithoutTenant(std::chrono::steady_clock::now() + 50ms);
    const auto rows = tx->Execute(kSleep, {0.2});
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code, ErrorCode::kDeadlineExceeded);
  }
  EXPECT_TRUE(db->Ping());
}

TEST_F(DatabaseTest, SaysSoWhenAllConnectionsStayInUse) {
  auto db = Open(1);
  {
    auto held = db->BeginWithoutTenant();
    ASSERT_TRUE(held);
    const auto refused = db->BeginWithoutTenant();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(refused.error().reason, "pg.pool_exhausted");
    const auto hurried = db->BeginWithoutTenant(std::chrono::steady_clock::now() + 10ms);
    ASSERT_FALSE(hurried);
    EXPECT_EQ(hurried.error().code, ErrorCode::kDeadlineExceeded);
  }
  EXPECT_TRUE(db->BeginWithoutTenant());
}

TEST_F(DatabaseTest, HandsAConnectionToWhoeverWaitsForIt) {
  auto db = Open(2);
  std::vector<std::thread> threads;
  std::atomic<int> succeeded = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 25; ++j) {
        auto tx = db->Begin(Tenant("1"), std::chrono::steady_clock::now() + 10s);
        if (tx && tx->Execute(kOne) && tx->Commit()) ++succeeded;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GT(succeeded, 0);
  EXPECT_THAT(metrics.Render(), HasSubstr("helios_pg_connections 2"));
}

TEST_F(DatabaseTest, ReplacesAConnectionThatDiedWhileIdle) {
  auto db = Open(1);
  std::int64_t backend = 0;
  {
    auto tx = db->BeginWithoutTenant();
    backend = tx->Execute(kBackend)->front().Get<std::int64_t>("pid");
  }
  helios::testing::SqlClient admin(scratch.superuser_url);
  admin.Must(fmt::format("SELECT pg_terminate_backend({}, 5000)", backend));
  auto tx = db->Begin(Tenant("1"));
  ASSERT_TRUE(tx);
  auto rows = tx->Execute(kTenantSetting);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->front().Get<std::string>("tenant"), Tenant("1").ToString()) << "the retry sets the tenant again";
}

TEST_F(DatabaseTest, DoesNotRepeatStatementsWhenAConnectionDiesInTheMiddle) {
  auto db = Open(1);
  auto tx = db->Begin(Tenant("1"));
  const auto backend = tx->Execute(kBackend)->front().Get<std::int64_t>("pid");
  helios::testing::SqlClient admin(scratch.superuser_url);
  admin.Must(fmt::format("SELECT pg_terminate_backend({}, 5000)", backend));
  const auto rows = tx->Execute(kOne);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(rows.error().reason, "pg.unavailable");
}

TEST_F(DatabaseTest, AnswersUnavailableWhileTheServerIsAwayAndRecoversByItself) {
  helios::testing::ScratchPostgres own;  // the others' databases would make recovery slow
  scratch = own.NewEmptyDatabase();
  auto db = Open();
  ASSERT_TRUE(db->Ping());
  kill(own.server_pid(), SIGKILL);  // its supervisor starts it again
  bool was_away = false;
  Result<void> answer = db->Ping();
  for (int i = 0; i < 2000 && !(was_away && answer); ++i) {
    if (!answer) {
      was_away = true;
      EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable) << answer.error().message;
    }
    std::this_thread::sleep_for(10ms);
    answer = db->Ping();
  }
  EXPECT_TRUE(was_away);
  EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(DatabaseTest, LosesItsPrivateServerWhenTheProcessThatStartedItIsKilled) {
  helios::testing::ScratchPostgres own;
  const pid_t postgres = own.server_pid();
  kill(own.helper_pid(), SIGKILL);
  bool gone = false;
  for (int i = 0; i < 3000 && !gone; ++i) {
    gone = kill(postgres, 0) != 0 || internal::FindServerOf(own.data_directory()) != postgres;
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(gone);
}

TEST_F(DatabaseTest, ReportsAServerThatIsNotThere) {
  Database nowhere({.url = "host=/tmp/helios-no-such-directory user=helios_app dbname=helios"}, metrics);
  const auto answer = nowhere.Ping();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, "pg.unavailable");
}

TEST_F(DatabaseTest, NeverQuotesAUrlItCannotRead) {
  Database bad({.url = "postgresql://user:hunter2@[broken"}, metrics);
  const auto answer = bad.Ping();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, "pg.bad_url");
  EXPECT_THAT(answer.error().message, Not(HasSubstr("hunter2")));
}

TEST_F(DatabaseTest, MeasuresQueriesByName) {
  auto db = Open();
  ASSERT_TRUE(Insert(*db, Tenant("1"), "Acme", "acme"));
  EXPECT_THAT(metrics.Render(), HasSubstr("helios_pg_query_seconds_count{statement=\"test.insert_organization\"} 1"));
}

}  // namespace
}  // namespace helios::pg
