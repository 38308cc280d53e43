// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/usage_counter.h"

namespace helios::tsdb {
namespace {

// A record of usage and one of its tenant.
constexpr std::size_t kMostBytes = 128;

}  // namespace

void UsageCounter::Add(Tenant& tenant, UsageKind kind, std::uint64_t count) {
  Waiting& waiting = waiting_[core_.UsageOf(tenant, static_cast<std::uint8_t>(kind))];
  waiting.tenant = &tenant;
  waiting.count += count;
}

void UsageCounter::Commit() {
  if (waiting_.empty()) return;
  while (!waiting_.empty() && !core_.commit->MakeRoom(kMostBytes)) {
    const auto& [key, waiting] = *waiting_.begin();
    core_.JournalTenant(*waiting.tenant);
    core_.commit->CountUsage(key, waiting.count);
    waiting_.erase(waiting_.begin());
  }
  core_.commit->Wake();
}

}  // namespace helios::tsdb
