// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "ml/local_clock.h"
#include "pg/database.h"

namespace helios::training {

/// What an organization's settings say of training.
struct TrainingSettings {
  std::string schedule = "0 2 * * *";  ///< "training_schedule": cron, in the organization's time zone
  int days = 14;                       ///< "training_days": of history, 3 to 90
  std::vector<std::chrono::minutes> horizons = {std::chrono::minutes{15}, std::chrono::minutes{30},
                                                std::chrono::minutes{60}};  ///< "forecast_horizons"
  std::vector<std::string> first_metrics = {"cpu", "memory", "requests"};   ///< "forecast_metrics": trained first
  std::string timezone = "UTC";
  bool custom_models = false;  ///< whether the organization's plan has them

  /// What a part was trained with, for comparison: another text, another model.
  [[nodiscard]] std::string Config() const;
  /// The zone's clock from `first` to a week after `last`; UTC where the zone is not known here.
  [[nodiscard]] ml::LocalClock ClockAround(TimestampMs first, TimestampMs last) const;
};

/// Of the JSON of an organization's settings. Values that make no sense are the defaults.
[[nodiscard]] TrainingSettings ParseSettings(std::string_view json, std::string timezone);

/// Errors: those of pg::Transaction.
[[nodiscard]] Result<TrainingSettings> ReadSettings(pg::TenantTransaction& tx);

/// Orders the metrics: those that `first` names ("cpu" also means "cpu_usage"), in its order, then the others by name.
[[nodiscard]] std::vector<std::string> InOrder(std::vector<std::string> metrics, const std::vector<std::string>& first);

}  // namespace helios::training
