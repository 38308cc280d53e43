// SPDX-License-Identifier: Apache-2.0
#include "ml/hpa.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace helios::ml {
namespace {

std::int32_t RoundedUp(double replicas) {
  constexpr double kMost = std::numeric_limits<std::int32_t>::max() / 4;
  return static_cast<std::int32_t>(std::ceil(std::min(replicas, kMost)));
}

}  // namespace

Hpa::Hpa(const HpaSettings& settings)
    : settings_(settings),
      recent_(static_cast<std::size_t>(std::max<std::int64_t>(1, settings.stabilisation / kHpaSync))) {}

std::int32_t Hpa::Desired(double use, std::int32_t current, std::int32_t ready) const {
  // Without a ready replica there is no metric: the controller leaves the number as it is.
  if (ready == 0 || std::isnan(use)) return current;
  const double wanted = std::max(use, 0.0) / settings_.target_utilisation;
  const double ratio = wanted / ready;
  if (current == ready || ratio <= 1.0) {
    if (std::abs(1.0 - ratio) <= settings_.tolerance) return current;
    return RoundedUp(wanted);
  }
  // Scaling up while some are not ready: they count as using nothing, and may not turn the direction round.
  const double all = wanted / current;
  if (std::abs(1.0 - all) <= settings_.tolerance || all < 1.0) return current;
  return std::max(RoundedUp(wanted), current);
}

std::int32_t Hpa::Sync(double use, std::int32_t current, std::int32_t ready) {
  // Outside its bounds it only goes back inside.
  if (current > settings_.max_replicas) return settings_.max_replicas;
  if (current < settings_.min_replicas) return settings_.min_replicas;
  if (current == 0) return 0;  // scaled to zero: the controller is off
  const std::int32_t desired = Desired(use, current, ready);
  const std::int32_t stabilised =
      desired >= current ? (recent_.Add(desired), desired) : std::min(recent_.Add(desired), current);
  const std::int32_t limit = std::max(current + settings_.most_pods_added,
                                      RoundedUp(static_cast<double>(current) * (1.0 + settings_.most_share_added)));
  return std::clamp(std::min(stabilised, limit), settings_.min_replicas, settings_.max_replicas);
}

}  // namespace helios::ml
