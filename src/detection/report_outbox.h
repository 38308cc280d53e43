// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "detection/report.h"

namespace helios::detection {

/// Reports that the database does not have yet, the newest of each anomaly. They stay until Done(), so that a snapshot
/// taken while they are being written has them too. Thread-safe.
class ReportOutbox {
 public:
  struct Pending {
    AnomalyReport report;
    std::uint64_t version = 0;
  };

  /// Anomalies that may wait; beyond that new ones are not taken in.
  static constexpr std::size_t kMost = 100'000;

  /// False where there is no room, and the report was dropped.
  bool Put(AnomalyReport report);

  /// Up to `most` reports of `tenant`, oldest start first.
  [[nodiscard]] std::vector<Pending> Of(TenantId tenant, std::size_t most) const;
  [[nodiscard]] std::vector<TenantId> Tenants() const;
  [[nodiscard]] std::vector<AnomalyReport> All() const;
  [[nodiscard]] std::size_t size() const;

  /// Forgets what was written, unless it was reported again meanwhile.
  void Done(const Pending& pending);

 private:
  using Key = std::tuple<TenantId, TimestampMs, std::string>;
  static Key KeyOf(const AnomalyReport& report) { return {report.tenant, report.span.start, report.series_key}; }

  mutable std::mutex mutex_;
  std::map<Key, Pending> pending_;
  std::uint64_t versions_ = 0;
};

}  // namespace helios::detection
