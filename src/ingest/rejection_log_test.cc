// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/rejection_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace helios::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TenantId Tenant(std::uint16_t number) {
  TenantId id;
  id.value.bytes[14] = static_cast<std::uint8_t>(number >> 8U);
  id.value.bytes[15] = static_cast<std::uint8_t>(number & 0xffU);
  return id;
}

RejectionEntry Entry(std::string_view reason, std::uint64_t count, std::string detail = "why") {
  return {.time = {}, .route = "ingest", .reason = reason, .count = count, .detail = std::move(detail), .series = {}};
}

TEST(RejectionLog, KeepsEachTenantsOwn) {
  obs::Metrics metrics;
  RejectionLog log(metrics);
  log.Record(Tenant(1), Entry("ingest.too_old", 3));
  log.Record(Tenant(1), Entry("ingest.out_of_order", 1));
  log.Record(Tenant(1), Entry("ingest.too_old", 2));
  log.Record(Tenant(2), Entry("ingest.bad_value", 1));
  const RejectionLog::View view = log.Of(Tenant(1));
  ASSERT_EQ(view.entries.size(), 3U);
  EXPECT_EQ(view.entries[0].count, 2U);  // the newest first
  EXPECT_THAT(view.totals, ElementsAre(Pair("ingest.out_of_order", 1), Pair("ingest.too_old", 5)));
  EXPECT_THAT(log.Of(Tenant(3)).entries, IsEmpty());
  EXPECT_THAT(metrics.Render(), HasSubstr(R"(helios_ingest_rejected_total{reason="ingest.too_old"} 5)"));
}

TEST(RejectionLog, IsBounded) {
  obs::Metrics metrics;
  RejectionLog log(metrics);
  for (std::size_t i = 0; i < 2 * RejectionLog::kEntries; ++i) log.Record(Tenant(0), Entry("ingest.too_old", 1));
  EXPECT_EQ(log.Of(Tenant(0)).entries.size(), RejectionLog::kEntries);
  EXPECT_THAT(log.Of(Tenant(0)).totals, ElementsAre(Pair("ingest.too_old", 2 * RejectionLog::kEntries)));
  for (std::uint16_t i = 1; i <= RejectionLog::kTenants; ++i) log.Record(Tenant(i), Entry("ingest.too_old", 1));
  EXPECT_THAT(log.Of(Tenant(0)).entries, IsEmpty());
  EXPECT_EQ(log.Of(Tenant(1)).entries.size(), 1U);
}

TEST(RejectionLog, CutsLongWordsBetweenCharacters) {
  obs::Metrics metrics;
  RejectionLog log(metrics);
  std::string detail(RejectionLog::kMaxDetailBytes - 1, 'x');
  log.Record(Tenant(1), Entry("ingest.too_old", 1, detail + "ü"));
  EXPECT_EQ(log.Of(Tenant(1)).entries[0].detail, detail);
}

}  // namespace
}  // namespace helios::ingest
