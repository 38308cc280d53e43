// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What the schema must be like, asked of PostgreSQL's catalogue: each query names what breaks a rule of
// docs/architecture.md, and must find nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_postgres.h"

namespace helios::pg {
namespace {

using helios::testing::ScratchPostgres;
using helios::testing::SqlClient;
using ::testing::IsEmpty;

class CatalogueTest : public ::testing::Test {
 protected:
  std::vector<std::string> Names(const std::string& sql) {
    std::vector<std::string> names;
    for (const auto& row : admin.Must(sql).rows) names.push_back(row[0].value_or("NULL"));
    return names;
  }

  static helios::testing::ScratchDatabase Database() {
    static const auto database = ScratchPostgres::Shared().NewDatabase();
    return database;
  }

  SqlClient admin{Database().superuser_url};
};

// Tables with a tenant, as a FROM clause's subquery: name, oid, and the number of the tenant's column.
const std::string kTenantTables =
    "(SELECT c.oid::regclass::text AS name, c.oid, c.relname, n.nspname, a.attnum, c.relrowsecurity, "
    "c.relforcerowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON "
    "a.attrelid = c.oid WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('directory', 'shared') AND (a.attname IN "
    "('org_id', 'tenant_id') OR (c.relname = 'organizations' AND a.attname = 'id'))) AS t";

TEST_F(CatalogueTest, EveryTableWithATenantForcesRowLevelSecurity) {
  EXPECT_THAT(Names("SELECT name FROM " + kTenantTables + " WHERE NOT relrowsecurity OR NOT relforcerowsecurity"),
              IsEmpty());
}

TEST_F(CatalogueTest, EveryTableWithATenantIsIsolatedForReadersAndWriters) {
  const std::string condition =
      "'(' || a.attname || ' = (NULLIF(current_setting(''app.current_tenant''::text, true), ''''::text))::uuid)'";
  EXPECT_THAT(
      Names("SELECT t.name FROM " + kTenantTables +
            " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = t.attnum WHERE a.attname <> 'tenant_id' "
            "AND NOT EXISTS (SELECT 1 FROM pg_policies p WHERE p.schemaname = t.nspname AND p.tablename = "
            "t.relname AND p.cmd = 'ALL' AND p.permissive = 'PERMISSIVE' AND p.roles = '{public}' AND p.qual = " +
            condition + " AND p.with_check = " + condition + ")"),
      IsEmpty());
}

// Permissive policies add up: a second one would open what the first closes.
TEST_F(CatalogueTest, NothingButTheLookupOfCredentialsGoesPastIsolation) {
  EXPECT_THAT(Names("SELECT tablename || ': ' || policyname FROM pg_policies WHERE tablename NOT IN ('placement', "
                    "'job_queue', 'schedule_queue') AND policyname <> 'tenant_isolation' AND NOT (policyname = "
                    "'credential_lookup' AND "
                    "cmd = 'SELECT' AND roles = '{helios_lookup}')"),
              IsEmpty());
}

TEST_F(CatalogueTest, EveryTableIsATenantsOrKnownToHoldNothingOfOne) {
  EXPECT_THAT(Names("SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
                    "c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname IN ('directory', 'shared') AND c.oid NOT IN "
                    "(SELECT oid FROM " +
                    kTenantTables + ") AND c.relname <> 'schema_migrations'"),
              IsEmpty());
}

TEST_F(CatalogueTest, KeysOfTenantTablesStartWithTheTenant) {
  // Unique indexes include primary keys and what stands without a constraint.
  EXPECT_THAT(Names("SELECT i.indexrelid::regclass::text FROM pg_index i JOIN " + kTenantTables +
                    " ON t.oid = i.indrelid WHERE t.nspname = 'shared' AND i.indisunique AND i.indkey[0] <> t.attnum"),
              IsEmpty());
  EXPECT_THAT(
      Names("SELECT conname FROM pg_constraint k JOIN " + kTenantTables +
            " ON t.oid = k.conrelid WHERE t.nspname = 'shared' AND k.contype = 'f' AND k.conkey[1] <> t.attnum"),
      IsEmpty());
}

TEST_F(CatalogueTest, OnlyKnownUniquesOfTheDirectoryCrossTenants) {
  EXPECT_THAT(
      Names("SELECT i.indexrelid::regclass::text FROM pg_index i JOIN " + kTenantTables +
            " ON t.oid = i.indrelid WHERE t.nspname = 'directory' AND i.indisunique AND i.indkey[0] <> t.attnum "
            "ORDER BY 1"),
      ::testing::ElementsAre("directory.api_keys_key_hash_key", "directory.invitations_token_hash_key",
                             "directory.invoices_stripe_invoice_id_key", "directory.job_queue_pkey",
                             "directory.organizations_slug_key", "directory.schedule_queue_pkey",
                             "directory.sessions_token_hash_key",
                             "directory.subscriptions_stripe_subscription_id_key"));
  EXPECT_THAT(
      Names("SELECT conname FROM pg_constraint k JOIN " + kTenantTables +
            " ON t.oid = k.conrelid WHERE t.nspname = 'directory' AND k.contype = 'f' AND k.conkey[1] <> t.attnum"),
      IsEmpty());
}

TEST_F(CatalogueTest, NoForeignKeyCrossesBetweenDirectoryAndTenantTables) {
  EXPECT_THAT(
      Names("SELECT conname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid "
            "= k.confrelid WHERE k.contype = 'f' AND a.relnamespace <> b.relnamespace"),
      IsEmpty());
}

TEST_F(CatalogueTest, TheServingLoginOwnsNothingAndBypassesNothing) {
  EXPECT_THAT(Names("SELECT rolname FROM pg_roles WHERE rolname LIKE 'helios%' AND (rolsuper OR rolbypassrls OR "
                    "rolcreaterole OR rolcreatedb OR rolreplication)"),
              IsEmpty());
  EXPECT_THAT(Names("SELECT oid::regclass::text FROM pg_class WHERE relowner = 'helios_app'::regrole"), IsEmpty());
  EXPECT_THAT(Names("SELECT oid::regprocedure::text FROM pg_proc WHERE proowner = 'helios_app'::regrole"), IsEmpty());
  EXPECT_THAT(Names("SELECT nspname FROM pg_namespace WHERE nspowner = 'helios_app'::regrole OR "
                    "has_schema_privilege('helios_app', oid, 'CREATE')"),
              IsEmpty());
  EXPECT_THAT(Names("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'helios_app'::regrole"),
              IsEmpty());
  EXPECT_THAT(Names("SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') AND "
                    "has_table_privilege('helios_app', oid, 'TRUNCATE, REFERENCES, TRIGGER')"),
              IsEmpty());
}

TEST_F(CatalogueTest, TheOwnerDoesNotInheritTheLookupOfCredentials) {
  EXPECT_EQ(Names("SELECT rolinherit FROM pg_roles WHERE rolname = 'helios_owner'"), std::vector<std::string>{"f"});
}

TEST_F(CatalogueTest, DefinersFunctionsHaveAFixedPathAndOneCaller) {
  const std::string definers =
      " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE prosecdef AND nspname !~ '^pg_' ";
  EXPECT_THAT(Names("SELECT p.oid::regprocedure::text" + definers + "ORDER BY 1"),
              ::testing::ElementsAre("directory.find_api_key(text)", "directory.find_invitation(text)",
                                     "directory.find_logins(text,text)", "directory.find_session(text)"));
  EXPECT_THAT(Names("SELECT p.oid::regprocedure::text" + definers +
                    "AND (proowner <> 'helios_lookup'::regrole OR proconfig IS DISTINCT FROM ARRAY['search_path="
                    "pg_catalog, directory, pg_temp'])"),
              IsEmpty());
  EXPECT_THAT(Names("SELECT p.oid::regprocedure::text" + definers +
                    "AND EXISTS (SELECT 1 FROM aclexplode(proacl) WHERE grantee NOT IN ('helios_app'::regrole, "
                    "'helios_lookup'::regrole))"),
              IsEmpty());
  EXPECT_THAT(Names("SELECT nspname FROM pg_namespace WHERE has_schema_privilege('helios_lookup', oid, 'CREATE')"),
              IsEmpty());
}

TEST_F(CatalogueTest, TheLookupReadsCredentialsAndNothingElse) {
  EXPECT_THAT(Names("SELECT DISTINCT table_name || ':' || privilege_type FROM information_schema.column_privileges "
                    "WHERE grantee = 'helios_lookup' ORDER BY 1"),
              ::testing::ElementsAre("api_keys:SELECT", "invitations:SELECT", "organizations:SELECT", "sessions:SELECT",
                                     "users:SELECT"));
}

}  // namespace
}  // namespace helios::pg
