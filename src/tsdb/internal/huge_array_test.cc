// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/huge_array.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace helios::tsdb {
namespace {

using Numbers = HugeArray<std::uint64_t, (4U << 20U) / sizeof(std::uint64_t)>;
constexpr std::size_t kCount = Numbers::kBytes / sizeof(std::uint64_t);

TEST(HugeArray, BeginsAtAHugePageWithZeros) {
  const Numbers numbers;
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers.data()) % (2U << 20U), 0U);
  for (std::size_t i = 0; i < kCount; ++i) ASSERT_EQ(numbers[i], 0U);
}

TEST(HugeArray, BeginsWithCopiesOfAValue) {
  const Numbers numbers(7);
  EXPECT_EQ(numbers[0], 7U);
  EXPECT_EQ(numbers[kCount - 1], 7U);
}

TEST(HugeArray, KeepsItsPlaceWhenMoved) {
  std::vector<Numbers> arrays;
  arrays.emplace_back(1);
  const std::uint64_t* const first = arrays.front().data();
  for (std::uint64_t value = 2; value < 6; ++value) arrays.emplace_back(value);
  EXPECT_EQ(arrays.front().data(), first);
  EXPECT_EQ(arrays.front()[kCount - 1], 1U);
}

}  // namespace
}  // namespace helios::tsdb
