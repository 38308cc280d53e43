// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "billing/usage_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/scratch_postgres.h"

namespace helios::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const TenantId kGlobex = *TenantId::Parse("01900000-0000-7000-8000-000000000002");
const TenantId kNobody = *TenantId::Parse("01900000-0000-7000-8000-00000000dead");
constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z

/// Counts in memory.
class FakeUsage final : public UsageSource {
 public:
  [[nodiscard]] std::string id() const override { return "source-1"; }
  [[nodiscard]] Result<void> Close() override {
    std::ranges::move(open, std::back_inserter(pending));
    open.clear();
    return {};
  }
  [[nodiscard]] Result<std::vector<UsageCount>> Pending() const override { return pending; }
  [[nodiscard]] Result<void> Forget(std::uint64_t segment) override {
    if (forgetful) std::erase_if(pending, [&](const UsageCount& count) { return count.segment <= segment; });
    return {};
  }

  void Count(std::uint64_t segment, TenantId tenant, std::uint64_t quantity) {
    pending.push_back(
        {.segment = segment, .tenant = tenant, .metric_type = "samples", .hour = kNoon, .quantity = quantity});
  }
  [[nodiscard]] std::vector<std::uint64_t> PendingSegments() const {
    std::vector<std::uint64_t> segments;
    for (const UsageCount& count : pending) segments.push_back(count.segment);
    return segments;
  }

  std::vector<UsageCount> pending;
  std::vector<UsageCount> open;
  bool forgetful = true;  ///< false: as if a crash came before it forgot
};

class UsageRecorderTest : public ::testing::Test {
 protected:
  UsageRecorderTest() {
    root.Must(
        fmt::format("INSERT INTO directory.organizations (id, name, slug) VALUES ('{}', 'Acme', 'acme'), "
                    "('{}', 'Globex', 'globex')",
                    kAcme.ToString(), kGlobex.ToString()));
  }

  /// "segment quantity" of each row of the tenant.
  std::vector<std::string> Rows(TenantId tenant) {
    std::vector<std::string> rows;
    for (const auto& row : root.Must(fmt::format("SELECT segment || ' ' || quantity FROM directory.usage_records "
                                                 "WHERE org_id = '{}' ORDER BY segment",
                                                 tenant.ToString()))
                               .rows) {
      rows.push_back(row.front().value());
    }
    return rows;
  }

  testing::ScratchDatabase scratch = testing::ScratchPostgres::Shared().NewDatabase();
  testing::SqlClient root{scratch.superuser_url};
  obs::Metrics metrics;
  pg::Database database{{.url = scratch.app_url}, metrics};
  FakeUsage usage;
  UsageRecorder recorder{usage, database, metrics};
};

TEST_F(UsageRecorderTest, RecordsEachCountUnderItsNameAndHasItForgotten) {
  usage.Count(1, kAcme, 5);
  usage.Count(1, kGlobex, 7);
  usage.Count(2, kAcme, 9);
  const auto pass = recorder.RecordNow();
  ASSERT_TRUE(pass) << pass.error().message;
  EXPECT_EQ(pass->recorded, 3U);
  EXPECT_THAT(Rows(kAcme), ElementsAre("1 5", "2 9"));
  EXPECT_THAT(Rows(kGlobex), ElementsAre("1 7"));
  EXPECT_THAT(usage.pending, IsEmpty());
  EXPECT_EQ(root.Must("SELECT DISTINCT source_id || ' ' || metric_type || ' ' || (time AT TIME ZONE 'UTC') "
                      "FROM directory.usage_records")
                .value(),
            "source-1 samples 2026-01-03 12:00:00");
}

TEST_F(UsageRecorderTest, RecordsACountOnceHoweverOftenItIsTold) {
  usage.forgetful = false;
  usage.Count(1, kAcme, 5);
  ASSERT_TRUE(recorder.RecordNow());
  usage.Count(2, kAcme, 6);
  const auto again = recorder.RecordNow();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->recorded, 1U);
  EXPECT_EQ(again->known, 1U);
  EXPECT_THAT(Rows(kAcme), ElementsAre("1 5", "2 6"));
}

TEST_F(UsageRecorderTest, UsageOfAnUnknownOrganizationStopsNobodyElses) {
  usage.Count(1, kNobody, 3);
  usage.Count(1, kGlobex, 7);
  const auto pass = recorder.RecordNow();
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->recorded, 1U);
  EXPECT_EQ(pass->dropped, 1U);
  EXPECT_THAT(Rows(kGlobex), ElementsAre("1 7"));
  EXPECT_THAT(usage.pending, IsEmpty());
}

TEST_F(UsageRecorderTest, ATenantWhoseRowsAreRefusedHoldsBackItsSegmentsAlone) {
  usage.Count(1, kAcme, 1);
  usage.Count(2, kAcme, std::numeric_limits<std::uint64_t>::max());  // no bigint
  usage.Count(2, kGlobex, 2);
  usage.Count(3, kGlobex, 3);
  const auto pass = recorder.RecordNow();
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->waiting, 2U);
  EXPECT_THAT(Rows(kAcme), IsEmpty());  // one transaction: all of its rows or none
  EXPECT_THAT(Rows(kGlobex), ElementsAre("2 2", "3 3"));
  EXPECT_THAT(usage.PendingSegments(), ElementsAre(1, 2, 2, 3));
}

TEST_F(UsageRecorderTest, CountsWaitWhileTheDatabaseIsAway) {
  pg::Database away{{.url = "host=/nowhere user=helios_app dbname=helios"}, metrics};
  {
    UsageRecorder waiting{usage, away, metrics};
    usage.Count(1, kAcme, 5);
    const auto pass = waiting.RecordNow();
    ASSERT_FALSE(pass);
    EXPECT_EQ(pass.error().code, ErrorCode::kUnavailable);
  }
  EXPECT_THAT(usage.PendingSegments(), ElementsAre(1));
  ASSERT_TRUE(recorder.RecordNow());
  EXPECT_THAT(Rows(kAcme), ElementsAre("1 5"));
}

TEST_F(UsageRecorderTest, AStopRecordsWhatWasStillBeingCounted) {
  usage.open.push_back({.segment = 4, .tenant = kAcme, .metric_type = "samples", .hour = kNoon, .quantity = 8});
  recorder.Stop();
  EXPECT_THAT(Rows(kAcme), ElementsAre("4 8"));
  EXPECT_THAT(usage.pending, IsEmpty());
}

TEST_F(UsageRecorderTest, RecordsByItselfEachPeriod) {
  usage.Count(1, kAcme, 5);
  UsageRecorder often{usage, database, metrics, {.period = std::chrono::milliseconds{10}}};
  while (Rows(kAcme).empty()) std::this_thread::sleep_for(std::chrono::milliseconds{5});
  EXPECT_THAT(Rows(kAcme), ElementsAre("1 5"));
}

}  // namespace
}  // namespace helios::billing
