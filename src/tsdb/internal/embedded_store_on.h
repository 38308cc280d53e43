// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "tsdb/embedded_store.h"

namespace rocksdb {
class Env;
}

namespace helios::tsdb {

/// OpenEmbeddedStore() over another file system than the machine's, such as one that fails. `env` must outlive it.
[[nodiscard]] Result<std::unique_ptr<SampleStore>> OpenEmbeddedStoreOn(const EmbeddedStoreConfig& config,
                                                                       rocksdb::Env& env, const Clock& clock,
                                                                       obs::Metrics& metrics);

}  // namespace helios::tsdb
