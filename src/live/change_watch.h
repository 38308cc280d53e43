// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "live/change_source.h"

namespace helios::live {

/// Compares what a source says of a tenant with what it said before. Thread-safe as far as its source is, for different
/// tenants; calls for one tenant are the caller's to order.
class ChangeWatch {
 public:
  /// What is remembered of a tenant: of each thing a hash.
  using Seen = std::map<Uuid, std::size_t>;

  explicit ChangeWatch(const ChangeSource& source) : source_(source) {}

  /// The data of an event that tells what is new or not as it was, {"anomalies": […]}; nullopt where nothing is, and
  /// the first time. `seen` becomes what there is now. Errors: the source's; `seen` stays then.
  [[nodiscard]] Result<std::optional<std::string>> Look(TenantId tenant, std::chrono::steady_clock::time_point deadline,
                                                        std::optional<Seen>& seen) const;

  [[nodiscard]] std::string name() const { return source_.name(); }

 private:
  const ChangeSource& source_;
};

}  // namespace helios::live
