// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <rocksdb/env.h>

#include "tsdb/embedded_store.h"
#include "tsdb/internal/journal_file_system.h"

namespace helios::tsdb {

/// What a store asks of the machine, so that tests can let it fail.
struct StoreMachine {
  rocksdb::Env& env;
  JournalFileSystem& journal;
};

/// OpenEmbeddedStore() on another machine, which must outlive the store.
[[nodiscard]] Result<std::unique_ptr<EmbeddedStore>> OpenEmbeddedStoreOn(const EmbeddedStoreConfig& config,
                                                                         const StoreMachine& machine,
                                                                         const Clock& clock, obs::Metrics& metrics);

}  // namespace helios::tsdb
