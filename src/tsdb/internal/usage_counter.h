// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <map>

#include "tsdb/internal/store_core.h"

namespace helios::tsdb {

/// Usage that comes with no sample, on its way into the journal's open group. While the journal takes nothing (its disk
/// is full, or its segment ends) counts wait here, one number a tenant, kind and hour. Call it with the store's lock
/// held.
class UsageCounter {
 public:
  explicit UsageCounter(StoreCore& core) : core_(core) {}

  void Add(Tenant& tenant, UsageKind kind, std::uint64_t count);

  /// Moves what the journal takes into the open group, and has that committed.
  void Commit();

 private:
  struct Waiting {
    Tenant* tenant = nullptr;
    std::uint64_t count = 0;
  };

  StoreCore& core_;
  std::map<UsageKey, Waiting> waiting_;
};

}  // namespace helios::tsdb
