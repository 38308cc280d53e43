// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/fit_part.h"

#include <gtest/gtest.h>

#include "ml/synthetic_series.h"
#include "training/training_settings.h"

namespace helios::training {
namespace {

using namespace std::chrono_literals;

std::vector<ml::Sample> Daily(std::size_t days) {
  return ml::SyntheticSeries{.samples = days * 288, .daily_amplitude = 40, .noise = 1}.Make();
}

std::string PartOf(std::span<const ml::Sample> history) {
  return ml::FitForecaster(history, {}).value().Save();
}

TEST(FitPart, FitsASeriesThatHasNoPart) {
  const auto history = Daily(5);
  const auto made = FitPart({.history = history}, {});
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_TRUE(made->promoted);
  EXPECT_EQ(made->part, PartOf(history));
  EXPECT_EQ(made->description.trained_to, history.back().time);
}

TEST(FitPart, LeavesAPartThatIsTooYoungToBeJudged) {
  const auto history = Daily(5);
  const std::string active = PartOf(std::span(history).first(history.size() - 6));  // half an hour ago
  const auto made = FitPart({.history = history, .active = active}, {});
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_FALSE(made->promoted);
  EXPECT_EQ(made->part, active);
  EXPECT_TRUE(FitPart({.history = history, .active = active, .refit = true}, {})->promoted);
}

TEST(FitPart, ReplacesAPartThatErrsMore) {
  const auto history = Daily(6);
  const auto flat = ml::SyntheticSeries{.samples = 3 * 288}.Make();  // always the last value
  const auto made = FitPart({.history = history, .active = PartOf(flat)}, {});
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_TRUE(made->promoted);
  EXPECT_EQ(made->description.trained_to, history.back().time - 24h) << "the last day judges it";
}

TEST(FitPart, ReplacesAPartThatIsDamaged) {
  const auto history = Daily(5);
  const auto made = FitPart({.history = history, .active = "damaged"}, {});
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_TRUE(made->promoted);
}

TEST(FitPart, RefusesAHistoryOfNothing) {
  EXPECT_EQ(FitPart({.history = {}}, {}).error().reason, "inference.not_enough_history");
}

TEST(ReplayError, IsNothingForASeriesThatNeverChanges) {
  const auto flat = ml::SyntheticSeries{.samples = 4 * 288}.Make();
  auto model = ml::FitForecaster(std::span(flat).first(3 * 288), {});
  ASSERT_TRUE(model.has_value());
  EXPECT_EQ(ReplayError(ml::SeriesForecaster(*std::move(model)), flat, flat[3 * 288 - 1].time, {}), 0.0);
}

TEST(ParseSettings, TakesWhatMakesSenseAndLeavesTheRestAsItIs) {
  const auto some = ParseSettings(R"({"training_days": 28, "forecast_horizons": [5, 1440],
                                      "training_schedule": "30 3 * * *", "forecast_metrics": ["load"]})",
                                  "Europe/Berlin");
  EXPECT_EQ(some.days, 28);
  EXPECT_EQ(some.horizons, (std::vector<std::chrono::minutes>{5min, 1440min}));
  EXPECT_EQ(some.schedule, "30 3 * * *");
  EXPECT_EQ(some.first_metrics, std::vector<std::string>{"load"});
  const auto none =
      ParseSettings(R"({"training_days": 1, "forecast_horizons": [0], "training_schedule": "nightly"})", "UTC");
  EXPECT_EQ(none.days, 14);
  EXPECT_EQ(none.horizons, (std::vector<std::chrono::minutes>{15min, 30min, 60min}));
  EXPECT_EQ(none.schedule, "0 2 * * *");
}

TEST(InOrder, PutsTheNamedMetricsFirstAndTheOthersByName) {
  EXPECT_EQ(InOrder({"zeta", "memory_used", "alpha", "cpu", "cpuid"}, {"cpu", "memory"}),
            (std::vector<std::string>{"cpu", "memory_used", "alpha", "cpuid", "zeta"}));
}

}  // namespace
}  // namespace helios::training
