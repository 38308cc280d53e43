// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

namespace helios::pg {

struct PrivateClusterConfig {
  std::filesystem::path data_directory;   ///< "<data-dir>/postgres"; made where absent
  std::filesystem::path bin_directory{};  ///< of initdb and postgres; empty: under /usr/lib/postgresql, the data
                                          ///< directory's own version, or the newest for a new one
  bool durable = true;                    ///< false: never fsyncs; for the scratch clusters of tests alone
};

/// A PostgreSQL of our own: created by initdb on first use, listening on a UNIX socket in a short
/// directory of mode 0700 alone, stopped with its parent.
///
/// Not as root (see privileges.h), from any thread: a thread of the cluster's own makes every server process and
/// lives until Stop(), since a parent-death signal follows the thread that forked. Until then no other code may wait
/// for any child (waitpid(-1)).
/// A server that a crash left over is recognised by its pid file and stopped first; a data directory of another
/// version, one not made by Helios, or one that another process holds is refused; an initdb that was cut short leaves
/// nothing behind. The directory's siblings "<name>.lock" and "<name>.new" belong to the cluster too. The server's log
/// is server.log in the data directory, at most 8 MB and one predecessor.
/// Supervised: when the server dies it is started again, with backoff; the urls stay the same.
class PrivateCluster {
 public:
  /// Blocks until the server answers, also through a long crash recovery (at most 10 minutes).
  /// Errors: kFailedPrecondition pg.foreign_data_directory, pg.wrong_version, pg.running_as_root,
  /// pg.data_directory_in_use, pg.no_server_programs; kUnavailable pg.cannot_start, with the server's last words.
  [[nodiscard]] static Result<std::unique_ptr<PrivateCluster>> Start(const PrivateClusterConfig& config);

  virtual ~PrivateCluster() = default;

  [[nodiscard]] virtual std::string owner_url() const = 0;  ///< login helios_owner, which migrates
  [[nodiscard]] virtual std::string app_url() const = 0;    ///< login helios_app, which serves

  /// Writes everything in the database to `file`, in pg_dump's custom format, as of one moment, while the server goes
  /// on. Errors: kUnavailable pg.dump_failed, with pg_dump's words.
  [[nodiscard]] virtual Result<void> Dump(const std::filesystem::path& file) = 0;

  /// Fills the database, which must be empty, with what Dump() wrote; all of it or nothing.
  /// Errors: kUnavailable pg.load_failed, with pg_restore's words.
  [[nodiscard]] virtual Result<void> Load(const std::filesystem::path& file) = 0;

  /// A fast shutdown; blocks up to 10 s, then immediate. Idempotent; the destructor calls it.
  virtual void Stop() = 0;
};

}  // namespace helios::pg
