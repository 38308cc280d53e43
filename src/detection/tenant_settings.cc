// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/tenant_settings.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "detection/sql.h"
#include "obs/log.h"

namespace helios::detection {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kReadPatience{5};
constexpr std::chrono::hours kSolveAgain{24};

std::shared_ptr<const ml::Detector> MakeDetector(double sensitivity) {
  auto made = ml::Detector::Make({}, sensitivity);
  return std::make_shared<const ml::Detector>(made ? *std::move(made) : ml::Detector());
}

}  // namespace

Result<TenantSettings> ReadSettings(pg::Database& database, TenantId tenant, pg::Deadline deadline) {
  HELIOS_TRY(auto tx, database.Begin(tenant, deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kReadSettings, {tx.tenant()}));
  TenantSettings settings;
  if (rows.empty()) return settings;
  const auto sensitivity = rows.front().Get<std::optional<double>>("sensitivity");
  if (sensitivity && *sensitivity >= 0 && *sensitivity <= ml::kMostSensitivity) settings.sensitivity = *sensitivity;
  const auto budget = rows.front().Get<std::optional<double>>("budget");
  settings.timezone = rows.front().Get<std::string>("timezone");
  if (budget && *budget >= 0 && *budget <= 1e6) settings.budget_per_week = static_cast<int>(*budget);
  return settings;
}

SettingsKeeper::SettingsKeeper(pg::Database& database, Solve solve, std::chrono::milliseconds period)
    : database_(database), solve_(std::move(solve)), period_(period), thread_([this] { Run(); }) {}

SettingsKeeper::~SettingsKeeper() {
  Stop();
}

void SettingsKeeper::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  thread_.join();
}

SettingsKeeper::Effective SettingsKeeper::Of(TenantId tenant) {
  const std::scoped_lock lock(mutex_);
  const auto [at, added] = entries_.try_emplace(tenant);
  if (added) {
    at->second.effective.detector = MakeDetector(at->second.settings.sensitivity);
    fresh_ = true;
    wake_.notify_all();
  }
  return at->second.effective;
}

void SettingsKeeper::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, period_, [this] { return stopping_ || fresh_; });
    fresh_ = false;
    std::vector<TenantId> tenants;
    tenants.reserve(entries_.size());
    for (const auto& [tenant, entry] : entries_) tenants.push_back(tenant);
    for (const TenantId tenant : tenants) {
      if (stopping_) return;
      lock.unlock();
      Refresh(tenant);
      lock.lock();
    }
  }
}

void SettingsKeeper::Refresh(TenantId tenant) {
  const auto settings = ReadSettings(database_, tenant, steady_clock::now() + kReadPatience);
  if (!settings) return;  // the last ones hold
  bool solve = false;
  {
    const std::scoped_lock lock(mutex_);
    Entry& entry = entries_[tenant];
    if (!entry.effective.detector || settings->sensitivity != entry.settings.sensitivity) {
      entry.effective.detector = MakeDetector(settings->sensitivity);
    }
    if (!entry.effective.zone || entry.effective.zone->name != settings->timezone) {
      entry.effective.zone = FindZone(settings->timezone);
    }
    entry.settings = *settings;
    if (!settings->budget_per_week) {
      entry.effective.score_floor = ml::kAnomalyScore;
      entry.solved_for.reset();
    } else {
      solve = entry.solved_for != *settings || steady_clock::now() - entry.solved_at > kSolveAgain;
    }
  }
  if (!solve) return;
  const auto floor = solve_(tenant, *settings);
  if (!floor) {
    obs::LogFailure("detection.budget_not_solved", floor.error(), {{"org_id", tenant.ToString()}});
    return;
  }
  obs::LogInfo(
      "detection.budget_solved",
      {{"org_id", tenant.ToString()}, {"budget_per_week", *settings->budget_per_week}, {"score_floor", *floor}});
  const std::scoped_lock lock(mutex_);
  Entry& entry = entries_[tenant];
  entry.effective.score_floor = *floor;
  entry.solved_for = *settings;
  entry.solved_at = steady_clock::now();
}

}  // namespace helios::detection
