// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/time.h"
#include "base/uuid.h"
#include "ingest/replica.h"

namespace helios::ingest {

/// Of each pair of Prometheus servers (external labels `cluster` and `__replica__`), the one whose samples are kept.
///
/// The first to send is elected, and stays so until it was silent for 30 s: then the next to send is. State lives in
/// memory: after a restart the first to send is elected again, which costs nothing but that two replicas' samples,
/// which differ by some of a second in their times, may alternate once. Thread-safe.
class ReplicaElection {
 public:
  static constexpr std::chrono::seconds kSilence{30};
  static constexpr std::size_t kMaxClusters = 100;  ///< of a tenant's

  enum class Verdict : std::uint8_t {
    kElected,
    kNotElected,
    kTooManyClusters,  ///< each of the tenant's kMaxClusters clusters has sent within kSilence
  };

  [[nodiscard]] Verdict Judge(TenantId tenant, const Replica& replica, TimestampMs now);

 private:
  struct Elected {
    std::string replica;
    TimestampMs heard_at;
  };
  using Clusters = std::unordered_map<std::string, Elected>;

  std::mutex mutex_;
  std::unordered_map<TenantId, Clusters> tenants_;
};

}  // namespace helios::ingest
