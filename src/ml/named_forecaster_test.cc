// SPDX-License-Identifier: Apache-2.0
#include "ml/named_forecaster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "ml/model_parts.h"
#include "ml/series_forecaster.h"
#include "ml/synthetic_series.h"
#include "ml/xgboost_model.h"

namespace helios::ml {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;

constexpr minutes kHorizons[] = {minutes{15}, minutes{30}, minutes{60}};

/// Five days of five minutes with a daily sine around 100, of amplitude 20.
std::vector<Sample> Daily() {
  return SyntheticSeries{.samples = 5 * 288, .daily_amplitude = 20.0, .noise = 0.5}.Make();
}

double Truth(TimestampMs time) {
  const auto since = time - FromUnixMs(1'700'006'400'000);
  return 100.0 +
         20.0 * std::sin(2.0 * std::numbers::pi * std::chrono::duration<double, std::ratio<86'400>>(since).count());
}

NamedForecasterOptions Asking(std::vector<std::string> models) {
  return {.models = std::move(models), .seasons = {}, .holidays = {}};
}

void ExpectSame(const SeriesForecast& one, const SeriesForecast& other) {
  EXPECT_EQ(one.origin, other.origin);
  ASSERT_EQ(one.points.size(), other.points.size());
  for (std::size_t i = 0; i < one.points.size(); ++i) {
    EXPECT_EQ(one.points[i].time, other.points[i].time);
    EXPECT_EQ(one.points[i].value, other.points[i].value);
    EXPECT_EQ(one.points[i].lower, other.points[i].lower);
    EXPECT_EQ(one.points[i].upper, other.points[i].upper);
  }
}

TEST(NamedForecaster, ForecastsADailySineAndSaysWhyItsModelServes) {
  const auto history = Daily();
  const auto fitted = NamedForecaster::Fit(history, Asking({"theta", "prophet"}));
  ASSERT_TRUE(fitted) << fitted.error().message;
  EXPECT_EQ(fitted->origin(), history.back().time);
  const auto forecast = fitted->Forecast(kHorizons, 0.95);
  ASSERT_TRUE(forecast) << forecast.error().message;
  EXPECT_EQ(forecast->model_type, ModelType::kNamed);
  EXPECT_FALSE(forecast->reason.empty());
  EXPECT_GT(forecast->metrics.mae.value(), 0.0);
  EXPECT_LT(forecast->metrics.mase.value(), 1.5);
  for (const auto& point : forecast->points) {
    EXPECT_EQ(point.time, history.back().time + point.horizon);
    EXPECT_NEAR(point.value, Truth(point.time), 3.0);
    EXPECT_LE(point.lower, point.value);
    EXPECT_GE(point.upper, point.value);
  }
}

TEST(NamedForecaster, IsRestoredToTheSameBitsAndMovesOn) {
  const auto whole = Daily();
  const auto history = std::span(whole).first(4 * 288 + 100);
  for (const char* name : {"exponential_smoothing", "theta", "mstl", "prophet"}) {
    auto fitted = NamedForecaster::Fit(history, Asking({name}));
    ASSERT_TRUE(fitted) << name << ": " << fitted.error().message;
    const auto part = fitted->Save();
    ASSERT_TRUE(part);
    EXPECT_EQ(ReadPartKind(*part), PartKind::kNamedForecaster);
    const auto restored = SeriesForecaster::Restore(*part, history);
    ASSERT_TRUE(restored) << name << ": " << restored.error().message;
    ExpectSame(*restored->Forecast(kHorizons, 0.9), *fitted->Forecast(kHorizons, 0.9));

    // All at once, one by one, and restored with what is newer: the same.
    const auto newer = std::span(whole).subspan(history.size());
    auto step_by_step = *SeriesForecaster::Restore(*part, history);
    for (const auto& sample : newer) ASSERT_TRUE(step_by_step.Append(std::span(&sample, 1)));
    ASSERT_TRUE(fitted->Append(newer));
    EXPECT_EQ(fitted->origin(), whole.back().time);
    ExpectSame(*step_by_step.Forecast(kHorizons, 0.9), *fitted->Forecast(kHorizons, 0.9));
    const auto later = SeriesForecaster::Restore(*part, whole);
    ASSERT_TRUE(later) << name << ": " << later.error().message;
    ExpectSame(*later->Forecast(kHorizons, 0.9), *fitted->Forecast(kHorizons, 0.9));
  }
}

TEST(NamedForecaster, AHolidayOfTheTenantsOwnLowersItsDayAlone) {
  // A rising load, but for the third and the eighth day, which are at 20; the next such day comes after the history.
  std::vector<Sample> history;
  const TimestampMs midnight = FromUnixMs(1'700'006'400'000);
  for (int i = 0; i < 10 * 24; ++i) {
    const int day = i / 24;
    history.push_back({midnight + std::chrono::hours{i}, day == 2 || day == 7 ? 20.0 : 100.0 + 0.2 * i + (i % 5)});
  }
  auto options = Asking({"prophet"});
  for (const int day : {2, 7, 10}) {
    if (options.holidays.empty()) options.holidays.emplace_back();
    options.holidays.front().days.push_back(midnight + std::chrono::days{day});
  }
  options.horizons = {minutes{720}};
  const auto fitted = NamedForecaster::Fit(history, options);
  ASSERT_TRUE(fitted) << fitted.error().message;
  const minutes ahead[] = {minutes{720}};
  const auto with = fitted->Forecast(ahead, 0.9);
  options.holidays.front().days.pop_back();
  const auto without = NamedForecaster::Fit(history, options)->Forecast(ahead, 0.9);
  if (with->named_model == "prophet" && without->named_model == "prophet") {
    EXPECT_LT(with->points[0].value, without->points[0].value - 40.0);
  } else {
    GTEST_FAIL() << "another model served: " << with->named_model << ", " << without->named_model;
  }
}

TEST(NamedForecaster, FollowsTheClockOnTheWallAcrossAChange) {
  // A clock put forward by an hour at the end of the history: the habit of 09:00 comes an hour earlier in UTC.
  const auto history = Daily();
  auto options = Asking({"mstl"});
  options.clock = *LocalClock::Make({{.from = history.front().time, .offset = std::chrono::seconds{0}},
                                     {.from = history.back().time + minutes{1}, .offset = std::chrono::hours{1}}});
  const auto fitted = NamedForecaster::Fit(history, options);
  ASSERT_TRUE(fitted) << fitted.error().message;
  const auto forecast = fitted->Forecast(kHorizons, 0.9);
  for (const auto& point : forecast->points) {
    EXPECT_NEAR(point.value, Truth(point.time + std::chrono::hours{1}), 4.0);
  }
}

TEST(NamedForecaster, RefusesWhatIsNoModelNoSeasonAndNoHorizon) {
  const auto history = Daily();
  const auto reason = [&](const NamedForecasterOptions& options) {
    const auto fitted = NamedForecaster::Fit(history, options);
    return fitted ? std::string("fitted") : std::string(fitted.error().reason);
  };
  EXPECT_EQ(reason(Asking({})), "inference.bad_model_options");
  EXPECT_EQ(reason(Asking({"arima"})), "inference.bad_model_options");
  auto descending = Asking({"theta"});
  descending.seasons = {{.period = minutes{1440}, .order = {}}, {.period = minutes{60}, .order = {}}};
  EXPECT_EQ(reason(descending), "inference.bad_model_options");
  auto far = Asking({"theta"});
  far.horizons = {minutes{1441}};
  EXPECT_EQ(reason(far), "inference.bad_horizon");
  EXPECT_EQ(NamedForecaster::Fit({}, Asking({"theta"})).error().reason, "inference.not_enough_history");
}

TEST(NamedForecaster, APartThatIsCutOrChangedIsRefusedOrForecasts) {
  const auto history = Daily();
  const auto part = NamedForecaster::Fit(history, Asking({"theta"}))->Save().value();
  for (std::size_t i = 0; i < part.size(); i += 7) {
    EXPECT_FALSE(SeriesForecaster::Restore(part.substr(0, i), history)) << "cut to " << i;
    std::string changed = part;
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    const auto restored = SeriesForecaster::Restore(changed, history);
    if (restored) {
      EXPECT_TRUE(restored->Forecast(kHorizons, 0.9)) << i;
    }
  }
}

TEST(NamedForecaster, AsksXgboostWhereThereIsOne) {
  if (!XgboostModel::Available()) GTEST_SKIP() << "built without XGBoost";
  const auto history = Daily();
  auto fitted = NamedForecaster::Fit(history, Asking({"xgboost"}));
  ASSERT_TRUE(fitted) << fitted.error().message;
  const auto part = fitted->Save();
  ASSERT_TRUE(part);
  const auto restored = SeriesForecaster::Restore(*part, history);
  ASSERT_TRUE(restored) << restored.error().message;
  ExpectSame(*restored->Forecast(kHorizons, 0.9), *fitted->Forecast(kHorizons, 0.9));
  const minutes day[] = {minutes{1440}};
  EXPECT_TRUE(fitted->Forecast(day, 0.9));
}

}  // namespace
}  // namespace helios::ml
