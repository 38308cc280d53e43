// SPDX-License-Identifier: Apache-2.0
#include "ml/scaling_policy.h"

#include <fmt/format.h>

#include <algorithm>

namespace helios::ml {
namespace {

HpaSettings SettingsFor(const ScalingTarget& target, double utilisation) {
  return {.target_utilisation = utilisation,
          .min_replicas = std::max(target.min_replicas, 1),
          .max_replicas = target.max_replicas,
          .stabilisation = target.stabilisation};
}

}  // namespace

std::string Describe(const PolicySettings& settings) {
  if (settings.hpa) return fmt::format("the HPA's rule at {:.0f} % utilisation", 100.0 * settings.utilisation);
  const std::string present = fmt::format("the present load and {:.0f} %", 100.0 * settings.headroom);
  switch (settings.source) {
    case LoadSource::kPresent: break;
    case LoadSource::kForecast:
      return fmt::format("the forecast and {:.2f} times the way to its 90 % quantile, and no less than {}",
                         settings.margin, present);
    case LoadSource::kLastHour:
      return fmt::format("{:.0f} % of the last hour's highest load, and no less than {}", 100.0 * settings.margin,
                         present);
    case LoadSource::kHalfDay:
      return fmt::format("{:.0f} % of the last twelve hours' highest load, and no less than {}",
                         100.0 * settings.margin, present);
    case LoadSource::kProfile:
      return fmt::format("{:.0f} % of the week's highest load at this time of day, and no less than {}",
                         100.0 * settings.margin, present);
    case LoadSource::kPeak:
      return fmt::format("{:.0f} % of the fortnight's highest load, and no less than {}", 100.0 * settings.margin,
                         present);
  }
  return present;
}

ScalingPolicy::ScalingPolicy(const ScalingTarget& target, const LoadOutlook& outlook, const PolicySettings& settings)
    : outlook_(&outlook),
      target_(target),
      settings_(settings),
      recent_(static_cast<std::size_t>(std::max<std::int64_t>(1, target.stabilisation / kTick))),
      hpa_(SettingsFor(target, settings.utilisation)) {}

void ScalingPolicy::Use(const PolicySettings& settings) {
  if (settings.utilisation != settings_.utilisation) hpa_ = Hpa(SettingsFor(target_, settings.utilisation));
  settings_ = settings;
}

std::int32_t ScalingPolicy::Decide(const ScalingMoment& moment) {
  if (settings_.hpa) {
    const std::int32_t wanted =
        std::max(hpa_.Sync(moment.load / target_.per_replica_capacity, moment.total, moment.ready),
                 ReplicasFor(moment.load, target_));
    // Kept up to date, so that a change to another rule lets nothing go at once.
    recent_.Add(wanted);
    return wanted;
  }
  const double expected = outlook_->Level(settings_.source, settings_.margin, moment.tick);
  const double present = moment.load * (1.0 + settings_.headroom);
  return recent_.Add(ReplicasFor(std::max(present, expected), target_));
}

}  // namespace helios::ml
