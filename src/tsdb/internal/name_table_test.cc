// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/name_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace helios::tsdb {
namespace {

NamePrint AnyPrint(std::mt19937_64& engine) {
  return {engine(), engine()};
}

TEST(NameTable, IsEmptyAtFirst) {
  const NameTable table;
  EXPECT_EQ(table.Find({1, 2}), NameTable::kNone);
  EXPECT_EQ(table.Find({0, 0}), NameTable::kNone);
  table.Prefetch({1, 2});
  EXPECT_EQ(table.size(), 0U);
  EXPECT_LT(table.bytes(), 16U << 10U);
}

TEST(NameTable, ComparesBothHalvesOfAPrint) {
  NameTable table;
  table.Insert({1, 2}, 7);
  table.Insert({1, 3}, 8);
  table.Insert({2, 2}, 9);
  EXPECT_EQ(table.Find({1, 2}), 7U);
  EXPECT_EQ(table.Find({1, 3}), 8U);
  EXPECT_EQ(table.Find({2, 2}), 9U);
  EXPECT_EQ(table.Find({2, 3}), NameTable::kNone);
}

TEST(NameTable, TakesThePrintThatIsAllZeros) {
  NameTable table;
  table.Insert({0, 0}, 0);
  EXPECT_EQ(table.Find({0, 0}), 0U);
  EXPECT_EQ(table.EraseSlots([](std::uint32_t slot) { return slot == 0; }), 1U);
  EXPECT_EQ(table.Find({0, 0}), NameTable::kNone);
}

TEST(NameTable, ForgetsEveryNameOfASlot) {
  NameTable table;
  for (std::uint64_t name = 0; name < 4; ++name) table.Insert({name << 56U, name}, 5);
  table.Insert({9, 9}, 6);
  EXPECT_EQ(table.EraseSlots([](std::uint32_t slot) { return slot == 5; }), 4U);
  EXPECT_EQ(table.size(), 1U);
  EXPECT_EQ(table.Find({0, 0}), NameTable::kNone);
  EXPECT_EQ(table.Find({9, 9}), 6U);
}

// All of one part and one home, the last line: chains as long as can be, around the end and back to the start.
TEST(NameTable, FindsEntriesThatWereCrowdedOut) {
  NameTable table;
  constexpr std::uint32_t kNames = 300;
  for (std::uint32_t i = 0; i < kNames; ++i) table.Insert({i, 0xffffffffU}, i);
  for (std::uint32_t i = 0; i < kNames; ++i) ASSERT_EQ(table.Find({i, 0xffffffffU}), i);
  EXPECT_EQ(table.Find({kNames, 0xffffffffU}), NameTable::kNone);

  EXPECT_EQ(table.EraseSlots([](std::uint32_t slot) { return slot % 3 != 0; }), kNames / 3 * 2);
  for (std::uint32_t i = 0; i < kNames; ++i) {
    ASSERT_EQ(table.Find({i, 0xffffffffU}), i % 3 == 0 ? i : NameTable::kNone) << i;
  }
}

TEST(NameTable, AgreesWithAMapThroughInsertsAndErasures) {
  std::mt19937_64 engine(4);
  NameTable table;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t> reference;
  std::vector<NamePrint> seen;
  std::uint32_t next_slot = 0;
  for (int round = 0; round < 40; ++round) {
    for (std::uint32_t i = 0, count = static_cast<std::uint32_t>(engine() % 4000); i < count; ++i) {
      const NamePrint print = AnyPrint(engine);
      table.Insert(print, next_slot);
      reference[{print.a, print.b}] = next_slot;
      seen.push_back(print);
      if (engine() % 2 == 0) ++next_slot;
    }
    const std::uint64_t share = engine() % 10;
    const auto gone = [&](std::uint32_t slot) { return slot * 7919ULL % 11 < share; };
    const std::size_t expected = std::erase_if(reference, [&](const auto& entry) { return gone(entry.second); });
    ASSERT_EQ(table.EraseSlots(gone), expected);
    ASSERT_EQ(table.size(), reference.size());
    for (const NamePrint& print : seen) {
      const auto at = reference.find({print.a, print.b});
      ASSERT_EQ(table.Find(print), at == reference.end() ? NameTable::kNone : at->second);
    }
    ASSERT_EQ(table.Find(AnyPrint(engine)), NameTable::kNone);
  }
}

TEST(NameTable, GivesMemoryBack) {
  std::mt19937_64 engine(5);
  NameTable table;
  const std::size_t empty = table.bytes();
  for (std::uint32_t i = 0; i < 100'000; ++i) table.Insert(AnyPrint(engine), i);
  EXPECT_LT(table.bytes(), 42U * 100'000);
  table.EraseSlots([](std::uint32_t slot) { return slot >= 10'000; });
  EXPECT_LT(table.bytes(), 72U * 10'000);
  table.EraseSlots([](std::uint32_t) { return true; });
  EXPECT_EQ(table.bytes(), empty);
}

}  // namespace
}  // namespace helios::tsdb
