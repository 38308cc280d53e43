// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/report.h"

#include <gmock/gmock.h>

namespace helios::bench {
namespace {

using ::testing::HasSubstr;

TEST(Quantile, IsTheNearestRank) {
  const std::vector<float> values = {50, 20, 15, 40, 35};
  EXPECT_EQ(Quantile(values, 0.30), 20);
  EXPECT_EQ(Quantile(values, 0.40), 20);
  EXPECT_EQ(Quantile(values, 0.50), 35);
  EXPECT_EQ(Quantile(values, 0.99), 50);
  EXPECT_EQ(Quantile(values, 1.00), 50);
  EXPECT_EQ(Quantile(values, 0.01), 15);
  EXPECT_EQ(Quantile({}, 0.5), 0);
}

TEST(Median, IsTheMiddleOrTheMeanOfTheMiddle) {
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(Median({}), 0);
}

TEST(FiguresOf, CountsTheFirstRoundInTheWholeAndNotInTheSteadyCost) {
  RunResult run;
  run.load.samples = 4'000'000;
  run.load.requests = 8'000;
  run.load.seconds = 2;
  run.load.sender_cpu = 1;
  run.load.latencies_ms = {1, 2};
  run.cpu = 8;
  run.first_round_cpu = 5;
  run.children_cpu = 1;
  run.disk = {{"data", 4'000'000}, {"journal", 8'000'000}, {"cache", 4'000'000}};
  const Figures figures = FiguresOf(run, /*series=*/1'000'000);
  EXPECT_DOUBLE_EQ(figures.cpu_per_million, 2);
  EXPECT_DOUBLE_EQ(figures.steady_cpu_per_million, 1);
  EXPECT_DOUBLE_EQ(figures.children_cpu_per_million, 0.25);
  EXPECT_DOUBLE_EQ(figures.samples_per_second, 2e6);
  EXPECT_DOUBLE_EQ(figures.requests_per_second, 4'000);
  EXPECT_DOUBLE_EQ(figures.data_bytes_per_sample, 1);
  EXPECT_DOUBLE_EQ(figures.disk_bytes_per_sample, 4);
  EXPECT_DOUBLE_EQ(figures.sender_share, 0.1);
}

TEST(Table, ShowsTheMedianWithItsSpread) {
  const std::vector<Series> all = {
      {"remote-write-10k", "helios", {{.cpu_per_million = 0.5}, {.cpu_per_million = 0.25}, {.cpu_per_million = 1}}},
      {"json", "victoria-metrics", {}}};
  const std::string table = Table(all);
  EXPECT_THAT(table, HasSubstr("| remote-write-10k | helios           |    3 | 0.5 (0.25–1) |"));
  EXPECT_THAT(table, HasSubstr("| json             | victoria-metrics |    0 |            – |"));
}

}  // namespace
}  // namespace helios::bench
