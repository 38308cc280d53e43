#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that no SQL can reach another tenant's rows.

  check_sql.py [ROOT]

Migrations, db/directory/*.sql and db/tenant/*.sql:
- every table with an org_id column, and `organizations` by its id, has row-level security ENABLEd and FORCEd, and
  policies with USING and WITH CHECK on org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid. A
  policy FOR SELECT TO helios_lookup, as whom nobody logs in, may be wider: it finds credentials before their tenant is
  known. `DO` blocks that loop over an ARRAY of names with format() are read as what they execute;
- keys of a tenant table start with org_id: primary, unique and foreign, as constraint or as unique index;
- a view is security_invoker; a SECURITY DEFINER function fixes its search_path.
Queries, src/*/sql/*.sql: each statement that touches a table with org_id compares org_id with something, or names it
among the columns it inserts; for `organizations`, whose id is the tenant, it compares id.
  `-- no-tenant: <reason>` on a line of its own excepts a query's file; in a migration it excepts the next statement.
Everywhere: no SET of the tenant and no SET ROLE, for both outlive the transaction and leak through a pool.
"""
import os
import re
import sys

import tree

EXCEPTION = re.compile(r"^\s*--\s*no-tenant:(.*)$", re.MULTILINE)
CREATE_TABLE = re.compile(
    r"\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?\"?(\w+)\"?\s*\((.*)\)",
    re.I | re.S,
)
ADD_COLUMN = re.compile(
    r"\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(\w+)\s+ADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?org_id\b",
    re.I,
)
DROP_TABLE = re.compile(r"\bDROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?(\w+)", re.I)
ALTER = r"\bALTER\s+TABLE\s+(?:ONLY\s+)?{table}\b[^;]*(?<!NO )\b{verb}\s+ROW\s+LEVEL\s+SECURITY"
POLICY = re.compile(r"\bCREATE\s+POLICY\s+\w+\s+ON\s+(\w+)\b(.*)", re.I | re.S)
TENANT = r"{column}\s*=\s*NULLIF\s*\(\s*current_setting\s*\(\s*'app\.current_tenant'\s*,\s*true\s*\)\s*,\s*''\s*\)\s*::\s*uuid"
KEY = re.compile(r"\b(PRIMARY\s+KEY|UNIQUE(?:\s+NULLS\s+NOT\s+DISTINCT)?|FOREIGN\s+KEY)\s*\(\s*(\w+)", re.I)
COLUMN_KEY = re.compile(
    r"^\s*(?!CONSTRAINT\b|PRIMARY\b|UNIQUE\b|FOREIGN\b|CHECK\b|EXCLUDE\b)(\w+)\s[^,]*?\b(PRIMARY"
    r"\s+KEY|UNIQUE|REFERENCES)\b",
    re.I | re.S,
)
UNIQUE_INDEX = re.compile(
    r"\bCREATE\s+UNIQUE\s+INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?\w*\s*ON\s+(\w+)[^(]*\(\s*(\w+)",
    re.I,
)
VIEW = re.compile(r"\bCREATE\s+(?:OR\s+REPLACE\s+)?VIEW\s+(\w+)(.*)", re.I | re.S)
DEFINER = re.compile(r"\bCREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+([\w.]+)(?=.*\bSECURITY\s+DEFINER\b)", re.I | re.S)
LOOP = re.compile(r"\bFOREACH\s+\w+\s+IN\s+ARRAY\s+ARRAY\s*\[([^\]]*)\]\s*LOOP(.*?)\bEND\s+LOOP", re.I | re.S)
EXECUTED = re.compile(r"\bEXECUTE\s+format\s*\(\s*((?:'(?:[^']|'')*'\s*)+),", re.I)
LITERAL = re.compile(r"'((?:[^']|'')*)'")
LEAKY = re.compile(r"\bSET\s+(?:SESSION\s+|LOCAL\s+)?(?:app\.current_tenant|ROLE)\b", re.I)
LEAKY_CALL = re.compile(r"set_config\(\s*'app\.current_tenant'\s*,[^,]+,\s*false", re.I)

COMPARED = r"(?:\b{column}\s*(?:=|<>|IN\b|IS\s+NOT\s+DISTINCT)|=\s*(?:\w+\.)?{column}\b)"
JOINED_BY = re.compile(r"\bUSING\s*\(\s*(?:\w+\s*,\s*)*org_id\b", re.I)
ROW_COMPARED = re.compile(r"\(\s*(?:\w+\.)?org_id\s*,[^()]*\)\s*(?:=|IN\b|<|>)", re.I)
INSERT = re.compile(r"\bINSERT\s+INTO\s+(\w+)(?:\s+AS\s+\w+)?\s*\(([^)]*)\)", re.I)


def without_comments(sql: str) -> str:
    """The same text with comments blanked, line breaks kept."""
    keep = re.compile(r"('(?:[^']|'')*')|--[^\n]*|/\*.*?\*/", re.S)
    return keep.sub(lambda match: match.group(1) or "\n" * match.group(0).count("\n"), sql)


