// SPDX-License-Identifier: Apache-2.0
// helios-core forecast, over small files of its own making.
#include "workbench/forecast_command.h"

#include <gmock/gmock.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/file.h"
#include "http/json.h"
#include "ml/synthetic_series.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

class ForecastCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() /
                 ("helios-forecast-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(directory_);
    samples_ = ml::SyntheticSeries{.daily_amplitude = 20.0, .noise = 3.0}.Make();
    std::string text = "timestamp,value\n";
    for (const auto& sample : samples_) text += fmt::format("{},{}\n", ToUnixMs(sample.time) / 1000, sample.value);
    file_ = Write("web.csv", text);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path Write(const char* name, std::string_view text) {
    EXPECT_TRUE(WriteFileAtomically(directory_ / name, text));
    return directory_ / name;
  }
  static json::object Only(const Result<std::string>& report) {
    EXPECT_TRUE(report) << report.error().message;
    return http::ParseJson(*report)->at("predictions").at(0).as_object();
  }
  static std::string Refusal(const ForecastCommandOptions& options) {
    const auto report = RunForecast(options);
    return report ? "none" : fmt::format("{}: {}", report.error().reason, report.error().message);
  }

  std::filesystem::path directory_;
  std::filesystem::path file_;
  std::vector<ml::Sample> samples_;
};

TEST_F(ForecastCommand, ForecastsTheRateOfACounterOverItsRestarts) {
  // Six a second, and a restart after each 100 samples of a minute.
  std::string text = "timestamp,value\n";
  for (int i = 0; i < 400; ++i) text += fmt::format("{},{}\n", 1'700'006'400 + 60 * i, 360 * (i % 100 + 1));
  const auto file = Write("requests_total.csv", text);
  const auto forecast = Only(RunForecast({.file = file, .counter = true, .json = true}));
  const auto& point = forecast.at("points").at(0).as_object();
  EXPECT_NEAR(point.at("predicted_value").to_number<double>(), 6.0, 0.01);
  EXPECT_LT(point.at("confidence_upper").to_number<double>(), 7.0);
}

TEST_F(ForecastCommand, TellsAPersonOriginModelReasonBacktestAndPoints) {
  const auto report = RunForecast({.file = file_, .levels = {0.8, 0.95}, .unit = "req/s"});
  ASSERT_TRUE(report) << report.error().message;
  for (const auto& words :
       {"origin    " + FormatRfc3339(samples_.back().time), std::string("model     ensemble, on steps of 5 min"),
        std::string("why       a weighted median"), std::string("backtest  MAE "), std::string("80 % from"),
        std::string("95 % from"), std::string("req/s"),
        FormatRfc3339(samples_.back().time + std::chrono::minutes{60})}) {
    EXPECT_THAT(*report, HasSubstr(words));
  }
}

TEST_F(ForecastCommand, GivesTheJsonOfTheApiWithEveryLevelBesides) {
  const auto prediction =
      Only(RunForecast({.file = file_, .horizons = {"15", "2h"}, .levels = {0.95, 0.5}, .json = true}));
  EXPECT_EQ(prediction.at("model").at("model_type"), "ensemble");
  const auto& points = prediction.at("points").as_array();
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[1].at("horizon_minutes"), 120);
  const auto& intervals = points[1].at("intervals").as_array();
  ASSERT_EQ(intervals.size(), 2U);
  EXPECT_EQ(intervals[0].at("lower"), points[1].at("confidence_lower"));
  EXPECT_EQ(intervals[1].at("level"), 0.5);
}

TEST_F(ForecastCommand, TakesStepsOrATimeInsteadOfHorizons) {
  const auto by_steps = RunForecast({.file = file_, .steps = 12, .json = true});
  EXPECT_EQ(Only(by_steps).at("points").as_array().size(), 12U);
  const auto until = FormatRfc3339(samples_.back().time + std::chrono::minutes{62});
  EXPECT_EQ(RunForecast({.file = file_, .until = until, .json = true}).value(), by_steps.value());
  EXPECT_THAT(Refusal({.file = file_, .until = "1980-01-01T00:00:00Z"}), HasSubstr("want a later time"));
  EXPECT_THAT(Refusal({.file = file_, .until = "tomorrow"}), HasSubstr("time.not_rfc3339"));
  EXPECT_THAT(Refusal({.file = file_, .steps = 2'017}), HasSubstr("want at most 7 d ahead"));
  EXPECT_THAT(Refusal({.file = file_, .horizons = {"5"}, .steps = 1}), HasSubstr("workbench.bad_flags"));
}

TEST_F(ForecastCommand, DrawsHistoryForecastAndLabelledBands) {
  const auto plot = directory_ / "out.svg";
  ASSERT_TRUE(RunForecast({.file = file_, .horizons = {"1d"}, .levels = {0.8, 0.95}, .unit = "req/s", .plot = plot}));
  const auto svg = ReadFile(plot);
  ASSERT_TRUE(svg);
  for (const char* words : {">web.csv</text>", ">req/s</text>", ">95 %</text>", ">80 %</text>", ">newest sample</text>",
                            "hc-line hc-measured", "hc-line hc-forecast", "</svg>"}) {
    EXPECT_THAT(*svg, HasSubstr(words));
  }
}

TEST_F(ForecastCommand, SaysWhatIsWrongWithAFileAndWhere) {
  EXPECT_THAT(Refusal({.file = directory_ / "no.csv"}), AllOf(HasSubstr("file.not_found"), HasSubstr("no.csv")));
  EXPECT_THAT(Refusal({.file = Write("a.csv", "timestamp,value\n60,1\nsoon,2\n")}),
              AllOf(HasSubstr("workbench.bad_csv"), HasSubstr("line 3")));
  EXPECT_THAT(Refusal({.file = Write("b.json", "[{\"timestamp\":1,\"value\":1},{\"timestamp\":2}]")}),
              AllOf(HasSubstr("workbench.bad_history"), HasSubstr("history[1].value")));
  for (const char* text :
       {"timestamp,value\n", "timestamp,value\n60,1\n", "timestamp,value\n60,\n120,nan\n180,inf\n"}) {
    EXPECT_THAT(Refusal({.file = Write("c.csv", text), .plot = directory_ / "c.svg"}),
                HasSubstr("inference.not_enough_history"));
  }
  EXPECT_FALSE(std::filesystem::exists(directory_ / "c.svg"));
}

TEST_F(ForecastCommand, ForecastsASeriesOfDaysUpToAWeek) {
  std::string text = "timestamp,value\n";
  for (int day = 0; day < 60; ++day) text += fmt::format("{},{}\n", day * 86'400, day % 7);
  const auto file = Write("days.csv", text);
  const auto prediction = Only(RunForecast({.file = file, .steps = 7, .plot = directory_ / "d.svg", .json = true}));
  EXPECT_EQ(prediction.at("points").as_array().size(), 7U);
  EXPECT_THAT(Refusal({.file = file, .steps = 8}), HasSubstr("inference.bad_horizon"));
}

}  // namespace
}  // namespace helios::workbench
