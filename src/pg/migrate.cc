// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/migrate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "obs/log.h"
#include "pg/internal/migration_set.h"
#include "pg/migrations_directory.h"
#include "pg/migrations_tenant.h"

namespace helios::pg {
namespace internal {
namespace {

// Of pg_advisory_lock(): "helios" in ASCII. Locks are the database's own, so every Helios database has one.
constexpr std::string_view kLockKey = "114784819834739";

struct Migration {
  int version;
  int release;
  EmbeddedFile file;
};

struct Applied {
  std::string name;
  std::string checksum;
  int release;
};

std::optional<int> NumberAt(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return number;
}

Error BadFile(const EmbeddedFile& file, std::string_view want) {
  return {ErrorCode::kInternal, "pg.migration_failed", fmt::format("cannot apply {}: want {}", file.name, want)};
}

// In the order of their versions, which must be 1, 2, 3, ….
Result<std::vector<Migration>> ReadMigrations(std::span<const EmbeddedFile> files) {
  static constexpr std::string_view kRelease = "-- release: ";
  std::vector<Migration> migrations;
  for (const EmbeddedFile& file : files) {
    const auto version = file.name.starts_with("V") ? NumberAt(file.name.substr(1)) : std::nullopt;
    if (!version || file.name.find("__") != 5) {
      return std::unexpected(BadFile(file, "a name such as V0001__what_it_does.sql"));
    }
    const std::size_t line = file.bytes.find(kRelease);
    const auto release =
        line == std::string_view::npos ? std::nullopt : NumberAt(file.bytes.substr(line + kRelease.size()));
    if (!release) return std::unexpected(BadFile(file, "a line '-- release: N'"));
    migrations.push_back({*version, *release, file});
  }
  std::ranges::sort(migrations, {}, &Migration::version);
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].version != static_cast<int>(i) + 1) {
      return std::unexpected(BadFile(migrations[i].file, fmt::format("version {}", i + 1)));
    }
  }
  return migrations;
}

Result<void> Done(Result<ResultPtr> result) {
  if (!result) return std::unexpected(std::move(result).error());
  return {};
}

Error WithContext(Error error, std::string_view file) {
  if (error.code != ErrorCode::kInternal || error.reason == "pg.migration_failed") return error;
  return {ErrorCode::kInternal, "pg.migration_failed", fmt::format("cannot apply {}: {}", file, error.message)};
}

Result<std::map<int, Applied>> ReadApplied(AdminSession& session) {
  HELIOS_TRY(const ResultPtr rows, session.Run("SELECT version, name, checksum, release FROM schema_migrations"));
  std::map<int, Applied> applied;
  for (int i = 0; i < PQntuples(rows.get()); ++i) {
    applied[NumberAt(PQgetvalue(rows.get(), i, 0)).value_or(0)] = Applied{
        PQgetvalue(rows.get(), i, 1), PQgetvalue(rows.get(), i, 2), NumberAt(PQgetvalue(rows.get(), i, 3)).value_or(0)};
  }
  return applied;
}

// The database may be one release ahead of the program: that release reads and writes what this one does.
Result<void> CheckNotTooNew(const std::map<int, Applied>& applied, const std::vector<Migration>& known,
                            std::string_view schema) {
  const int ours = known.empty() ? 0 : known.back().release;
  for (const auto& [version, migration] : applied) {
    if (version > static_cast<int>(known.size()) && migration.release > ours + 1) {
      return Fail(ErrorCode::kFailedPrecondition, "pg.migration_newer",
                  "cannot use the database: {} of schema {} belongs to release {}, this program to release {}; want a "
                  "program of release {} or later",
                  migration.name, schema, migration.release, ours, migration.release - 1);
    }
  }
  return {};
}

