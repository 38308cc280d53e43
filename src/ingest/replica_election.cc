// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/replica_election.h"

#include <algorithm>

namespace helios::ingest {

auto ReplicaElection::Judge(TenantId tenant, const Replica& replica, TimestampMs now) -> Verdict {
  const std::scoped_lock lock(mutex_);
  Clusters& clusters = tenants_[tenant];
  auto found = clusters.find(replica.cluster);
  if (found == clusters.end()) {
    if (clusters.size() == kMaxClusters) {
      std::erase_if(clusters, [now](const auto& entry) { return now - entry.second.heard_at >= kSilence; });
      if (clusters.size() == kMaxClusters) return Verdict::kTooManyClusters;
    }
    found = clusters.try_emplace(replica.cluster, Elected{.replica = replica.name, .heard_at = now}).first;
  }
  Elected& elected = found->second;
  if (elected.replica != replica.name) {
    if (now - elected.heard_at < kSilence) return Verdict::kNotElected;
    elected.replica = replica.name;
  }
  elected.heard_at = std::max(elected.heard_at, now);
  return Verdict::kElected;
}

}  // namespace helios::ingest
