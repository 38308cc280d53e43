// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/uuid.h"

namespace helios::ingest {

/// Bytes of intake requests between their last byte and their answer. Their sum is bounded, and while several tenants
/// have some in flight, none holds more than its share of it, by default a quarter: DESIGN §3 rule 20. A tenant alone
/// may have all.
/// Thread-safe.
class InFlight {
 public:
  /// `share_percent` of `capacity`, from 1 to 100, is a tenant's.
  explicit InFlight(std::size_t capacity, unsigned share_percent = 25)
      : capacity_(capacity), share_(capacity / 100 * share_percent + capacity % 100 * share_percent / 100) {}
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

  /// Bytes that are in flight as long as it lives; it must not outlive the InFlight.
  class Share {
   public:
    Share(InFlight& owner, TenantId tenant, std::size_t bytes) : owner_(&owner), tenant_(tenant), bytes_(bytes) {}
    Share(Share&& other) noexcept;
    Share& operator=(Share&&) = delete;
    ~Share();

   private:
    InFlight* owner_;
    TenantId tenant_;
    std::size_t bytes_;
  };

  /// nullopt where there is no room. A request larger than a tenant's share is taken when the tenant has nothing else
  /// in flight.
  [[nodiscard]] std::optional<Share> Take(TenantId tenant, std::size_t bytes);

  [[nodiscard]] std::size_t bytes() const;

 private:
  void Release(TenantId tenant, std::size_t bytes);

  const std::size_t capacity_;
  const std::size_t share_;  ///< of one tenant
  mutable std::mutex mutex_;
  std::size_t total_ = 0;
  std::unordered_map<TenantId, std::size_t> by_tenant_;
};

}  // namespace helios::ingest
