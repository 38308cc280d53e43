// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/retention.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include "base/manual_clock.h"
#include "tsdb/internal/sample_db.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
const TenantId kShort = TenantId::Parse("00000000-0000-7000-8000-000000000001").value();
const TenantId kLong = TenantId::Parse("00000000-0000-7000-8000-000000000002").value();
const TenantId kUnknown = TenantId::Parse("00000000-0000-7000-8000-000000000003").value();

TEST(OldestKept, NeverOverflows) {
  EXPECT_EQ(OldestKeptMs(24h, kNow), ToUnixMs(kNow - 24h));
  EXPECT_LT(OldestKeptMs(std::chrono::hours::max(), kNow), 0);
  EXPECT_EQ(OldestKeptMs(-5h, kNow), ToUnixMs(kNow));
}

TEST(RetentionFilter, CompactionDropsExactlyWhatIsBeyondEachTenantsRetention) {
  const ScratchDirectory directory;
  const ManualClock clock(kNow);
  const auto retention = std::make_shared<RetentionTable>();
  auto db = SampleDb::Open({.directory = directory.path()}, *rocksdb::Env::Default(), retention, clock);
  ASSERT_TRUE(db.has_value()) << db.error().message;
  const SampleDb& samples = **db;
  retention->Set(kShort, 24h);
  retention->Set(kLong, 48h);

  rocksdb::WriteBatch batch;
  for (const TenantId tenant : {kShort, kLong, kUnknown}) {
    for (const auto age : {0h, 24h, 25h, 48h, 49h}) {
      samples.PutSample(batch, tenant, SeriesId{1}, ToUnixMs(kNow - age), 1);
    }
  }
  ASSERT_TRUE(samples.WriteSynced(batch).ok());
  ASSERT_TRUE(samples.db().Flush({}, samples.samples()).ok());
  rocksdb::CompactRangeOptions everything;
  everything.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  ASSERT_TRUE(samples.db().CompactRange(everything, samples.samples(), nullptr, nullptr).ok());

  const auto is_there = [&](TenantId tenant, std::chrono::hours age) {
    return samples.FindSample(tenant, SeriesId{1}, ToUnixMs(kNow - age)).value().has_value();
  };
  EXPECT_TRUE(is_there(kShort, 24h));
  EXPECT_FALSE(is_there(kShort, 25h));
  EXPECT_TRUE(is_there(kLong, 25h));
  EXPECT_TRUE(is_there(kLong, 48h));
  EXPECT_FALSE(is_there(kLong, 49h));
  EXPECT_TRUE(is_there(kUnknown, 49h));
}

}  // namespace
}  // namespace helios::tsdb
