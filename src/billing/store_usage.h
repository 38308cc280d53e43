// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "billing/usage_source.h"
#include "tsdb/embedded_store.h"

namespace helios::billing {

/// What an embedded store counts, as a source of usage. Its segments are the journal's. Thread-safe.
class StoreUsage final : public UsageSource {
 public:
  /// The store must outlive this object.
  explicit StoreUsage(tsdb::EmbeddedStore& store) : store_(store) {}

  [[nodiscard]] std::string id() const override { return store_.id().ToString(); }
  /// Errors: those of EmbeddedStore::Flush(); kUnavailable tsdb.read_only, at once, where the store takes nothing.
  [[nodiscard]] Result<void> Close() override;
  [[nodiscard]] Result<std::vector<UsageCount>> Pending() const override;
  [[nodiscard]] Result<void> Forget(std::uint64_t segment) override { return store_.ForgetUsage(segment); }

  /// The tenant's counts that may not be recorded elsewhere yet, also those of the open segment, which still grow.
  /// Errors: the store's.
  [[nodiscard]] Result<std::vector<UsageCount>> Unrecorded(TenantId tenant) const;

 private:
  tsdb::EmbeddedStore& store_;
};

}  // namespace helios::billing
