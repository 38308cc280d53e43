// SPDX-License-Identifier: Apache-2.0
// Expected values by hand from the algorithm that Kubernetes' documentation gives (hpa.h).
#include "ml/hpa.h"

#include <gtest/gtest.h>

#include <cmath>

namespace helios::ml {
namespace {

constexpr HpaSettings kAtHalf{.target_utilisation = 0.5, .min_replicas = 1, .max_replicas = 1'000};

TEST(Hpa, DoublesWhenUseIsTwiceTheTarget) {
  // The documentation's own example: a metric of 200m against a target of 100m doubles the replicas.
  Hpa hpa(kAtHalf);
  EXPECT_EQ(hpa.Sync(/*use=*/4.0, /*current=*/4, /*ready=*/4), 8);
}

TEST(Hpa, HalvesWhenUseIsHalfTheTargetOnceNoRecommendationOfFiveMinutesWantsMore) {
  Hpa hpa(kAtHalf);
  // 19 syncs at 4 replicas, just right; the 20th asks for 2 and the newest 300 s still hold a 4 for 19 more.
  for (int i = 0; i < 19; ++i) EXPECT_EQ(hpa.Sync(2.0, 4, 4), 4);
  for (int i = 0; i < 19; ++i) EXPECT_EQ(hpa.Sync(1.0, 4, 4), 4);
  EXPECT_EQ(hpa.Sync(1.0, 4, 4), 2);
}

TEST(Hpa, LeavesChangesWithinATenthAlone) {
  Hpa hpa(kAtHalf);
  EXPECT_EQ(hpa.Sync(/*use=*/5.45, 10, 10), 10);  // ratio 1.09
  EXPECT_EQ(hpa.Sync(/*use=*/4.55, 10, 10), 10);  // ratio 0.91
  EXPECT_EQ(hpa.Sync(/*use=*/5.55, 10, 10), 12);  // ratio 1.11: 11.1, rounded up
}

TEST(Hpa, AddsFourPodsOrAsManyAsThereAreInOnePeriod) {
  Hpa few(kAtHalf);
  EXPECT_EQ(few.Sync(100.0, 3, 3), 7);  // 3 + 4
  Hpa many(kAtHalf);
  EXPECT_EQ(many.Sync(100.0, 10, 10), 20);  // 10 + 100 %
}

TEST(Hpa, CountsPodsThatAreNotReadyAsIdleWhenItScalesUp) {
  Hpa hpa(kAtHalf);
  // Two ready at use 1.0 each: ratio 2, wants 4. With two starting up the ratio over all four is 1: no change.
  EXPECT_EQ(hpa.Sync(2.0, 4, 2), 4);
  // A use of 3 wants 6 of them.
  EXPECT_EQ(hpa.Sync(3.0, 4, 2), 6);
  // Ten are there already, and six would do: idle pods may not turn scaling up into scaling down.
  EXPECT_EQ(hpa.Sync(3.0, 10, 2), 10);
}

TEST(Hpa, StaysWhereItIsWithoutAMetric) {
  Hpa hpa(kAtHalf);
  EXPECT_EQ(hpa.Sync(std::nan(""), 5, 5), 5);
  EXPECT_EQ(hpa.Sync(9.0, 5, 0), 5);
}

TEST(Hpa, KeepsWithinItsBounds) {
  Hpa hpa({.target_utilisation = 0.5, .min_replicas = 2, .max_replicas = 6});
  EXPECT_EQ(hpa.Sync(50.0, 5, 5), 6);
  EXPECT_EQ(hpa.Sync(0.0, 1, 1), 2);
  EXPECT_EQ(hpa.Sync(0.0, 9, 9), 6);
  EXPECT_EQ(hpa.Sync(HUGE_VAL, 5, 5), 6);
}

}  // namespace
}  // namespace helios::ml
