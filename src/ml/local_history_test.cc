// SPDX-License-Identifier: Apache-2.0
#include "ml/local_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ml/xgboost_model.h"

namespace helios::ml {
namespace {

using std::chrono::hours;

/// Berlin's in 2025: put forward on 30 March at 01:00 UTC, back on 26 October at 01:00 UTC.
LocalClock Berlin() {
  const auto at = [](unsigned month, unsigned day) {
    return TimestampMs{std::chrono::sys_days{std::chrono::year{2025} / month / day}} + hours{1};
  };
  return *LocalClock::Make({{.from = {}, .offset = hours{1}},
                            {.from = at(3, 30), .offset = hours{2}},
                            {.from = at(10, 26), .offset = hours{1}}});
}

TimestampMs Midnight(unsigned month, unsigned day) {
  return TimestampMs{std::chrono::sys_days{std::chrono::year{2025} / month / day}};
}

TEST(ToLocalHistory, LeavesAGapWhereAnHourNeverComes) {
  const std::array values = {0.0, 1.0, 2.0};  // 00:00, 01:00, 02:00 UTC: 01:00, 03:00, 04:00 in Berlin
  const auto local = ToLocalHistory({.first = Midnight(3, 30), .step = hours{1}, .values = values}, Berlin());
  EXPECT_EQ(local.first, Midnight(3, 30) + hours{1});
  ASSERT_EQ(local.values.size(), 4U);
  EXPECT_EQ(local.values[0], 0.0);
  EXPECT_TRUE(std::isnan(local.values[1]));
  EXPECT_EQ(local.values[2], 1.0);
  EXPECT_EQ(local.values[3], 2.0);
}

TEST(ToLocalHistory, AveragesTheHourThatComesTwice) {
  const std::array values = {2.0, 4.0, 5.0};  // 00:00, 01:00, 02:00 UTC: 02:00, 02:00 again, 03:00 in Berlin
  const auto local = ToLocalHistory({.first = Midnight(10, 26), .step = hours{1}, .values = values}, Berlin());
  ASSERT_EQ(local.values.size(), 2U);
  EXPECT_EQ(local.values[0], 3.0);
  EXPECT_EQ(local.values[1], 5.0);
}

TEST(ToLocalHistory, ReachesBackWhereTheClockIsPutBackWithinTheFirstHour) {
  const std::array values = {1.0, 3.0, 5.0};  // 02:45 summer time, then 02:00 and 02:15 in winter time
  const auto first = Midnight(10, 26) + std::chrono::minutes{45};
  const auto local = ToLocalHistory({.first = first, .step = std::chrono::minutes{15}, .values = values}, Berlin());
  EXPECT_EQ(local.first, Midnight(10, 26) + hours{2});
  ASSERT_EQ(local.values.size(), 4U);
  EXPECT_EQ(local.values[0], 3.0);
  EXPECT_TRUE(std::isnan(local.values[2]));
  EXPECT_EQ(local.values[3], 1.0);
  EXPECT_TRUE(ToLocalHistory({.first = {}, .step = hours{1}, .values = {}}, Berlin()).values.empty());
}

/// A peak at 09:00 in Berlin, 16 days up to midnight UTC, four days after the clock was put forward.
std::vector<double> Habit(TimestampMs first) {
  std::vector<double> values;
  for (int i = 0; i < 16 * 24; ++i) {
    const auto shown = Berlin().ToLocal(first + hours{i}).time_since_epoch();
    values.push_back(shown % std::chrono::days{1} == hours{9} ? 100.0 : 10.0 + i % 3);
  }
  return values;
}

TEST(ToLocalHistory, LetsNamedModelsAndXgboostKeepAHabitAtItsTimeAcrossAChange) {
  const auto first = Midnight(3, 18);
  const auto values = Habit(first);
  const auto local = ToLocalHistory({.first = first, .step = hours{1}, .values = values}, Berlin());
  const auto next = local.first + hours{local.values.size()};
  const auto nine =
      static_cast<std::size_t>((hours{33} - next.time_since_epoch() % std::chrono::days{1}) / hours{1}) % 24;
  const auto peak_of = [&](const Result<std::unique_ptr<FittedModel>>& model) {
    const auto said = (*model)->Forecast(24, {})->value;
    return static_cast<std::size_t>(std::ranges::max_element(said) - said.begin());
  };
  for (const auto model : {NamedModel::kSeasonalNaive, NamedModel::kMstl, NamedModel::kExponentialSmoothing}) {
    EXPECT_EQ(peak_of(FitModel(model, local.view(), {.seasons = {24}, .prophet = {}})), nine) << NamedModelName(model);
  }
  if (XgboostModel::Available()) EXPECT_EQ(peak_of(FitXgboost(local.view(), {})), nine);
  EXPECT_EQ(Berlin().ToUtc(next + hours{nine}), Midnight(4, 3) + hours{7});
}

}  // namespace
}  // namespace helios::ml
