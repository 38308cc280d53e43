// SPDX-License-Identifier: Apache-2.0
#include "workbench/chart.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <regex>

#include "workbench/chart_axes.h"

namespace helios::workbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMinute = 60'000.0;
constexpr double kDay = 1'440 * kMinute;

std::vector<std::string> Labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> labels;
  for (const auto& tick : ticks) labels.push_back(tick.label);
  return labels;
}

TEST(MakeValueAxis, TicksAtRoundNumbers) {
  EXPECT_THAT(Labels(MakeValueAxis(0.0, 100.0).ticks), ElementsAre("0", "20", "40", "60", "80", "100"));
  EXPECT_THAT(Labels(MakeValueAxis(0.9, 0.95).ticks), ElementsAre("0.90", "0.91", "0.92", "0.93", "0.94", "0.95"));
  EXPECT_THAT(Labels(MakeValueAxis(-2.0, 3.0).ticks), ElementsAre("-2", "-1", "0", "1", "2", "3"));
  EXPECT_THAT(Labels(MakeValueAxis(0.0, 60'000.0).ticks), ElementsAre("0", "10k", "20k", "30k", "40k", "50k", "60k"));
}

TEST(MakeValueAxis, BeginsAtZeroWhereThatCostsLittle) {
  EXPECT_EQ(MakeValueAxis(20.0, 100.0).least, 0.0);
  EXPECT_GT(MakeValueAxis(80.0, 100.0).least, 70.0);
  EXPECT_EQ(MakeValueAxis(-100.0, -20.0).most, 0.0);
}

TEST(MakeValueAxis, IsFiniteForConstantsAndExtremes) {
  for (const auto& [least, most] : std::initializer_list<std::pair<double, double>>{{0.0, 0.0},
                                                                                    {5.0, 5.0},
                                                                                    {-5.0, -5.0},
                                                                                    {-1e300, 1e300},
                                                                                    {1e300, 1e300},
                                                                                    {0.0, 5e-324},
                                                                                    {1e15, 1e15 + 0.125}}) {
    const auto axis = MakeValueAxis(least, most);
    EXPECT_TRUE(std::isfinite(axis.least) && std::isfinite(axis.most)) << least << " " << most;
    EXPECT_LT(axis.least, axis.most) << least << " " << most;
    EXPECT_LE(axis.least, least);
    EXPECT_GE(axis.most, most);
    EXPECT_GE(axis.ticks.size(), 2U) << least << " " << most;
    EXPECT_LE(axis.ticks.size(), 21U) << least << " " << most;
  }
}

TEST(TimeTicks, FallOnRoundTimesAndNameTheDay) {
  const double noon = 1'767'441'600'000.0;  // 2026-01-03T12:00:00Z
  const auto hours = TimeTicks(noon - 90 * kMinute, noon + 90 * kMinute, 6);
  EXPECT_THAT(Labels(hours), ElementsAre("10:30", "11:00", "11:30", "12:00", "12:30", "13:00", "13:30"));
  EXPECT_EQ(hours.front().below, "3 Jan 2026");
  EXPECT_EQ(hours.back().below, "");
  const auto over_midnight = TimeTicks(noon, noon + kDay, 4);
  EXPECT_THAT(Labels(over_midnight), ElementsAre("12:00", "18:00", "00:00", "06:00", "12:00"));
  EXPECT_EQ(over_midnight[2].below, "4 Jan 2026");
  EXPECT_THAT(Labels(TimeTicks(noon, noon + 4 * kDay, 5)), ElementsAre("4 Jan", "5 Jan", "6 Jan", "7 Jan"));
  EXPECT_THAT(Labels(TimeTicks(noon, noon + 10'000.0, 3)), ElementsAre("12:00:00", "12:00:05", "12:00:10"));
}

TEST(TimeTicks, AreFewHoweverLongTheTime) {
  for (const double span : {1.0, 1e3, 1e6, 1e9, 1e12, 2.5e14}) EXPECT_LE(TimeTicks(0.0, span, 12).size(), 13U) << span;
}

/// A line over minutes from 0 on.
Chart Minutes(const std::vector<double>& values) {
  ChartLine line{.name = "measured", .role = ChartRole::kMeasured, .points = {}};
  for (const double value : values) line.points.push_back({kMinute * static_cast<double>(line.points.size()), value});
  Chart chart;
  chart.title = "t";
  chart.lines.push_back(std::move(line));
  return chart;
}

std::string PathOf(const std::string& svg, const std::string& role) {
  std::smatch match;
  EXPECT_TRUE(std::regex_search(svg, match, std::regex("<path d=\"([^\"]*)\" class=\"[a-z -]*" + role)));
  return match[1];
}

TEST(DrawChart, DrawsAGapAsAGap) {
  const std::string path = PathOf(DrawChart(Minutes({1, 2, kNaN, 3, 4})), "hc-measured");
  EXPECT_EQ(std::ranges::count(path, 'M'), 2) << path;
  EXPECT_EQ(std::ranges::count(path, 'L'), 2) << path;
  EXPECT_EQ(std::ranges::count(PathOf(DrawChart(Minutes({1, 2, 3})), "hc-measured"), 'M'), 1);
}

TEST(DrawChart, BreaksABandAtAGap) {
  Chart chart = Minutes({1, 2, 3, 4, 5});
  chart.bands.push_back({.name = "b", .label = {}, .role = ChartRole::kForecast, .ranges = {}});
  for (double i = 0; i < 5; ++i) chart.bands[0].ranges.push_back({i * kMinute, i == 2 ? kNaN : 1, 3});
  EXPECT_EQ(std::ranges::count(PathOf(DrawChart(chart), "hc-forecast"), 'Z'), 2);
}

TEST(DrawChart, WritesLevelsUnitTitleAndLegend) {
  Chart chart = Minutes({1, 2});
  chart.title = "a<b>&\"c\"";
  chart.unit = "requests/s";
  chart.bands.push_back(
      {.name = "95 % interval", .label = "95 %", .role = ChartRole::kForecast, .ranges = {{0, 1, 1}, {kMinute, 0, 9}}});
  const std::string svg = DrawChart(chart);
  EXPECT_THAT(svg, HasSubstr(">a&lt;b&gt;&amp;&quot;c&quot;</text>"));
  EXPECT_THAT(svg, HasSubstr(">requests/s</text>"));
  EXPECT_THAT(svg, HasSubstr(">95 %</text>"));
  EXPECT_THAT(svg, HasSubstr(">95 % interval</text>"));
  EXPECT_THAT(svg, HasSubstr(">time, UTC</text>"));
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme:dark"));
}

TEST(DrawChart, KeepsTheExtremesOfManyValues) {
  std::vector<double> values(100'000, 1.0);
  values[54'321] = 100.0;
  const std::string svg = DrawChart(Minutes(values));
  EXPECT_THAT(PathOf(svg, "hc-measured"), HasSubstr(" 84.0"));  // the peak reaches the top of the axis
  EXPECT_LT(svg.size(), 200'000U);
}

TEST(DrawChart, HasNoNumberThatIsNone) {
  for (const auto& values : std::initializer_list<std::vector<double>>{
           {}, {kNaN}, {1}, {0, 0, 0}, {1e308, -1e308, 1e308}, {5e-324, 0}, {kNaN, 7, kNaN}}) {
    const std::string svg = DrawChart(Minutes(values));
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
    EXPECT_THAT(svg, Not(HasSubstr("inf")));
    EXPECT_THAT(svg, HasSubstr("</svg>"));
  }
}

}  // namespace
}  // namespace helios::workbench
