// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"
#include "obs/metrics.h"

namespace helios::ingest {

/// Samples of one request that were refused for one reason.
struct RejectionEntry {
  TimestampMs time;
  std::string_view route;   ///< operation of the route, a literal
  std::string_view reason;  ///< stable code, a literal
  std::uint64_t count = 0;
  std::string detail;  ///< the cause: words about the first of them
  std::string series;  ///< of the first of them, as tsdb::ShowName() shows it; empty where it is not known
};

/// What the intake refused: totals per tenant and reason, and each tenant's newest entries. In memory: a restart
/// forgets.
///
/// Bounded: kEntries a tenant, kTenants tenants; of more, the one that was refused something least recently is
/// forgotten. Totals per reason over all tenants are helios_ingest_rejected_total. Thread-safe.
class RejectionLog {
 public:
  static constexpr std::size_t kEntries = 100;
  static constexpr std::size_t kTenants = 1'000;
  static constexpr std::size_t kMaxDetailBytes = 512;

  explicit RejectionLog(obs::Metrics& metrics) : metrics_(metrics) {}

  void Record(TenantId tenant, RejectionEntry entry);

  struct View {
    std::vector<RejectionEntry> entries;                             ///< newest first
    std::vector<std::pair<std::string_view, std::uint64_t>> totals;  ///< by reason
  };
  [[nodiscard]] View Of(TenantId tenant) const;

 private:
  struct Tenant {
    std::deque<RejectionEntry> entries;
    std::map<std::string_view, std::uint64_t> totals;
    std::list<TenantId>::iterator age;
  };

  obs::Metrics& metrics_;
  mutable std::mutex mutex_;
  std::unordered_map<TenantId, Tenant> tenants_;
  std::list<TenantId> by_age_;  ///< the most recent one first
};

}  // namespace helios::ingest
