// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/in_flight.h"

#include <gtest/gtest.h>

#include "ingest/memory_guard.h"

namespace helios::ingest {
namespace {

TenantId Tenant(std::uint8_t number) {
  TenantId id;
  id.value.bytes[15] = number;
  return id;
}

TEST(InFlight, LetsATenantAloneHaveAll) {
  InFlight in_flight(1'000);
  const auto first = in_flight.Take(Tenant(1), 600);
  const auto second = in_flight.Take(Tenant(1), 400);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(in_flight.Take(Tenant(1), 1));
}

TEST(InFlight, HoldsATenantToAQuarterWhileOthersWait) {
  InFlight in_flight(1'000);
  const auto other = in_flight.Take(Tenant(2), 10);
  const auto own = in_flight.Take(Tenant(1), 200);
  EXPECT_FALSE(in_flight.Take(Tenant(1), 51));
  EXPECT_TRUE(in_flight.Take(Tenant(1), 50));
}

TEST(InFlight, HoldsATenantToTheShareItIsTold) {
  InFlight in_flight(1'000, 60);
  const auto other = in_flight.Take(Tenant(2), 10);
  const auto own = in_flight.Take(Tenant(1), 500);
  EXPECT_FALSE(in_flight.Take(Tenant(1), 101));
  EXPECT_TRUE(in_flight.Take(Tenant(1), 100));
}

TEST(InFlight, TakesOneLargeRequestOfATenantThatHasNothingElse) {
  InFlight in_flight(1'000);
  const auto other = in_flight.Take(Tenant(2), 10);
  EXPECT_TRUE(in_flight.Take(Tenant(1), 900));
  EXPECT_FALSE(in_flight.Take(Tenant(1), 1'000));
}

TEST(InFlight, FreesAShareWhenItsRequestIsAnswered) {
  InFlight in_flight(1'000);
  {
    auto share = in_flight.Take(Tenant(1), 1'000);
    const InFlight::Share moved = *std::move(share);
    EXPECT_EQ(in_flight.bytes(), 1'000U);
  }
  EXPECT_EQ(in_flight.bytes(), 0U);
  EXPECT_TRUE(in_flight.Take(Tenant(2), 1'000));
}

TEST(MemoryGuard, ShedsAboveItsLimitAlone) {
  std::uint64_t resident = 100;
  EXPECT_TRUE(MemoryGuard(100, [&] { return resident; }).HasRoom());
  resident = 101;
  EXPECT_FALSE(MemoryGuard(100, [&] { return resident; }).HasRoom());
  EXPECT_TRUE(MemoryGuard(0, [&] { return resident; }).HasRoom());
}

TEST(MemoryGuard, KnowsThisProcessAndItsMachine) {
  EXPECT_GT(ResidentBytes(), 1U << 20U);
  EXPECT_GT(DefaultMemoryLimit(), ResidentBytes());
}

}  // namespace
}  // namespace helios::ingest