// Isolation rests on row-level security, which binds neither superusers nor roles with BYPASSRLS; what such an owner
// creates would be fine, but the same mistake in the login that serves would not show.
Result<void> CheckRoles(AdminSession& session) {
  HELIOS_TRY(
      const std::string missing,
      session.Value("SELECT string_agg(want, ', ') FROM unnest('{helios_owner,helios_app,helios_lookup}'::text[])"
                    " AS want WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = want)"));
  if (!missing.empty()) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.roles_missing",
                "cannot migrate: this server has no role {}; run db/roles.sql on it as an administrator", missing);
  }
  HELIOS_TRY(const std::string almighty,
             session.Value("SELECT string_agg(rolname, ', ') FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND "
                           "(rolname = current_user OR rolname IN ('helios_owner', 'helios_app', 'helios_lookup'))"));
  if (!almighty.empty()) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.role_bypasses_rls",
                "cannot migrate: role {} is a superuser or has BYPASSRLS, so that row-level security does not bind it; "
                "want roles as db/roles.sql makes them",
                almighty);
  }
  return {};
}

// One transaction: the file, and the row that says it was applied.
Result<void> ApplyOne(AdminSession& session, std::string_view schema, const Migration& migration) {
  HELIOS_CHECK(Done(session.Run("BEGIN")));
  HELIOS_CHECK(Done(session.Run(fmt::format("SET LOCAL search_path = {}, pg_temp", schema))));
  HELIOS_CHECK(Done(session.Run(std::string(migration.file.bytes))));
  HELIOS_CHECK(
      Done(session.Run("INSERT INTO schema_migrations (version, name, checksum, release) "
                       "VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'), $4)",
                       {std::to_string(migration.version), migration.file.name, migration.file.bytes,
                        std::to_string(migration.release)})));
  return Done(session.Run("COMMIT"));
}

}  // namespace

Result<MigrationOutcome> ApplyMigrations(AdminSession& session, const MigrationSet& set) {
  HELIOS_TRY(const auto known, ReadMigrations(set.files));
  HELIOS_CHECK(
      Done(session.Run(fmt::format("CREATE SCHEMA IF NOT EXISTS {0}; SET search_path = {0}, pg_temp; "
                                   "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, name "
                                   "text NOT NULL, checksum char(64) "
                                   "NOT NULL, release integer NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
                                   set.schema))));
  HELIOS_TRY(const auto applied, ReadApplied(session));
  HELIOS_CHECK(CheckNotTooNew(applied, known, set.schema));

  MigrationOutcome outcome{.applied = 0, .version = applied.empty() ? 0 : applied.rbegin()->first};
  for (const Migration& migration : known) {
    if (const auto row = applied.find(migration.version); row != applied.end()) {
      HELIOS_TRY(const std::string checksum,
                 session.Value("SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex')", {migration.file.bytes}));
      if (checksum == row->second.checksum) continue;
      return Fail(ErrorCode::kFailedPrecondition, "pg.migration_changed",
                  "cannot migrate schema {}: {} was applied as {} with another content; want it unchanged, and the "
                  "change in a new file",
                  set.schema, migration.file.name, row->second.name);
    }
    if (auto done = ApplyOne(session, set.schema, migration); !done) {
      (void)session.Run("ROLLBACK");
      return std::unexpected(WithContext(std::move(done).error(), migration.file.name));
    }
    obs::LogInfo("pg.migrated", {{"schema", set.schema}, {"file", migration.file.name}});
    ++outcome.applied;
    outcome.version = std::max(outcome.version, migration.version);
  }
  return outcome;
}

Result<MigrationOutcome> MigrateSets(const std::string& owner_url, std::span<const MigrationSet> sets) {
  HELIOS_TRY(auto session, AdminSession::Open(owner_url));
  HELIOS_CHECK(CheckRoles(session));
  // Held by the session: it ends with it, also when this process is killed.
  HELIOS_CHECK(Done(session.Run("SELECT pg_advisory_lock($1)", {kLockKey})));
  MigrationOutcome total;
  for (const MigrationSet& set : sets) {
    auto outcome = ApplyMigrations(session, set);
    if (!outcome) return std::unexpected(WithContext(std::move(outcome).error(), set.schema));
    total.applied += outcome->applied;
    total.version = std::max(total.version, outcome->version);
  }
  return total;
}

}  // namespace internal

Result<MigrationOutcome> Migrate(const std::string& owner_url) {
  const std::array<internal::MigrationSet, 2> sets = {{
      {"directory", DirectoryMigrations()},
      {"shared", TenantMigrations()},
  }};
  return internal::MigrateSets(owner_url, sets);
}

}  // namespace helios::pg
