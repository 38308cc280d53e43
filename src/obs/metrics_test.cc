// SPDX-License-Identifier: Apache-2.0
#include "obs/metrics.h"

#include <gtest/gtest.h>
#include <prometheus/counter.h>

namespace helios::obs {
namespace {

TEST(Metrics, FindsTheSameCounterAgainAndRendersIt) {
  Metrics metrics;
  metrics.Counter("helios_test_total", "Tests.", {{"kind", "a"}}).Increment(2);
  metrics.Counter("helios_test_total", "Tests.", {{"kind", "a"}}).Increment();
  EXPECT_NE(metrics.Render().find("helios_test_total{kind=\"a\"} 3"), std::string::npos) << metrics.Render();
}

}  // namespace
}  // namespace helios::obs
