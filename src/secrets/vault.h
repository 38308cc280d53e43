// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/random.h"
#include "pg/database.h"
#include "secrets/key_provider.h"

namespace helios::secrets {

/// Which field of which row a secret is kept in. It opens there alone: a sealed text that is copied to another row,
/// column, table or organization does not.
struct Place {
  std::string_view table;
  std::string_view column;
  Uuid row;
};

/// Versions of the master key that can be had; the highest seals, all of them open.
using MasterKeys = std::map<int, Key>;

/// Seals the secrets that tenants' tables keep: AES-256-GCM by a data key of the tenant's own, which is sealed by the
/// master key and kept in `data_keys`. The sealed text names its data key, so that older ones stay readable. A data key
/// under an older master key is sealed anew when it is next used to seal. Thread-safe.
class Vault {
 public:
  /// `masters` holds one key at least. `random` must outlive the vault.
  Vault(MasterKeys masters, Random& random) : masters_(std::move(masters)), random_(random) {}

  /// Text for a column, in one line. Makes the tenant's data key with the first secret, in the same transaction.
  /// Errors: those of Open() about the data key, and of pg::Transaction.
  [[nodiscard]] Result<std::string> Seal(pg::TenantTransaction& tx, const Place& place, std::string_view secret);

  /// Errors: kDataCorruption secrets.bad_seal: damaged, of another place, or its master key is not at hand; those of
  /// pg::Transaction.
  [[nodiscard]] Result<std::string> Open(pg::TenantTransaction& tx, const Place& place, std::string_view sealed) const;

 private:
  struct DataKey {
    Uuid id;
    Key key{};
    int master_version = 1;
  };

  [[nodiscard]] Result<DataKey> DataKeyToSeal(pg::TenantTransaction& tx);
  [[nodiscard]] Result<DataKey> Unseal(pg::TenantTransaction& tx, const pg::Rows::Row& row) const;
  [[nodiscard]] std::string SealKey(TenantId tenant, const Uuid& id, const Key& key) const;

  MasterKeys masters_;
  Random& random_;
};

}  // namespace helios::secrets
