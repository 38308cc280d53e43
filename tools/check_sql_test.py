#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import unittest

import check_sql
from fixture import TreeTest

TENANT = "org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid"
GUARD = f"""
ALTER TABLE models ENABLE ROW LEVEL SECURITY;
ALTER TABLE models FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON models USING ({TENANT}) WITH CHECK ({TENANT});
"""
MODELS = """-- the models; a comment with a semicolon; and a quote's mark
CREATE TABLE models (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL DEFAULT 'a;b' CHECK (name <> ''),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, name)
);
"""


class Migrations(TreeTest):
    def problems(self, sql: str, path: str = "db/tenant/V0001__start.sql") -> list[str]:
        return check_sql.check(self.make_tree({path: sql}))[0]

    def test_a_guarded_table_passes(self):
        self.assert_problems(self.problems(MODELS + GUARD))

    def test_a_table_without_security_is_refused_three_times(self):
        self.assert_problems(self.problems(MODELS), "ENABLE", "FORCE", "no policy")

    def test_force_is_not_forgotten(self):
        self.assert_problems(self.problems(MODELS + GUARD.replace("FORCE", "NO FORCE")), "FORCE")

    def test_a_policy_needs_both_clauses_on_the_setting_with_nullif(self):
        self.assert_problems(self.problems(MODELS + GUARD.replace(f" WITH CHECK ({TENANT})", "")), "WITH CHECK")
        loose = GUARD.replace(TENANT, "org_id = current_setting('app.current_tenant')::uuid")
        self.assert_problems(self.problems(MODELS + loose), "USING", "WITH CHECK")

    def test_a_policy_that_lets_more_in_is_refused(self):
        wide = GUARD.replace(f"USING ({TENANT})", f"USING ({TENANT} OR true)")
        self.assert_problems(self.problems(MODELS + wide), "USING")
        self.assert_problems(self.problems(MODELS + GUARD + "CREATE POLICY all_rows ON models FOR SELECT USING (true);"), "USING")

    def test_a_policy_for_one_command_has_the_clauses_of_that_command(self):
        one_by_one = GUARD + f"CREATE POLICY i ON models FOR INSERT WITH CHECK ({TENANT}); CREATE POLICY d ON models FOR DELETE USING ({TENANT});"
        self.assert_problems(self.problems(MODELS + one_by_one))

    def test_looking_a_credential_up_is_wider_but_guards_nothing(self):
        lookup = "CREATE POLICY lookup ON models FOR SELECT TO helios_lookup USING (true);"
        self.assert_problems(self.problems(MODELS + GUARD + lookup))
        self.assert_problems(self.problems(MODELS + GUARD + lookup.replace("helios_lookup", "helios_app")), "USING")
        self.assert_problems(self.problems(MODELS + GUARD.split("CREATE POLICY")[0] + lookup), "no policy")

    def test_a_loop_over_names_is_read_as_what_it_executes(self):
        quoted = TENANT.replace("'", "''")
        loop = f"""DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY['plans', 'models'] LOOP
          EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
          EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
          EXECUTE format('CREATE POLICY tenant ON %I USING ({quoted}) '
                         'WITH CHECK ({quoted})', name);
        END LOOP; END $$;"""
        self.assert_problems(self.problems(MODELS + loop))
        self.assert_problems(self.problems(MODELS + loop.replace(", 'models'", "")), "ENABLE", "FORCE", "no policy")

    def test_an_organization_is_guarded_by_its_id(self):
        table = "CREATE TABLE organizations (id uuid PRIMARY KEY);"
        guard = GUARD.replace("org_id", "id").replace("models", "organizations")
        self.assert_problems(self.problems(table + guard, "db/directory/V0001__start.sql"))
        self.assert_problems(self.problems(table, "db/directory/V0001__start.sql"), "ENABLE", "FORCE", "no policy")

    def test_a_function_with_its_owners_rights_fixes_its_search_path(self):
        function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$ SELECT 1; $$;"
        self.assert_problems(self.problems(function))
        self.assert_problems(self.problems(function.replace("SET search_path = pg_catalog", "")), "search_path")

    def test_a_table_without_org_id_needs_no_policy(self):
        self.assert_problems(self.problems("CREATE TABLE plans (name text PRIMARY KEY);", "db/directory/V0001__start.sql"))

    def test_keys_of_tenant_tables_start_with_org_id(self):
        self.assert_problems(self.problems(MODELS.replace("(org_id, id)", "(id)") + GUARD), "PRIMARY KEY")
        self.assert_problems(self.problems(MODELS.replace("id uuid NOT NULL,\n  name", "id uuid UNIQUE,\n  name") + GUARD), "models.id")
        self.assert_problems(self.problems(MODELS + GUARD + "CREATE UNIQUE INDEX ON models (name);"), "unique index")
        self.assert_problems(self.problems(MODELS + GUARD + "CREATE UNIQUE INDEX n ON models (org_id, name);"))

    def test_directory_tables_may_have_keys_of_their_own(self):
        self.assert_problems(self.problems(MODELS.replace("(org_id, id)", "(id)") + GUARD, "db/directory/V0001__start.sql"))

    def test_a_view_runs_with_its_callers_rights(self):
        self.assert_problems(self.problems("CREATE VIEW latest AS SELECT 1;"), "security_invoker")
        self.assert_problems(self.problems("CREATE VIEW latest WITH (security_invoker = true) AS SELECT 1;"))

    def test_an_excepted_statement_excepts_itself_alone(self):
        free = "-- no-tenant: each schema records its version\nCREATE TABLE versions (version int PRIMARY KEY);\n"
        self.assert_problems(self.problems(free + MODELS + GUARD))
        self.assert_problems(self.problems(free + MODELS), "ENABLE", "FORCE", "no policy")


