// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/hash_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

namespace helios::tsdb {
namespace {

TEST(HashIndex, TellsNumbersUnderOneHashApart) {
  HashIndex index;
  const auto is = [](std::uint32_t wanted) { return [wanted](std::uint32_t number) { return number == wanted; }; };
  EXPECT_EQ(index.Find(5, is(1)), HashIndex::kNone);
  index.Insert(5, 1);
  index.Insert(5, 2);
  EXPECT_EQ(index.Find(5, is(1)), 1U);
  EXPECT_EQ(index.Find(5, is(2)), 2U);
  EXPECT_EQ(index.Find(5, is(3)), HashIndex::kNone);
  EXPECT_EQ(index.Find(6, is(1)), HashIndex::kNone);
  index.Erase(5, 1);
  EXPECT_EQ(index.Find(5, is(1)), HashIndex::kNone);
  EXPECT_EQ(index.Find(5, is(2)), 2U);
}

TEST(HashIndex, AgreesWithASetThroughInsertsAndErasures) {
  std::mt19937_64 engine(2);
  // The second spreads over few homes: chains grow long, and reach around the end.
  for (const std::uint32_t mask : {0xffffffffU, 0x0fffff83U}) {
    HashIndex index;
    std::size_t most_bytes = 0;
    std::set<std::pair<std::uint32_t, std::uint32_t>> reference;
    for (int round = 0; round < 60; ++round) {
      for (std::uint64_t i = 0, count = engine() % 200; i < count; ++i) {
        const auto hash = static_cast<std::uint32_t>(engine()) | ~mask;
        const auto number = static_cast<std::uint32_t>(engine() % 1000);
        if (reference.emplace(hash, number).second) index.Insert(hash, number);
      }
      most_bytes = std::max(most_bytes, index.bytes());
      const std::uint64_t percent = engine() % 3 == 0 ? 90 : 20;
      std::erase_if(reference, [&](const auto& entry) {
        if (engine() % 100 >= percent) return false;
        index.Erase(entry.first, entry.second);
        return true;
      });
      for (const auto& [hash, number] : reference) {
        ASSERT_EQ(index.Find(hash, [&](std::uint32_t other) { return other == number; }), number);
      }
      ASSERT_EQ(index.Find(1 | ~mask, [](std::uint32_t number) { return number > 1000; }), HashIndex::kNone);
    }
    for (const auto& [hash, number] : reference) index.Erase(hash, number);
    EXPECT_LT(index.bytes(), most_bytes);
  }
}

}  // namespace
}  // namespace helios::tsdb
