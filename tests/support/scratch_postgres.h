// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace helios::testing {

/// A migrated database of a test's own. Dropped with the cluster.
struct ScratchDatabase {
  std::string app_url;        ///< login helios_app: what the product serves with
  std::string owner_url;      ///< login helios_owner: what migrates
  std::string superuser_url;  ///< past row-level security, to arrange and to look
};

/// A PostgreSQL of the test's own in a temporary directory: pg::PrivateCluster in a process of its own, so that it
/// also works for a test that runs as root. Gone, with its files, when the object is, or when the test dies.
/// Every failure aborts the test with its cause.
///
///   ScratchPostgres::Shared() starts one (about a second) for all tests of a program;
///   .NewDatabase() gives each test its own, with every migration applied (about 0.1 s).
class ScratchPostgres {
 public:
  ScratchPostgres();
  ~ScratchPostgres();
  ScratchPostgres(const ScratchPostgres&) = delete;
  ScratchPostgres& operator=(const ScratchPostgres&) = delete;

  static ScratchPostgres& Shared();

  ScratchDatabase NewDatabase();

  /// Without any migration.
  ScratchDatabase NewEmptyDatabase();

  [[nodiscard]] pid_t server_pid() const;  ///< of the PostgreSQL running now, from its pid file
  [[nodiscard]] pid_t helper_pid() const { return helper_; }
  [[nodiscard]] std::filesystem::path data_directory() const { return directory_ / "postgres"; }

 private:
  ScratchDatabase Create(std::string_view source);

  std::filesystem::path directory_;
  pid_t helper_ = -1;
  int lifeline_ = -1;  // the helper ends when this is closed, however that comes about
  std::string socket_;
};

/// SQL as a test writes it, in autocommit. Not thread-safe.
class SqlClient {
 public:
  struct Answer {
    std::string sqlstate;  ///< "" for success; "connection" when there is none any more
    std::string message;
    std::vector<std::vector<std::optional<std::string>>> rows;
    std::size_t affected = 0;
    [[nodiscard]] bool ok() const { return sqlstate.empty(); }
    /// The single value; aborts unless there is one row with one column.
    [[nodiscard]] std::string value() const;
  };

  /// Aborts when it cannot connect.
  explicit SqlClient(const std::string& url);
  ~SqlClient();
  SqlClient(const SqlClient&) = delete;
  SqlClient& operator=(const SqlClient&) = delete;

  /// One statement or several; the last one's answer, or the first failure.
  Answer Run(const std::string& sql);

  /// Aborts on failure.
  Answer Must(const std::string& sql);

 private:
  pg_conn* connection_;
};

}  // namespace helios::testing
