// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "ml/forecast.h"
#include "ml/model_description.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

using std::chrono::minutes;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
/// Beyond a day another model than the ensemble answers.
constexpr minutes kHorizons[] = {minutes{3}, minutes{15}, minutes{60}, minutes{1'440}, minutes{2'000}};

void ExpectSame(const FittedForecaster& a, const FittedForecaster& b, double level = 0.95) {
  const auto first = a.Forecast(kHorizons, level);
  const auto second = b.Forecast(kHorizons, level);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->origin, second->origin);
  EXPECT_EQ(first->model_type, second->model_type);
  EXPECT_EQ(first->reason, second->reason);
  EXPECT_EQ(first->season_length, second->season_length);
  EXPECT_EQ(first->step, second->step);
  EXPECT_EQ(first->history_samples, second->history_samples);
  EXPECT_EQ(first->history_span, second->history_span);
  EXPECT_EQ(first->metrics.mase, second->metrics.mase);
  EXPECT_EQ(first->metrics.coverage, second->metrics.coverage);
  for (std::size_t i = 0; i < std::size(kHorizons); ++i) {
    EXPECT_EQ(first->points[i].time, second->points[i].time);
    EXPECT_EQ(first->points[i].value, second->points[i].value);
    EXPECT_EQ(first->points[i].lower, second->points[i].lower);
    EXPECT_EQ(first->points[i].upper, second->points[i].upper);
  }
}

/// A series and the options that make a certain model serve it.
struct Case {
  const char* name;
  SyntheticSeries series;
  ModelType served;
  std::vector<minutes> horizons = {minutes{15}, minutes{30}, minutes{60}};
};

