// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <vector>

#include "tsdb/internal/store_core.h"

namespace helios::tsdb {

/// Deletes from the databases what was deleted from memory and the journal says is deleted.
///
/// A deletion that fails is kept and made up for. Until the shared database has it, no flush may mark the journal that
/// holds it as done, or the next start would find the series again. Whoever calls it holds Flusher::Pause(), or
/// flushes.
class SeriesEraser {
 public:
  explicit SeriesEraser(StoreCore& core) : core_(core) {}

  /// Deletes `series` of one tenant. In the tenant's own database later, where that does not open or cannot be written;
  /// nobody finds the chunks there without the series. Errors: those of ChunkDb::Ingest(); it is kept then.
  [[nodiscard]] Result<void> Erase(const Tenant& tenant, const std::vector<SeriesId>& series);

  /// Makes up for what failed. Errors: the shared database still has some.
  [[nodiscard]] Result<void> MakeUp();

 private:
  using ByTenant = std::map<TenantNumber, std::vector<SeriesId>>;

  [[nodiscard]] Result<void> EraseFrom(ChunkDb& db, const Tenant& tenant, const std::vector<SeriesId>& series);
  [[nodiscard]] Result<void> EraseFromShared(const Tenant& tenant, const std::vector<SeriesId>& series);
  [[nodiscard]] Result<void> EraseFromOwn(const Tenant& tenant, const std::vector<SeriesId>& series);

  StoreCore& core_;
  ByTenant shared_;  ///< not yet deleted from the shared database
  ByTenant own_;     ///< nor from the tenant's own
};

}  // namespace helios::tsdb
