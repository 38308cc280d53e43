// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "detection/watch_clock.h"
#include "ml/detector.h"
#include "pg/database.h"

namespace helios::detection {

/// What a tenant's organization settings say of detection.
struct TenantSettings {
  double sensitivity = ml::kDefaultSensitivity;  ///< "anomaly_sensitivity"
  std::optional<int> budget_per_week;            ///< "anomaly_budget_per_week": anomalies, at most
  std::string timezone = "UTC";                  ///< of the organization
  bool operator==(const TenantSettings&) const = default;
};

/// Reads them. Values that make no sense are the defaults. Errors: those of pg::Transaction.
[[nodiscard]] Result<TenantSettings> ReadSettings(pg::Database& database, TenantId tenant, pg::Deadline deadline);

/// The settings of every tenant that was asked for, read again every `period` by a thread of its own. Where there is a
/// budget, the score from which an anomaly is reported is solved on the tenant's history, again each day and at each
/// change. Until the database answered, the last settings known hold, and at first the defaults. Thread-safe.
class SettingsKeeper {
 public:
  /// The smallest score that keeps the past within the budget.
  using Solve = std::function<Result<double>(TenantId, const TenantSettings&)>;

  struct Effective {
    std::shared_ptr<const ml::Detector> detector;  ///< never null
    std::shared_ptr<const ZoneOfTenant> zone;      ///< null until the database has answered
    double score_floor = ml::kAnomalyScore;
  };

  SettingsKeeper(pg::Database& database, Solve solve, std::chrono::milliseconds period = std::chrono::seconds{15});
  ~SettingsKeeper();  ///< as Stop()
  SettingsKeeper(const SettingsKeeper&) = delete;
  SettingsKeeper& operator=(const SettingsKeeper&) = delete;

  [[nodiscard]] Effective Of(TenantId tenant);
  void Stop();  ///< idempotent

 private:
  struct Entry {
    TenantSettings settings;
    Effective effective;
    std::optional<TenantSettings> solved_for;
    std::chrono::steady_clock::time_point solved_at;
  };

  void Run();
  void Refresh(TenantId tenant);

  pg::Database& database_;
  const Solve solve_;
  const std::chrono::milliseconds period_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::unordered_map<TenantId, Entry> entries_;
  bool fresh_ = false;  ///< a tenant was asked for that was not known
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace helios::detection
