// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

namespace helios::pg {

struct PrivateClusterConfig {
  std::filesystem::path data_directory;  ///< "<data-dir>/postgres"; made where absent
  std::filesystem::path bin_directory;   ///< of initdb and postgres; empty: the newest under /usr/lib/postgresql
};

/// A PostgreSQL of our own: created by initdb on first use, listening on a UNIX socket in a short
/// directory of mode 0700 alone, stopped with its parent.
///
/// Start() must be called from the main thread (the server's parent-death signal follows that thread) and
/// not as root. A server that a crash left over is recognised by its pid file and stopped first; a data
/// directory of another version, or one not made by Helios, is refused.
/// Supervised: when the server dies it is started again, with backoff; Url() stays the same.
class PrivateCluster {
 public:
  /// Errors: kFailedPrecondition pg.foreign_data_directory, pg.wrong_version, pg.running_as_root;
  /// kUnavailable pg.cannot_start, with the server's last words, pg.no_server_programs.
  [[nodiscard]] static Result<std::unique_ptr<PrivateCluster>> Start(const PrivateClusterConfig& config);

  virtual ~PrivateCluster() = default;

  [[nodiscard]] virtual std::string owner_url() const = 0;  ///< login helios_owner, which migrates
  [[nodiscard]] virtual std::string app_url() const = 0;    ///< login helios_app, which serves

  /// A fast shutdown; blocks up to 10 s, then immediate. Idempotent; the destructor calls it.
  virtual void Stop() = 0;
};

}  // namespace helios::pg
