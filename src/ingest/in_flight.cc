// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/in_flight.h"

#include <utility>

namespace helios::ingest {

InFlight::Share::Share(Share&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), tenant_(other.tenant_), bytes_(other.bytes_) {}

InFlight::Share::~Share() {
  if (owner_ != nullptr) owner_->Release(tenant_, bytes_);
}

std::optional<InFlight::Share> InFlight::Take(TenantId tenant, std::size_t bytes) {
  const std::scoped_lock lock(mutex_);
  const auto own = by_tenant_.find(tenant);
  const std::size_t held = own == by_tenant_.end() ? 0 : own->second;
  if (total_ + bytes > capacity_) return std::nullopt;
  const bool others = by_tenant_.size() > (held == 0 ? 0U : 1U);
  if (others && held > 0 && held + bytes > share_) return std::nullopt;
  total_ += bytes;
  by_tenant_[tenant] += bytes;
  return Share(*this, tenant, bytes);
}

std::size_t InFlight::bytes() const {
  const std::scoped_lock lock(mutex_);
  return total_;
}

void InFlight::Release(TenantId tenant, std::size_t bytes) {
  const std::scoped_lock lock(mutex_);
  total_ -= bytes;
  const auto own = by_tenant_.find(tenant);
  own->second -= bytes;
  if (own->second == 0) by_tenant_.erase(own);
}

}  // namespace helios::ingest