def statements(sql: str) -> list[tuple[int, str]]:
    """(line, text) of each statement; a semicolon inside quotes or dollar quotes does not end one."""
    text = without_comments(sql)
    found, start = [], 0
    for match in re.finditer(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|;|\Z", text, re.S):
        if match.group(0) in (";", ""):
            body = text[start : match.start()]
            if body.strip():
                lead = len(body) - len(body.lstrip())
                found.append((text.count("\n", 0, start + lead) + 1, body.strip()))
            start = match.end()
    return found


def executed(sql: str) -> list[str]:
    """The statements that a DO block makes with format() for each of an array's names; `sql` itself when it is none."""
    if not re.match(r"DO\b", sql, re.I):
        return [sql]
    made = []
    for names, body in LOOP.findall(sql):
        for literals in EXECUTED.findall(body):
            template = "".join(LITERAL.findall(literals)).replace("''", "'")
            made += [re.sub("%[IsL]", name, template) for name in LITERAL.findall(names)]
    return made


def top_level_items(body: str) -> list[str]:
    items, depth, item = [], 0, ""
    for letter in body:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            items.append(item)
            item = ""
        else:
            item += letter
    return items + [item]


class Schema:
    """What the migrations create, and what is wrong with them."""

    def __init__(self, root: str, paths: list[str]):
        self.tables: dict[str, str] = {}  # table with org_id, and organizations -> where it is created
        self.problems: list[str] = []
        self.found: list[tuple[str, str, bool, bool]] = []  # where, statement, of a tenant table's set, excepted
        for path in paths:
            self.read(path, tree.read(root, path))
        for where, sql, of_tenant, free in self.found:
            self.add_table(where, sql, of_tenant, free)
        guarded = set()
        for where, sql, of_tenant, free in self.found:
            if not free:
                guarded |= self.check_statement(where, sql, of_tenant)
        script = ";\n".join(sql for _, sql, _, _ in self.found)
        for table, where in self.tables.items():
            for verb in ("ENABLE", "FORCE"):
                if not re.search(ALTER.format(table=table, verb=verb), script, re.I):
                    self.problems.append(f"{where}: table {table} has org_id and lacks {verb} ROW LEVEL SECURITY")
            if table not in guarded:
                self.problems.append(f"{where}: table {table} has org_id and no policy")

    def read(self, path: str, text: str) -> None:
        excepted = {text.count("\n", 0, match.start()) + 1 for match in EXCEPTION.finditer(text)}
        previous_end = 0
        for line, sql in statements(text):
            free = any(previous_end < number < line for number in excepted)
            previous_end = line + sql.count("\n")
            for made in executed(sql):
                self.found.append((f"{path}:{line}", made, path.startswith("db/tenant/"), free))

    def add_table(self, where: str, sql: str, of_tenant: bool, free: bool) -> None:
        if match := CREATE_TABLE.search(sql):
            table, items = match.group(1), top_level_items(match.group(2))
            if (table == "organizations" or any(re.match(r"\s*org_id\s", item) for item in items)) and not free:
                self.tables[table] = where
            for item in items if of_tenant and not free else []:
                self.key(where, table, item)
        elif match := ADD_COLUMN.search(sql):
            self.tables[match.group(1)] = where
        elif match := DROP_TABLE.search(sql):
            self.tables.pop(match.group(1), None)

    def check_statement(self, where: str, sql: str, of_tenant: bool) -> set[str]:
        """Notes what is wrong with one statement; gives the table that it guards by a policy for everyone."""
        if match := POLICY.search(sql):
            return self.check_policy(where, match.group(1), match.group(2))
        match = VIEW.search(sql)
        if match and "security_invoker" not in re.split(r"\bAS\b", match.group(2), flags=re.I)[0].lower():
            self.problems.append(f"{where}: view {match.group(1)} is not security_invoker and so ignores the policies")
        if (match := DEFINER.search(sql)) and not re.search(r"\bSET\s+search_path\b", sql, re.I):
            self.problems.append(f"{where}: function {match.group(1)} is SECURITY DEFINER and fixes no search_path")
        if of_tenant and (match := UNIQUE_INDEX.search(sql)) and match.group(2) != "org_id":
            self.problems.append(f"{where}: a unique index on {match.group(1)} starts with {match.group(2)}; want org_id")
        return set()

    def check_policy(self, where: str, table: str, rest: str) -> set[str]:
        if table not in self.tables or re.search(r"\bFOR\s+SELECT\s+TO\s+helios_lookup\s+USING\b", rest, re.I):
            return set()
        command = re.search(r"\bFOR\s+(ALL|SELECT|INSERT|UPDATE|DELETE)\b", rest, re.I)
        command = command.group(1).upper() if command else "ALL"
        clauses = {"SELECT": ["USING"], "DELETE": ["USING"], "INSERT": ["WITH CHECK"]}.get(command, ["USING", "WITH CHECK"])
        column = "id" if table == "organizations" else "org_id"
        for clause in clauses:
            if not re.search(clause.replace(" ", r"\s+") + r"\s*\(+\s*" + TENANT.format(column=column) + r"\s*\)", rest, re.I):
                self.problems.append(
                    f"{where}: the policy on {table} lacks {clause} ({column} = NULLIF(current_setting('app.current_tenant', "
                    "true), '')::uuid), and nothing else"
                )
        return {table}

    def key(self, where: str, table: str, item: str) -> None:
        if match := COLUMN_KEY.match(item):
            if match.group(1) != "org_id":
                problem = f"{table}.{match.group(1)} is a {match.group(2)} by itself; want one that starts with org_id"
                self.problems.append(f"{where}: {problem}")
        elif (match := KEY.search(item)) and match.group(2) != "org_id":
            self.problems.append(f"{where}: a {match.group(1)} of {table} starts with {match.group(2)}; want org_id")


def query_problem(sql: str, tables: set[str]) -> str:
    """What is wrong with one statement of a query file; empty when nothing is."""
    words = set(re.findall(r"[a-z_]\w*", re.sub(r"'(?:[^']|'')*'", "", sql).lower()))
    inserted = {match.group(1).lower(): match.group(2) for match in INSERT.finditer(sql)}
    compared = re.search(COMPARED.format(column="org_id"), sql, re.I) or JOINED_BY.search(sql) or ROW_COMPARED.search(sql)
    for table in sorted(words & tables):
        named = "org_id" in re.split(r"[\s,]+", inserted.get(table, ""))
        if not named and not compared:
            return f"touches {table} and compares no org_id"
    if "organizations" in words and "organizations" not in inserted and not compared:
        if not re.search(COMPARED.format(column="id"), sql, re.I):
            return "touches organizations and compares no id"
    return ""


def check(root: str) -> tuple[list[str], str]:
    paths = tree.files(root)
    schema = Schema(root, [path for path in paths if re.match(r"db/(directory|tenant)/[^/]+\.sql$", path)])
    problems = schema.problems
    queries = [path for path in paths if re.match(r"src/\w+/sql/[^/]+\.sql$", path)]
    for path in queries:
        text = tree.read(root, path)
        reasons = EXCEPTION.findall(text)
        problems += [f"{path}: `-- no-tenant:` gives no reason" for reason in reasons if not reason.strip()]
        if reasons:
            continue
        for line, sql in statements(text):
            if reason := query_problem(sql, set(schema.tables) - {"organizations"}):
                problems.append(f"{path}:{line}: {reason}; a query that must is excepted by `-- no-tenant: <reason>`")
    for path in paths:
        if os.path.splitext(path)[1] not in (".sql", ".cc", ".h"):
            continue
        text = tree.read(root, path)
        text = without_comments(text) if path.endswith(".sql") else re.sub(r"//[^\n]*", "", text)
        for pattern in (LEAKY, LEAKY_CALL):
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                problems.append(f"{path}:{line}: `{match.group(0)}` outlives its transaction; want a TenantTransaction")
    return problems, f"{len(schema.tables)} tables with org_id, {len(queries)} queries"


if __name__ == "__main__":
    found, summary = check(tree.root_argument())
    sys.exit(tree.report("check_sql", found, summary))
