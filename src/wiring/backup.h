// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>
#include <functional>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "pg/private_cluster.h"
#include "secrets/key_provider.h"
#include "tenancy/route.h"
#include "tsdb/embedded_store.h"
#include "wiring/serve_config.h"

namespace helios::wiring {

/// What a backup is made of, while all of it is in use.
struct BackupSources {
  tsdb::EmbeddedStore& store;
  pg::PrivateCluster* cluster = nullptr;  ///< null: the control database is elsewhere, and so is its backup
  const secrets::KeyProvider& keys;
  /// Where artifacts and states are, and the database's dump stands in the clear for a moment: beside the database,
  /// which is so too.
  std::filesystem::path data_dir;
};

struct BackupReport {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  std::size_t series = 0;
  bool database = false;
};

/// Writes a backup to `directory`, which must be absent or empty. Samples are those accepted before the call; the
/// database's moment is a little later, so that every sample's organization is in it, and that of the artifacts later
/// still, so that those it names are; detection's state and the accuracy ledger are what was saved last. Everything in
/// it is sealed with keys of the master key, which is not part of it. Errors: kFailedPrecondition tsdb.backup_exists;
/// kUnavailable of the store, the cluster and the disk.
[[nodiscard]] Result<BackupReport> WriteBackup(const BackupSources& sources, const std::filesystem::path& directory,
                                               TimestampMs now, Random& random);

using BackupWriter = std::function<Result<BackupReport>(const std::filesystem::path& directory)>;

/// POST /backup of the operator's listener. A request must be signed with a key of the master key and name a moment
/// within five minutes of now: who cannot read the master key cannot have this process write anywhere.
[[nodiscard]] tenancy::Route BackupRoute(const secrets::KeyProvider& keys, const Clock& clock, BackupWriter write);

/// Where a running process says how its operator's listener is reached: a file in the data directory.
[[nodiscard]] Result<void> AnnounceOperator(const std::filesystem::path& data_dir, const http::Endpoint& endpoint);
void WithdrawOperator(const std::filesystem::path& data_dir);

/// `helios backup`: has the process that runs on the data directory write the backup, or, where none runs, opens the
/// data and writes it itself. Call it as Process::Start().
/// Errors: kFailedPrecondition backup.no_data; those of the server; those of WriteBackup().
[[nodiscard]] Result<BackupReport> BackUp(const ServeConfig& config, const std::filesystem::path& directory);

}  // namespace helios::wiring
