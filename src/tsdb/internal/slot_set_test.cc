// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/slot_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

namespace helios::tsdb {
namespace {

std::vector<std::uint32_t> SlotsOf(const SlotSet& set) {
  std::vector<std::uint32_t> slots;
  set.AppendTo(slots);
  return slots;
}

void ExpectEqual(const SlotSet& set, const std::set<std::uint32_t>& reference, std::mt19937_64& engine,
                 std::uint32_t range) {
  const std::vector<std::uint32_t> expected(reference.begin(), reference.end());
  ASSERT_EQ(set.size(), expected.size());
  ASSERT_EQ(SlotsOf(set), expected);
  ASSERT_GE(set.last(), expected.empty() ? 0 : expected.back());
  for (int i = 0; i < 50; ++i) {
    const auto slot = static_cast<std::uint32_t>(engine() % (std::uint64_t{range} + 200));
    ASSERT_EQ(set.Contains(slot), reference.contains(slot)) << slot;
  }
  for (const std::size_t asked : {std::size_t{0}, std::size_t{3}, reference.size() * 2 + 40}) {
    std::set<std::uint32_t> some;
    for (std::size_t i = 0; i < asked; ++i) some.insert(static_cast<std::uint32_t>(engine() % range));
    for (const bool keep : {true, false}) {
      std::vector<std::uint32_t> left;
      std::ranges::copy_if(some, std::back_inserter(left), [&](auto slot) { return reference.contains(slot) == keep; });
      std::vector<std::uint32_t> filtered(some.begin(), some.end());
      set.Filter(filtered, keep);
      ASSERT_EQ(filtered, left);
    }
  }
}

TEST(SlotSet, AgreesWithASetInEveryForm) {
  std::mt19937_64 engine(1);
  // From nearly full ranges, which become bitmaps, to single slots far apart.
  for (const std::uint32_t range : {3U, 100U, 1'000U, 20'000U, 1'000'000U, 4'000'000'000U}) {
    for (const std::uint32_t base : {0U, 100'000'000U}) {
      SlotSet set;
      std::set<std::uint32_t> reference;
      for (int round = 0; round < 30; ++round) {
        const bool rising = engine() % 2 == 0;
        for (std::uint64_t i = 0, count = engine() % 300; i < count; ++i) {
          const std::uint32_t next = reference.empty() ? base : *reference.rbegin() + 1;
          const auto slot = rising ? next : static_cast<std::uint32_t>(base + engine() % range);
          if (reference.insert(slot).second) set.Insert(slot);
        }
        ExpectEqual(set, reference, engine, range);
        if (testing::Test::HasFatalFailure()) return;
        std::vector<std::uint32_t> gone;
        const std::uint64_t percent = engine() % 4 == 0 ? 95 : engine() % 20;
        for (const std::uint32_t slot : reference) {
          if (engine() % 100 < percent) gone.push_back(slot);
        }
        for (const std::uint32_t slot : gone) reference.erase(slot);
        set.Erase(gone);
        ExpectEqual(set, reference, engine, range);
        if (testing::Test::HasFatalFailure()) return;
      }
      set.Erase(SlotsOf(set));
      EXPECT_EQ(set.size(), 0U);
      EXPECT_EQ(set.bytes(), 0U);
    }
  }
}

TEST(SlotSet, SpendsABitOnEachOfManyNeighbours) {
  SlotSet set;
  for (std::uint32_t slot = 0; slot < 100'000; ++slot) set.Insert(slot);
  EXPECT_LT(set.bytes(), 100'000U / 6);  // an eighth of a byte each, and room to grow
  set.Insert(4'000'000'000U);            // which no bitmap should reach
  EXPECT_LT(set.bytes(), 100'001U * 5 + 64);
  EXPECT_TRUE(set.Contains(4'000'000'000U));
  EXPECT_TRUE(set.Contains(99'999));
}

TEST(SlotSet, HoldsTheLargestSlot) {
  SlotSet set;
  for (std::uint32_t slot = 0xffffffff; slot > 0xffffffff - 1000; --slot) set.Insert(slot);
  EXPECT_TRUE(set.Contains(0xffffffff));
  EXPECT_FALSE(set.Contains(0));
  EXPECT_EQ(SlotsOf(set).back(), 0xffffffffU);
}

TEST(SlotSet, MovesWithItsSlots) {
  for (const std::uint32_t count : {0U, 2U, 3U, 1000U}) {
    SlotSet set;
    for (std::uint32_t slot = 0; slot < count; ++slot) set.Insert(slot);
    SlotSet moved(std::move(set));
    EXPECT_EQ(moved.size(), count);
    SlotSet assigned;
    assigned = std::move(moved);
    EXPECT_EQ(SlotsOf(assigned).size(), count);
  }
}

}  // namespace
}  // namespace helios::tsdb
