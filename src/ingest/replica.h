// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>

namespace helios::ingest {

inline constexpr std::string_view kClusterLabel = "cluster";
inline constexpr std::string_view kReplicaLabel = "__replica__";
inline constexpr std::string_view kNameLabel = "__name__";

/// Which of a pair of Prometheus servers sent a request; both empty where the sender is none of a pair.
struct Replica {
  std::string cluster;
  std::string name;
  /// Both labels are there: `__replica__` is then no label of the series.
  [[nodiscard]] bool of_pair() const { return !cluster.empty() && !name.empty(); }
};

}  // namespace helios::ingest
