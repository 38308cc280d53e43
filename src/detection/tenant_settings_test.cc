// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/tenant_settings.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/scratch_postgres.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");

class TenantSettingsTest : public ::testing::Test {
 protected:
  void Set(const std::string& settings) {
    root.Must(
        fmt::format("INSERT INTO directory.organizations (id, name, slug, settings) VALUES ('{}', 'Acme', 'acme', "
                    "'{}') ON CONFLICT (id) DO UPDATE SET settings = EXCLUDED.settings",
                    kAcme.ToString(), settings));
  }
  TenantSettings Read() { return ReadSettings(database, kAcme, pg::kNoDeadline).value(); }

  testing::ScratchDatabase scratch = testing::ScratchPostgres::Shared().NewDatabase();
  testing::SqlClient root{scratch.superuser_url};
  obs::Metrics metrics;
  pg::Database database{{.url = scratch.app_url}, metrics};
};

TEST_F(TenantSettingsTest, WhatIsNotSetOrMakesNoSenseIsTheDefault) {
  EXPECT_EQ(Read(), TenantSettings{}) << "of an organization that is not there";
  for (const char* settings : {"{}", R"({"anomaly_sensitivity": "high"})", R"({"anomaly_sensitivity": 7})",
                               R"({"anomaly_budget_per_week": -1})", R"({"anomaly_budget_per_week": null})"}) {
    Set(settings);
    EXPECT_EQ(Read(), TenantSettings{}) << settings;
  }
}

TEST_F(TenantSettingsTest, AreReadFromTheOrganization) {
  Set(R"({"anomaly_sensitivity": 4.5, "anomaly_budget_per_week": 5})");
  EXPECT_EQ(Read(), (TenantSettings{.sensitivity = 4.5, .budget_per_week = 5}));
}

TEST_F(TenantSettingsTest, TheZoneIsTheOrganizationsAndKnownOnceTheDatabaseAnswered) {
  Set("{}");
  EXPECT_EQ(Read().timezone, "UTC");
  root.Must("UPDATE directory.organizations SET timezone = 'Europe/Berlin'");
  EXPECT_EQ(Read().timezone, "Europe/Berlin");
  SettingsKeeper keeper(database, [](TenantId, const TenantSettings&) -> Result<double> { return 0.5; }, 5ms);
  const auto await = [&keeper](const std::string& zone) {
    for (auto known = keeper.Of(kAcme).zone; !known || known->name != zone; known = keeper.Of(kAcme).zone) {
      std::this_thread::sleep_for(1ms);
    }
  };
  await("Europe/Berlin");
  root.Must("UPDATE directory.organizations SET timezone = 'Asia/Tokyo'");
  await("Asia/Tokyo");
}

TEST_F(TenantSettingsTest, ABudgetIsSolvedOnceForEachSetting) {
  Set(R"({"anomaly_budget_per_week": 5})");
  std::atomic<int> solved = 0;
  SettingsKeeper keeper(
      database,
      [&solved](TenantId, const TenantSettings& settings) -> Result<double> {
        ++solved;
        return settings.budget_per_week == 5 ? 0.7 : 0.9;
      },
      5ms);
  const auto await = [&keeper](double floor) {
    while (keeper.Of(kAcme).score_floor != floor) std::this_thread::sleep_for(1ms);
  };
  EXPECT_EQ(keeper.Of(kAcme).score_floor, ml::kAnomalyScore) << "until the database has answered";
  await(0.7);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(solved, 1);
  Set(R"({"anomaly_budget_per_week": 2})");
  await(0.9);
  Set("{}");
  await(ml::kAnomalyScore);
  EXPECT_EQ(solved, 2);
}

}  // namespace
}  // namespace helios::detection