class Queries(TreeTest):
    def problems(self, sql: str) -> list[str]:
        return check_sql.check(self.make_tree({"db/tenant/V0001__a.sql": MODELS + GUARD, "src/training/sql/q.sql": sql}))[0]

    def test_queries_that_compare_the_tenant_pass(self):
        for sql in (
            "SELECT id FROM models WHERE org_id = $1 AND id = $2;",
            "SELECT m.id FROM models m JOIN models n USING (org_id, id) WHERE m.name = 'x';",
            "SELECT 1 FROM models WHERE (org_id, id) IN (($1, $2))",
            "INSERT INTO models (org_id, id, name) VALUES ($1, $2, $3) RETURNING id",
            "UPDATE models SET name = $3 WHERE $1 = models.org_id",
            "SELECT name FROM plans WHERE name = 'models'",
        ):
            self.assert_problems(self.problems(sql))

    def test_a_query_without_the_tenant_is_refused_with_its_line(self):
        self.assert_problems(self.problems("-- org_id = $1 in a comment is nothing\nSELECT id FROM models WHERE id = $1;"), "q.sql:2: touches models")

    def test_selecting_the_tenant_is_not_comparing_it(self):
        self.assert_problems(self.problems("SELECT org_id, id FROM models WHERE id = $1"), "touches models")

    def test_an_insert_names_the_tenant(self):
        self.assert_problems(self.problems("INSERT INTO models (id, name) VALUES ($1, $2)"), "touches models")

    def test_each_statement_answers_for_itself(self):
        self.assert_problems(self.problems("SELECT 1 FROM models WHERE org_id = $1;\nDELETE FROM models;"), "q.sql:2")

    def test_an_organization_is_found_by_its_id(self):
        self.assert_problems(self.problems("SELECT name FROM organizations WHERE id = $1"))
        self.assert_problems(self.problems("SELECT name FROM organizations WHERE plan = $1"), "organizations")

    def test_an_exception_has_a_reason(self):
        self.assert_problems(self.problems("-- no-tenant: a key is looked up before its tenant is known\nSELECT id FROM models;"))
        self.assert_problems(self.problems("-- no-tenant:\nSELECT id FROM models;"), "gives no reason")

    def test_no_setting_outlives_its_transaction(self):
        for text in ("SET app.current_tenant = 'x'", "set local role helios_owner", "SELECT set_config('app.current_tenant', $1, false)"):
            self.assert_problems(check_sql.check(self.make_tree({"src/pg/a.cc": f'auto sql = "{text}";'}))[0], "outlives")
        fine = "auto sql = \"SELECT set_config('app.current_tenant', $1, true)\";  // never SET ROLE"
        self.assert_problems(check_sql.check(self.make_tree({"src/pg/a.cc": fine}))[0])


if __name__ == "__main__":
    unittest.main()
