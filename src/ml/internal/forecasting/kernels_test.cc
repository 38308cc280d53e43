// SPDX-License-Identifier: Apache-2.0
// The numerical parts of the ensemble against slow references that are written without them.
#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "ml/internal/forecasting/block_minima.h"
#include "ml/internal/forecasting/normal_equations.h"
#include "ml/internal/forecasting/variance_shift.h"
#include "ml/internal/forecasting/weight_tuning.h"
#include "ml/internal/forecasting/weighted_quantile.h"
#include "ml/internal/forecasting/window_distance.h"

namespace helios::ml {
namespace {

std::vector<float> Noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> values(size);
  for (float& value : values) value = static_cast<float>(random() % 20'001) / 1'000.0F - 10.0F;
  return values;
}

TEST(MeasureWindowDistances, AgreesWithTheFormulaAndAcrossProcessorsBitByBit) {
  for (const std::size_t count : {1U, 15U, 16U, 17U, 100U, 1'000U}) {
    for (const std::size_t window : {1U, 2U, 16U, 23U}) {
      const auto z = Noise(count + 2 * window, 1);
      const auto shifts = Noise((count + 15) / 16 * 16, 2);
      const auto penalties = Noise(count, 3);
      const auto importance = Noise(window, 4);
      const WindowDistance search{.z = z,
                                  .newest = std::span(z).last(window),
                                  .first = window - 1,
                                  .count = count,
                                  .importance = importance,
                                  .shifts = shifts,
                                  .penalties = penalties};
      std::vector<float> fast(shifts.size());
      std::vector<float> portable(shifts.size());
      MeasureWindowDistances(search, fast);
      MeasureWindowDistancesPortably(search, portable);
      for (std::size_t c = 0; c < fast.size(); ++c) {
        ASSERT_EQ(std::bit_cast<std::uint32_t>(fast[c]), std::bit_cast<std::uint32_t>(portable[c]));
        if (c >= count) {
          ASSERT_EQ(fast[c], std::numeric_limits<float>::infinity());
          continue;
        }
        double expected = static_cast<double>(penalties[c]);
        for (std::size_t i = 0; i < window; ++i) {
          const double difference =
              static_cast<double>(z[z.size() - 1 - i]) - static_cast<double>(z[window - 1 + c - i]);
          expected += static_cast<double>(importance[i]) * std::abs(difference - static_cast<double>(shifts[c]));
        }
        ASSERT_NEAR(static_cast<double>(fast[c]), expected, 1e-2) << count << " " << window << " " << c;
      }
    }
  }
}

TEST(BlockMinima, FindsAndRemovesAsASearchThroughAllWould) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const std::size_t blocks : {1U, 3U, 16U, 17U, 40U}) {
    auto values = Noise(blocks * BlockMinima::kBlock, 5);
    for (float& value : values) value = std::round(value);  // many equals
    auto reference = values;
    BlockMinima minima;
    minima.Assign(values);
    while (minima.Least() < kInfinity) {
      const float least = std::ranges::min(reference);
      ASSERT_EQ(minima.Least(), least);
      std::size_t last = reference.size() - 1;
      while (reference[last] != least) --last;
      ASSERT_EQ(minima.LastOfLeast(), last);
      const std::size_t from = last >= 2 ? last - 2 : 0;
      const std::size_t to = std::min(last + 3, reference.size() - 1);
      for (std::size_t i = from; i <= to; ++i) reference[i] = kInfinity;
      minima.Remove(from, to);
    }
    ASSERT_EQ(std::ranges::min(reference), kInfinity);
  }
}

TEST(WeightedQuantile, StandsAtTheMiddleOfEachWeight) {
  // Middles at 1/8, 1/2 and 7/8 of the weight.
  const std::array<Weighted, 3> items = {{{1.0F, 1.0F}, {5.0F, 2.0F}, {9.0F, 1.0F}}};
  EXPECT_FLOAT_EQ(WeightedQuantile(items, 0.5F), 5.0F);
  EXPECT_FLOAT_EQ(WeightedQuantile(items, 0.125F), 1.0F);
  EXPECT_FLOAT_EQ(WeightedQuantile(items, 0.3125F), 3.0F);
  EXPECT_FLOAT_EQ(WeightedQuantile(items, 0.0F), 1.0F);
  EXPECT_FLOAT_EQ(WeightedQuantile(items, 1.0F), 9.0F);
}

TEST(QuantileCounter, AgreesWithSorting) {
  for (std::size_t size = 1; size <= QuantileCounter::kMost; ++size) {
    for (const bool ties : {false, true}) {
      auto values = Noise(size, static_cast<unsigned>(size));
      if (ties) {
        for (float& value : values) value = std::round(value / 5.0F);
      }
      QuantileCounter counter;
      std::vector<Weighted> sorted;
      for (std::size_t i = 0; i < size; ++i) {
        const float weight = 1.0F / (1.0F + 0.5F * static_cast<float>(i));
        counter.Add(values[i], weight);
        sorted.push_back({values[i], weight});
      }
      SortByValue(sorted);
      const std::array wanted = {0.05F, 0.3F, 0.5F, 0.95F};
      const auto found = counter.Quantiles(wanted);
      for (std::size_t q = 0; q < wanted.size(); ++q) {
        EXPECT_NEAR(found[q], WeightedQuantile(sorted, wanted[q]), 2e-4F) << size << " " << ties << " " << wanted[q];
      }
    }
  }
}

TEST(NormalEquations, RecoverTheCoefficientsOfExactRows) {
  std::vector<NormalEquations::Row> x(200);
  std::vector<float> y(200);
  const auto noise = Noise(200 * kEquations, 6);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t k = 0; k < kEquations; ++k) {
      x[i][k] = noise[i * kEquations + k];
      y[i] += (static_cast<float>(k) - 10.0F) * x[i][k];
    }
  }
  const std::vector<float> weights(200, 2.0F);
  NormalEquations first;
  NormalEquations second;
  first.Add(std::span(x).first(80), y, weights);
  second.Add(std::span(x).subspan(80), std::span(y).subspan(80), weights);
  first.Add(second);
  const auto solved = first.Solve(1e-4F);
  for (std::size_t k = 0; k < kEquations; ++k) EXPECT_NEAR(solved[k], static_cast<float>(k) - 10.0F, 0.01F);
  const auto shrunk = first.Solve(1e9F);
  for (const float coefficient : shrunk) EXPECT_NEAR(coefficient, 0.0F, 0.01F);
  for (const float coefficient : NormalEquations().Solve(1.0F)) EXPECT_EQ(coefficient, 0.0F);
}

