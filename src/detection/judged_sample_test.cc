// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/judged_sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace helios::detection {
namespace {

std::vector<JudgedSample> Of(std::initializer_list<double> values) {
  std::vector<JudgedSample> samples;
  for (const double value : values) {
    samples.push_back({.time = FromUnixMs(static_cast<std::int64_t>(samples.size())), .value = value});
  }
  return samples;
}

std::vector<double> ValuesOf(const std::vector<JudgedSample>& samples) {
  std::vector<double> values;
  for (const JudgedSample& sample : samples) values.push_back(sample.value);
  return values;
}

TEST(KeepExtremes, LeavesWhatIsFewEnoughAsItIs) {
  EXPECT_THAT(ValuesOf(KeepExtremes(Of({3, 1, 2}), 3)), testing::ElementsAre(3, 1, 2));
  EXPECT_TRUE(KeepExtremes({}, 2).empty());
}

TEST(KeepExtremes, KeepsEachPartsSmallestAndLargestInTheOrderOfTime) {
  EXPECT_THAT(ValuesOf(KeepExtremes(Of({1, 9, 2, 5, 0, 6, 7, 4}), 4)), testing::ElementsAre(1, 9, 0, 7));
  EXPECT_THAT(ValuesOf(KeepExtremes(Of({9, 5, 1, 3, 3, 3}), 4)), testing::ElementsAre(9, 1, 3, 3));
}

}  // namespace
}  // namespace helios::detection
