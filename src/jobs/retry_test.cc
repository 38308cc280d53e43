// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/retry.h"

#include <gtest/gtest.h>

namespace helios::jobs {
namespace {

using std::chrono::milliseconds;

constexpr RetryPolicy kPolicy{.first = milliseconds{1'000}, .longest = milliseconds{10'000}};

TEST(RetryDelay, DoublesUpToTheLongest) {
  EXPECT_EQ(RetryDelay(kPolicy, 1, 0), milliseconds{1'000});
  EXPECT_EQ(RetryDelay(kPolicy, 2, 0), milliseconds{2'000});
  EXPECT_EQ(RetryDelay(kPolicy, 4, 0), milliseconds{8'000});
  EXPECT_EQ(RetryDelay(kPolicy, 5, 0), milliseconds{10'000});
  EXPECT_EQ(RetryDelay(kPolicy, 1'000'000, 0), milliseconds{10'000});
}

TEST(RetryDelay, ChanceTakesUpToHalfAway) {
  EXPECT_EQ(RetryDelay(kPolicy, 1, 0.5), milliseconds{750});
  EXPECT_GE(RetryDelay(kPolicy, 1, 0.999999), milliseconds{500});
}

TEST(WorthARetry, NotForWhatTheInputForbids) {
  EXPECT_FALSE(WorthARetry(ErrorCode::kInvalidArgument));
  EXPECT_FALSE(WorthARetry(ErrorCode::kFailedPrecondition));
  EXPECT_TRUE(WorthARetry(ErrorCode::kUnavailable));
  EXPECT_TRUE(WorthARetry(ErrorCode::kInternal));
}

}  // namespace
}  // namespace helios::jobs
