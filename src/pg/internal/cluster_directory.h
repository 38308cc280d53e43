// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.h"

namespace helios::pg::internal {

/// Held for as long as it lives: at most one process uses the data directory. The kernel lets go of it when the
/// process dies, however it dies.
class DirectoryLock {
 public:
  /// Errors: kFailedPrecondition pg.data_directory_in_use.
  static Result<DirectoryLock> Take(const std::filesystem::path& data_directory);

  DirectoryLock(DirectoryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_;
};

/// Whether the data directory holds a cluster of ours: then its PostgreSQL version, or nothing where it is absent or
/// empty. Errors: kFailedPrecondition pg.foreign_data_directory, pg.wrong_version (a format of a later Helios).
Result<std::optional<int>> ReadClusterVersion(const std::filesystem::path& data_directory);

/// The directory of initdb and postgres for a cluster of `version`, or of the newest version for a new cluster.
/// Errors: kFailedPrecondition pg.no_server_programs, pg.wrong_version.
Result<std::filesystem::path> FindPrograms(const std::filesystem::path& configured, std::optional<int> version,
                                           const std::filesystem::path& data_directory);

/// Runs initdb beside the data directory and moves the result into place when it is whole, marked as ours, synced
/// if `durable`.
/// Errors: kUnavailable pg.cannot_start.
Result<void> InitializeCluster(const std::filesystem::path& programs, const std::filesystem::path& data_directory,
                               bool durable);

/// The server process of a data directory, as its postmaster.pid names it, or nothing where there is none: the number
/// alone proves nothing, since another process may have it by now.
std::optional<pid_t> FindServerOf(const std::filesystem::path& data_directory);

/// Stops a server that an earlier process left over, and backends whose server was killed, and removes a pid file whose
/// server is gone.
/// Errors: kUnavailable pg.cannot_start when it does not go.
Result<void> StopLeftover(const std::filesystem::path& data_directory);

/// Removes the socket and its lock that a dead server of this data directory left in `sockets`: a new one would refuse
/// to start wherever the number in the lock is in use again, be it by a process that ended and was not yet reaped.
/// Call it after StopLeftover(). A lock that names another data directory stays.
void RemoveStaleSocket(const std::filesystem::path& sockets, const std::filesystem::path& data_directory);

/// A directory of mode 0700, our own, for the server's socket, short enough for a socket's path (107 bytes): below
/// XDG_RUNTIME_DIR, else in /tmp. The same one for the same data directory, unless someone else has taken that name.
/// Errors: kUnavailable pg.cannot_start.
Result<std::filesystem::path> MakeSocketDirectory(const std::filesystem::path& data_directory);

}  // namespace helios::pg::internal
