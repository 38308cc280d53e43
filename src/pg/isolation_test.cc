// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Tenants do not see each other: for every table that the catalogue says belongs to tenants, whoever adds one. The
// check itself is checked: without any one policy, or with any one weakened, it fails.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/scratch_postgres.h"

namespace helios::pg {
namespace {

using helios::testing::ScratchDatabase;
using helios::testing::ScratchPostgres;
using helios::testing::SqlClient;
using ::testing::IsEmpty;

constexpr std::string_view kAcme = "01900000-0000-7000-8000-00000000000a";
constexpr std::string_view kGlobex = "01900000-0000-7000-8000-00000000000b";

// Tables with org_id, and organizations, whose org_id is its id. The table's name as SQL, and that column.
struct TenantTable {
  std::string name;
  std::string tenant_column;
};

std::vector<TenantTable> TenantTables(SqlClient& admin) {
  std::vector<TenantTable> tables;
  for (const auto& row :
       admin
           .Must("SELECT c.oid::regclass::text, a.attname FROM pg_class c JOIN pg_attribute a ON "
                 "a.attrelid = c.oid WHERE c.relkind IN ('r', 'p') AND NOT a.attisdropped AND "
                 "c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_|^information_') "
                 "AND (a.attname = 'org_id' OR (c.relname = 'organizations' AND a.attname = 'id')) "
                 "ORDER BY 1")
           .rows) {
    tables.push_back({*row[0], *row[1]});
  }
  return tables;
}

// A value that the column takes, as an SQL literal. `salt` tells rows apart.
std::string SampleValue(const std::string& column, const std::string& type, int salt) {
  static const std::map<std::string, std::string> kByName = {
      {"plan", "'starter'"},    {"provider", "'oidc'"},   {"actor_type", "'system'"}, {"timezone", "'UTC'"},
      {"severity", "'medium'"}, {"status", "'open'"},     {"max_replicas", "5"},      {"horizon_minutes", "15"},
      {"anomaly_score", "0.5"}, {"condition", "'above'"}, {"role", "'member'"},
  };
  if (const auto found = kByName.find(column); found != kByName.end()) return found->second;
  if (type == "uuid") return fmt::format("'01900000-0000-7000-8000-{:0>12}'", salt);
  if (type.starts_with("character") || type == "text") return fmt::format("'sample-{}'", salt);
  if (type.starts_with("timestamp")) return "'2026-01-03T12:00:00Z'";
  if (type == "jsonb") return "'{}'";
  if (type == "boolean") return "true";
  if (type == "integer" || type == "bigint" || type == "double precision") return "1";
  ADD_FAILURE() << "teach SampleValue() the type " << type << " of " << column;
  return "NULL";
}

// An INSERT of a row of `tenant` with what the table cannot do without.
std::string InsertRow(SqlClient& admin, const TenantTable& table, std::string_view tenant, int salt) {
  std::string columns = table.tenant_column;
  std::string values = fmt::format("'{}'", tenant);
  for (const auto& row :
       admin
           .Must(fmt::format("SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = "
                             "'{}'::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef AND "
                             "attname <> '{}'",
                             table.name, table.tenant_column))
           .rows) {
    columns += ", " + *row[0];
    values += ", " + SampleValue(*row[0], *row[1], salt);
  }
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, columns, values);
}

enum class Until { kEnd, kFirstLeak };

// Whatever is wrong with the isolation of tenants in this database; empty when nothing is.
std::vector<std::string> FindLeaks(const ScratchDatabase& database, Until until = Until::kEnd) {
  SqlClient admin(database.superuser_url);
  SqlClient app(database.app_url);
  std::vector<std::string> leaks;
  const auto expect = [&](bool holds, const std::string& what) {
    if (!holds) leaks.push_back(what);
  };
  // Each step in a transaction of its own, as the product has it.
  const auto as = [&](std::string_view tenant, const std::string& sql) {
    app.Must(fmt::format("BEGIN; SELECT set_config('app.current_tenant', '{}', true)", tenant));
    auto answer = app.Run(sql);
    app.Must("ROLLBACK");
    return answer;
  };
  expect(app.Must("SELECT current_user").value() == "helios_app", "the check must run as helios_app");

  // Rows without their foreign keys' targets: constraints are not what isolates.
  admin.Must("SET session_replication_role = replica");
  const auto tables = TenantTables(admin);
  expect(tables.size() >= 20, fmt::format("only {} tables of tenants found", tables.size()));
  int salt = 100;
  for (const TenantTable& table : tables) {
    admin.Must(fmt::format("DELETE FROM {}", table.name));
    admin.Must(InsertRow(admin, table, kAcme, ++salt));
  }

  for (const TenantTable& table : tables) {
    if (until == Until::kFirstLeak && !leaks.empty()) return leaks;
    const std::string count = fmt::format("SELECT count(*) FROM {}", table.name);
    const auto own = as(kAcme, count);
    expect(own.ok() && own.value() == "1", table.name + ": a tenant does not see its own row");
    for (const std::string_view other : {kGlobex, std::string_view("")}) {
      const std::string who = other.empty() ? "nobody" : "another tenant";
      const auto seen = as(other, count);
      expect(seen.ok() && seen.value() == "0", fmt::format("{}: {} sees a tenant's row", table.name, who));
      expect(as(other, InsertRow(admin, table, kAcme, ++salt)).sqlstate == "42501",
             fmt::format("{}: {} inserts a row of a tenant", table.name, who));
      const auto updated = as(other, fmt::format("UPDATE {0} SET {1} = {1}", table.name, table.tenant_column));
      expect(updated.sqlstate == "42501" || (updated.ok() && updated.affected == 0),
             fmt::format("{}: {} updates a tenant's row", table.name, who));
      const auto deleted = as(other, fmt::format("DELETE FROM {}", table.name));
      expect(deleted.sqlstate == "42501" || (deleted.ok() && deleted.affected == 0),
             fmt::format("{}: {} deletes a tenant's row", table.name, who));
    }
    expect(
        as(kAcme, fmt::format("UPDATE {} SET {} = '{}'", table.name, table.tenant_column, kGlobex)).sqlstate == "42501",
        table.name + ": a tenant gives a row to another");
    expect(as(kAcme, "TRUNCATE " + table.name).sqlstate == "42501", table.name + ": helios_app may TRUNCATE");
  }

  // Credentials are found before a tenant is known.
  admin.Must(
      fmt::format("DELETE FROM directory.users; DELETE FROM directory.api_keys; DELETE FROM directory.sessions; "
                  "DELETE FROM directory.invitations;"
                  "INSERT INTO directory.users (org_id, id, email) VALUES ('{0}', '{0}', 'Ada@acme.test');"
                  "INSERT INTO directory.api_keys (org_id, id, name, key_hash, key_prefix) VALUES "
                  "('{0}', '{0}', 'k', repeat('a', 64), 'hlx_');"
                  "INSERT INTO directory.sessions (org_id, id, user_id, token_hash, expires_at) VALUES "
                  "('{0}', '{0}', '{0}', repeat('b', 64), '2026-01-03T12:00:00Z');"
                  "INSERT INTO directory.invitations (org_id, id, email, role, token_hash, created_by, created_at, "
                  "expires_at) VALUES ('{0}', '{0}', 'bo@acme.test', 'member', repeat('c', 64), '{0}', "
                  "'2026-01-03T12:00:00Z', '2026-01-10T12:00:00Z')",
                  kAcme));
  for (const std::string call : {"find_api_key(repeat('a', 64))", "find_session(repeat('b', 64))",
                                 "find_logins('ada@ACME.test', NULL)", "find_invitation(repeat('c', 64))"}) {
    const auto found = as("", fmt::format("SELECT org_id FROM directory.{}", call));
    expect(found.ok() && found.rows.size() == 1 && *found.rows[0][0] == kAcme, call + " finds nothing");
  }

  // The three routing tables: anyone reads, only their tenant inserts.
  admin.Must(
      fmt::format("DELETE FROM directory.job_queue; DELETE FROM directory.placement; DELETE FROM directory.jobs;"
                  "DELETE FROM directory.schedule_queue; DELETE FROM directory.schedules;"
                  "INSERT INTO directory.jobs (org_id, id, kind) VALUES ('{0}', '{0}', 'train');"
                  "INSERT INTO directory.schedules (org_id, id, name, kind, cron) VALUES "
                  "('{0}', '{0}', 'nightly', 'train', '0 2 * * *')",
                  kAcme));
  for (const std::string& insert :
       {fmt::format("INSERT INTO directory.placement (tenant_id) VALUES ('{}')", kAcme),
        fmt::format("INSERT INTO directory.job_queue (job_id, tenant_id, kind, run_at) VALUES "
                    "('{0}', '{0}', 'train', '2026-01-03T12:00:00Z')",
                    kAcme),
        fmt::format("INSERT INTO directory.schedule_queue (schedule_id, tenant_id) VALUES ('{0}', '{0}')", kAcme)}) {
    expect(as(kGlobex, insert).sqlstate == "42501", "another tenant may: " + insert);
    expect(as("", insert).sqlstate == "42501", "nobody may: " + insert);
    expect(as(kAcme, insert).ok(), "a tenant may not: " + insert);
    admin.Must(insert);
  }
  const auto stolen = as(kGlobex, "UPDATE directory.placement SET cell = 'stolen'");
  expect(stolen.ok() && stolen.affected == 0, "the placement of another can be reached");
  expect(as(kAcme, "UPDATE directory.placement SET cell = 'mine'").affected == 1, "placement cannot be moved");
  expect(as(kAcme, fmt::format("UPDATE directory.placement SET tenant_id = '{}'", kGlobex)).sqlstate == "42501",
         "placement is given to another");
  expect(as("", "SELECT 1 FROM directory.placement").rows.size() == 1, "placement cannot be read");
  expect(as("", "SELECT 1 FROM directory.job_queue FOR UPDATE SKIP LOCKED").rows.size() == 1, "no job can be leased");
  expect(as("", "UPDATE directory.job_queue SET attempts = 1").affected == 1, "a lease cannot be written");
  expect(as("", fmt::format("UPDATE directory.job_queue SET tenant_id = '{}'", kGlobex)).sqlstate == "42501",
         "a job changes its tenant");
  expect(as("", "DELETE FROM directory.job_queue").affected == 1, "a job cannot be taken from the queue");
  expect(as("", "SELECT 1 FROM directory.schedule_queue").rows.size() == 1, "a due schedule cannot be found");
  const auto moved = as(kGlobex, "UPDATE directory.schedule_queue SET due_at = NULL");
  expect(moved.ok() && moved.affected == 0, "another tenant moves a schedule");
  expect(as(kAcme, "UPDATE directory.schedule_queue SET due_at = NULL").affected == 1, "a schedule cannot be moved");
  expect(as(kAcme, fmt::format("UPDATE directory.schedule_queue SET tenant_id = '{}'", kGlobex)).sqlstate == "42501",
         "a schedule is given to another");
  expect(as(kAcme, "DELETE FROM directory.schedule_queue").sqlstate == "42501", "a schedule's place is dropped alone");
  return leaks;
}

TEST(Isolation, HoldsOnEveryTableWithATenant) {
  EXPECT_THAT(FindLeaks(ScratchPostgres::Shared().NewDatabase()), IsEmpty());
}

TEST(Isolation, RestsOnEachSinglePolicy) {
  const auto database = ScratchPostgres::Shared().NewDatabase();
  SqlClient admin(database.superuser_url);
  const auto policies = admin.Must(
      "SELECT format('%I.%I', schemaname, tablename), quote_ident(policyname), cmd, array_to_string(roles, ', '), "
      "qual, "
      "with_check, policyname FROM pg_policies ORDER BY 1, 2");
  ASSERT_GE(policies.rows.size(), 20);
  for (const auto& row : policies.rows) {
    const std::string table = *row[0];
    const std::string policy = *row[1];
    const std::string drop = fmt::format("DROP POLICY {} ON {}", policy, table);
    const std::string head = fmt::format("CREATE POLICY {} ON {} FOR {} TO {}", policy, table, *row[2], *row[3]);
    const std::string condition = row[4] ? fmt::format(" USING ({})", *row[4]) : "";
    const std::string check = row[5] ? fmt::format(" WITH CHECK ({})", *row[5]) : "";
    const auto broken_by = [&](const std::string& change, const std::string& what) {
      admin.Must(change);
      EXPECT_FALSE(FindLeaks(database, Until::kFirstLeak).empty())
          << table << " " << policy << ": nothing notices that it is " << what;
    };
    broken_by(drop, "gone");
    if (condition.find("current_setting") != std::string::npos) {
      broken_by(head + " USING (true)" + check, "open to readers");
      admin.Must(drop);
    }
    if (check.find("current_setting") != std::string::npos) {
      broken_by(head + condition + " WITH CHECK (true)", "open to writers");
      admin.Must(drop);
    }
    admin.Must(head + condition + check);
  }
  EXPECT_THAT(FindLeaks(database), IsEmpty()) << "every policy was put back";
}

TEST(Isolation, ReadsNoTenantsRowsAsTheOwner) {
  const auto database = ScratchPostgres::Shared().NewDatabase();
  SqlClient admin(database.superuser_url);
  admin.Must("INSERT INTO directory.organizations (id, name, slug) VALUES (gen_random_uuid(), 'Acme', 'acme')");
  EXPECT_EQ(SqlClient(database.owner_url).Must("SELECT count(*) FROM directory.organizations").value(), "0");
}

TEST(Isolation, KeepsTheAuditLogAsWritten) {
  const auto database = ScratchPostgres::Shared().NewDatabase();
  SqlClient app(database.app_url);
  EXPECT_EQ(app.Run("UPDATE shared.audit_log SET action = ''").sqlstate, "42501");
  EXPECT_EQ(app.Run("DELETE FROM shared.audit_log").sqlstate, "42501");
}

TEST(Isolation, FindsCredentialsThatHoldOnly) {
  const auto database = ScratchPostgres::Shared().NewDatabase();
  SqlClient admin(database.superuser_url);
  SqlClient app(database.app_url);
  admin.Must(fmt::format(
      "SET search_path = directory;"
      "INSERT INTO organizations (id, name, slug, plan, timezone) VALUES ('{0}', 'Acme', 'acme', 'professional', "
      "'Europe/Berlin'), ('{1}', 'Globex', 'globex', 'starter', 'UTC');"
      "INSERT INTO users (org_id, id, email, role, password_hash) VALUES ('{0}', '{0}', 'ada@x.test', 'owner', 'h1'), "
      "('{1}', '{1}', 'ADA@x.test', 'viewer', 'h2');"
      "INSERT INTO api_keys (org_id, id, name, key_hash, key_prefix, scopes) VALUES ('{0}', '{0}', 'k', "
      "repeat('a', 64), 'hlx_', ARRAY['write', 'admin'])",
      kAcme, kGlobex));
  const auto key = app.Must("SELECT scopes, plan, timezone FROM directory.find_api_key(repeat('a', 64))").rows.at(0);
  EXPECT_EQ(key.at(0), "admin write");
  EXPECT_EQ(key.at(1), "professional");
  EXPECT_EQ(key.at(2), "Europe/Berlin");
  EXPECT_EQ(app.Must("SELECT * FROM directory.find_logins('Ada@X.test', NULL)").rows.size(), 2);
  EXPECT_EQ(app.Must("SELECT password_hash FROM directory.find_logins('Ada@X.test', 'globex')").value(), "h2");
  admin.Must("UPDATE api_keys SET revoked_at = now(); UPDATE organizations SET status = 'deleted'");
  EXPECT_EQ(app.Must("SELECT * FROM directory.find_api_key(repeat('a', 64))").rows.size(), 0);
  EXPECT_EQ(app.Must("SELECT * FROM directory.find_logins('Ada@X.test', NULL)").rows.size(), 0);
}

}  // namespace
}  // namespace helios::pg