std::vector<Case> Cases() {
  return {
      {"ensemble", {.daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5}, ModelType::kEnsemble},
      {"ensemble, and smoothing beyond a day",
       {.daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5, .seed = 2},
       ModelType::kEnsemble,
       {minutes{60}, minutes{2'880}}},
      {"ensemble of fine samples",
       {.samples = 5'760, .step = minutes{1}, .daily_amplitude = 20.0, .noise = 5.0, .seed = 3},
       ModelType::kEnsemble},
      {"smoothing with a season",
       {.samples = 700, .daily_amplitude = 20.0, .noise = 1.0, .seed = 4},
       ModelType::kExponentialSmoothing},
      {"smoothing", {.samples = 100, .noise = 5.0, .seed = 5}, ModelType::kExponentialSmoothing},
      {"too short to choose", {.samples = 9, .noise = 5.0, .seed = 6}, ModelType::kExponentialSmoothing},
      {"a random walk", {.samples = 400, .walk = 1.0, .seed = 7}, ModelType::kSeasonalNaive},
      {"constant", {.samples = 900, .seed = 8}, ModelType::kConstant},
      {"hourly",
       {.samples = 900, .step = minutes{60}, .daily_amplitude = 20.0, .noise = 3.0, .seed = 9},
       ModelType::kEnsemble},
  };
}

TEST(FittedForecasterState, ForecastsTheSameBitsFromTheSameHistory) {
  for (const auto& c : Cases()) {
    SCOPED_TRACE(c.name);
    const auto history = c.series.Make();
    const auto fitted = FitForecaster(history, {.horizons = c.horizons});
    ASSERT_TRUE(fitted);
    EXPECT_EQ(fitted->model_type(), c.served);
    const auto restored = FittedForecaster::Restore(fitted->Save(), history);
    ASSERT_TRUE(restored) << restored.error().message;
    ExpectSame(*restored, *fitted);
    ExpectSame(*restored, *fitted, 0.777);
    EXPECT_EQ(restored->Save(), fitted->Save());
  }
}

TEST(FittedForecasterState, TakesNewerSamplesInAsAppendDoes) {
  for (const auto& c : Cases()) {
    SCOPED_TRACE(c.name);
    auto longer = c.series;
    longer.samples += static_cast<std::size_t>(std::chrono::hours{30} / longer.step);
    auto all = longer.Make();
    all[c.series.samples + 3].value = kNan;
    const auto history = std::span(all).first(c.series.samples);
    const auto fitted = FitForecaster(history, {.horizons = c.horizons});
    ASSERT_TRUE(fitted);
    const auto saved = fitted->Save();
    for (const auto hours : {1, 30}) {
      const std::size_t newer = static_cast<std::size_t>(std::chrono::hours{hours} / longer.step);
      auto appended = *fitted;
      ASSERT_TRUE(appended.Append(std::span(all).subspan(history.size(), newer)));
      const auto restored = FittedForecaster::Restore(saved, std::span(all).first(history.size() + newer));
      ASSERT_TRUE(restored) << restored.error().message;
      EXPECT_GT(restored->origin(), fitted->origin());
      ExpectSame(*restored, appended);
      EXPECT_EQ(restored->Save(), appended.Save());
    }
  }
}

TEST(FittedForecasterState, KeepsTheClockThatIsChangedAroundTheHistory) {
  auto series = SyntheticSeries{.samples = 4'032 + 360, .daily_amplitude = 20.0, .noise = 5.0};
  const auto all = series.Make();
  const auto history = std::span(all).first(4'032);
  const auto newest = history.back().time;
  // Put forward within the history; put forward, and put back, within the thirty hours after it.
  for (const auto& [moved, before, after] :
       {std::tuple{newest - std::chrono::days{5}, 1, 2}, std::tuple{newest + std::chrono::hours{10}, 1, 2},
        std::tuple{newest + std::chrono::hours{10}, 2, 1}}) {
    const auto clock =
        LocalClock::Make({{.from = all.front().time - std::chrono::days{90}, .offset = std::chrono::hours{before}},
                          {.from = moved, .offset = std::chrono::hours{after}}});
    ASSERT_TRUE(clock);
    const auto fitted = FitForecaster(history, {.clock = *clock});
    ASSERT_TRUE(fitted);
    const auto restored = FittedForecaster::Restore(fitted->Save(), history);
    ASSERT_TRUE(restored) << restored.error().message;
    ExpectSame(*restored, *fitted);

    auto appended = *fitted;
    ASSERT_TRUE(appended.Append(std::span(all).subspan(history.size())));
    EXPECT_EQ(appended.origin(), all.back().time);
    const auto moved_on = FittedForecaster::Restore(fitted->Save(), all);
    ASSERT_TRUE(moved_on) << moved_on.error().message;
    ExpectSame(*moved_on, appended);
  }
}

TEST(FittedForecasterState, GivesTheSameInOneCallOfAppendAndInMany) {
  const auto all = SyntheticSeries{.samples = 4'100, .daily_amplitude = 20.0, .noise = 5.0}.Make();
  auto at_once = FitForecaster(std::span(all).first(4'032), {});
  ASSERT_TRUE(at_once);
  auto in_turn = *at_once;
  ASSERT_TRUE(at_once->Append(std::span(all).subspan(4'032)));
  for (std::size_t i = 4'032; i < all.size(); ++i) ASSERT_TRUE(in_turn.Append(std::span(all).subspan(i, 1)));
  ExpectSame(in_turn, *at_once);
  EXPECT_EQ(in_turn.origin(), all.back().time);
}

TEST(FittedForecasterState, WaitsForAStepToEndBeforeItTakesItsSamplesIn) {
  // Four days of minutes are forecast at five minutes.
  const auto all = SyntheticSeries{.samples = 5'768, .step = minutes{1}, .daily_amplitude = 20.0, .noise = 5.0}.Make();
  auto fitted = FitForecaster(std::span(all).first(5'760), {});
  ASSERT_TRUE(fitted);
  ASSERT_TRUE(fitted->Append(std::span(all).subspan(5'760, 4)));
  EXPECT_EQ(fitted->origin(), all[5'759].time);
  ASSERT_TRUE(fitted->Append(std::span(all).subspan(5'760)));
  EXPECT_EQ(fitted->origin(), all[5'764].time);
}

TEST(FittedForecasterState, LeavesOutSamplesFromBeforeItsFit) {
  const auto all = SyntheticSeries{.samples = 1'500, .daily_amplitude = 20.0, .noise = 5.0}.Make();
  const auto fitted = FitForecaster(std::span(all).last(1'000), {});
  ASSERT_TRUE(fitted);
  const auto restored = FittedForecaster::Restore(fitted->Save(), all);
  ASSERT_TRUE(restored);
  ExpectSame(*restored, *fitted);
}

TEST(FittedForecasterState, ServesWhereMuchOfTheHistoryIsGone) {
  const auto all = SyntheticSeries{.samples = 4'332, .daily_amplitude = 20.0, .noise = 2.0}.Make();
  const auto fitted = FitForecaster(std::span(all).first(4'032), {});
  ASSERT_TRUE(fitted);
  for (const std::size_t kept : {4'000U, 1'000U, 200U, 3U}) {
    const auto restored = FittedForecaster::Restore(fitted->Save(), std::span(all).last(kept));
    ASSERT_TRUE(restored) << restored.error().message;
    const auto forecast = restored->Forecast(kHorizons, 0.95);
    ASSERT_TRUE(forecast);
    for (const auto& point : forecast->points) {
      EXPECT_NEAR(point.value, 100.0, 60.0) << kept;
      EXPECT_LE(point.lower, point.upper);
    }
  }
  const auto none = FittedForecaster::Restore(fitted->Save(), std::span(all).last(2));
  EXPECT_EQ(none.error().reason, "inference.not_enough_history");
}

TEST(FittedForecasterState, RefusesAHistoryThatIsAgesAfterItsFit) {
  const auto history = SyntheticSeries{.samples = 100, .noise = 5.0}.Make();
  auto fitted = FitForecaster(history, {});
  ASSERT_TRUE(fitted);
  auto late = history;
  late.push_back({late.back().time + std::chrono::days{365 * 300}, 1.0});
  EXPECT_EQ(FittedForecaster::Restore(fitted->Save(), late).error().reason, "ml.stale_model");
  late.push_back({FromUnixMs(1'000'000'000'000'000), 1.0});
  EXPECT_EQ(fitted->Append(late).error().reason, "inference.bad_timestamp");
}

TEST(FittedForecasterState, DescribesItselfWithoutBeingRestored) {
  const auto history = SyntheticSeries{.daily_amplitude = 20.0, .noise = 5.0}.Make();
  const auto fitted = FitForecaster(history, {});
  ASSERT_TRUE(fitted);
  const auto forecast = fitted->Forecast(kHorizons, 0.95);
  const auto description = ReadDescription(fitted->Save());
  ASSERT_TRUE(description) << description.error().message;
  EXPECT_EQ(description->model_type, "ensemble");
  EXPECT_EQ(description->reason, forecast->reason);
  EXPECT_EQ(description->metrics.mase, forecast->metrics.mase);
  EXPECT_EQ(description->metrics.smape, forecast->metrics.smape);
  EXPECT_EQ(description->metrics.mae, forecast->metrics.mae);
  EXPECT_EQ(description->metrics.coverage, forecast->metrics.coverage);
  EXPECT_EQ(description->metrics.origins, forecast->metrics.origins);
  EXPECT_EQ(description->trained_from, history.front().time);
  EXPECT_EQ(description->trained_to, history.back().time);
  EXPECT_EQ(description->step, minutes{5});
  EXPECT_EQ(description->season_length, 288U);
  EXPECT_EQ(description->history_samples, history.size());
}

TEST(FittedForecasterState, RefusesBytesOfNoForecaster) {
  const auto history = SyntheticSeries{.daily_amplitude = 20.0, .noise = 5.0}.Make();
  const auto saved = FitForecaster(history, {})->Save();
  // Cut inside a section it is damaged, and behind one something is missing.
  for (std::size_t size = 0; size < saved.size(); size += 13) {
    EXPECT_EQ(FittedForecaster::Restore(saved.substr(0, size), history).error().reason, "ml.bad_artifact") << size;
  }
  EXPECT_EQ(FittedForecaster::Restore(saved + "\x07" + '\0', history).error().reason, "ml.newer_format");
  const auto advisory = FittedForecaster::Restore(saved +
                                                      "\x80\x03"
                                                      "abc",
                                                  history);
  EXPECT_TRUE(advisory);
}

}  // namespace
}  // namespace helios::ml