TEST(FindVarianceShift, SeesThatTheNewestOriginsErrMore) {
  std::vector<float> sizes(30);
  for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i] = i % 2 == 0 ? 0.8F : 1.2F;
  EXPECT_EQ(FindVarianceShift(sizes, {}).origins, 0U);
  for (std::size_t i = 0; i < 4; ++i) sizes[i] *= 3.0F;
  const auto shift = FindVarianceShift(sizes, {});
  EXPECT_EQ(shift.origins, 4U);
  EXPECT_NEAR(shift.factor, 3.0F, 1e-3F);
  for (std::size_t i = 1; i < 4; ++i) sizes[i] /= 3.0F;
  EXPECT_EQ(FindVarianceShift(sizes, {}).origins, 0U);  // one origin may be a passing disturbance
}

TEST(FindVarianceShift, PassesOverWhatIsNoSize) {
  const std::vector<float> sizes(30, std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(FindVarianceShift(sizes, {}).origins, 0U);
  EXPECT_EQ(FindVarianceShift(std::vector<float>(30, 0.0F), {}).origins, 0U);
  EXPECT_EQ(FindVarianceShift({}, {}).origins, 0U);
}

TEST(WeightTuning, MovesWeightToTheMemberThatIsRight) {
  WeightTuning tuning({});
  for (int i = 0; i < 20; ++i) {
    WeightTuning::Opinions opinions;
    opinions.fill(static_cast<float>(i % 2));
    opinions[3] = 10.0F;
    tuning.Add(opinions, 10.0F, 1.0F);
  }
  WeightTuning::Opinions even;
  even.fill(1.0F / static_cast<float>(kMembers));
  // A step that does not carry the median over gains nothing, so it has to be a large one.
  const auto tuned = tuning.Tune(even, 8, 0.5F);
  EXPECT_GT(tuned[3], 0.5F);
  float sum = 0.0F;
  for (const float weight : tuned) sum += weight;
  EXPECT_NEAR(sum, 1.0F, 1e-4F);
  EXPECT_EQ(tuning.Tune(even, 0, 0.2F), even);
}

}  // namespace
}  // namespace helios::ml
