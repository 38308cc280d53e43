// SPDX-License-Identifier: Apache-2.0
// The commands of detection, over small files of their own making.
#include "workbench/detect_command.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <filesystem>

#include "base/file.h"
#include "ml/synthetic_series.h"
#include "workbench/backtest_detect_command.h"
#include "workbench/history_file.h"
#include "workbench/nab_command.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

/// Two weeks with an outage on the eleventh day.
std::vector<ml::Sample> Outage() {
  auto samples = ml::SyntheticSeries{.daily_amplitude = 20.0, .noise = 3.0}.Make();
  for (std::size_t i = 2'980; i < 3'010; ++i) samples[i].value = 5.0;
  return samples;
}

std::string ToCsv(const std::vector<ml::Sample>& samples) {
  std::string text = "timestamp,value\n";
  for (const auto& sample : samples) text += fmt::format("{},{}\n", ToUnixMs(sample.time) / 1000, sample.value);
  return text;
}

class DetectionCommands : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() /
                 ("helios-detect-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(directory_ / "real");
    samples_ = Outage();
    Write("real/web-1.csv", ToCsv(samples_));
    labels_ = fmt::format(R"({{"real/web-1.csv": [[{}, {}]]}})", ToUnixMs(samples_[2'950].time) / 1000,
                          ToUnixMs(samples_[3'050].time) / 1000);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Write(const char* name, std::string_view text) { ASSERT_TRUE(WriteFileAtomically(directory_ / name, text)); }

  static json::object Parse(const Result<std::string>& report) {
    EXPECT_TRUE(report) << report.error().message;
    return json::parse(*report).as_object();
  }

  std::filesystem::path directory_;
  std::vector<ml::Sample> samples_;
  std::string labels_;
};

TEST_F(DetectionCommands, DetectFindsTheOutageAndDrawsIt) {
  const auto plot = directory_ / "out.svg";
  const auto report = Parse(RunDetect({.file = directory_ / "real/web-1.csv", .plot = plot, .json = true}));
  EXPECT_EQ(report.at("samples").to_number<std::size_t>(), samples_.size());
  bool found = false;
  for (const auto& anomaly : report.at("anomalies").as_array()) {
    const auto start = ParseRfc3339(std::string_view(anomaly.at("started_at").as_string()));
    ASSERT_TRUE(start);
    found = found || (*start >= samples_[2'975].time && *start <= samples_[3'010].time);
    EXPECT_GE(anomaly.at("anomaly_score").to_number<double>(), 0.5);
    EXPECT_LE(anomaly.at("lower").to_number<double>(), anomaly.at("expected_value").to_number<double>());
  }
  EXPECT_TRUE(found);
  const auto svg = ReadFile(plot);
  ASSERT_TRUE(svg);
  EXPECT_THAT(*svg, HasSubstr("</svg>"));
}

TEST_F(DetectionCommands, DetectGivesTheSameForJsonAndForAnyOrderOfLines) {
  const auto expected = RunDetect({.file = directory_ / "real/web-1.csv", .plot = {}});
  ASSERT_TRUE(expected);
  std::string history = "{\"history\": [";
  for (auto sample = samples_.rbegin(); sample != samples_.rend(); ++sample) {
    history += fmt::format("{}{{\"timestamp\": {}, \"value\": {}}}", sample == samples_.rbegin() ? "" : ",",
                           ToUnixMs(sample->time), sample->value);
  }
  Write("a.json", history + "]}");
  EXPECT_EQ(RunDetect({.file = directory_ / "a.json", .plot = {}}).value(), *expected);
}

TEST_F(DetectionCommands, DetectTakesAnEmptySeriesAndRefusesABadSensitivity) {
  Write("empty.csv", "timestamp,value\n");
  const auto report = RunDetect({.file = directory_ / "empty.csv", .plot = directory_ / "empty.svg"});
  ASSERT_TRUE(report);
  EXPECT_THAT(*report, HasSubstr("0 samples, 0 anomalies"));
  const auto refused = RunDetect({.file = directory_ / "empty.csv", .plot = {}, .sensitivity = 6.0});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "ml.bad_sensitivity");
}

TEST_F(DetectionCommands, NabScoresACorpus) {
  Write("combined_windows.json", labels_);
  const auto report = Parse(RunNab({.directory = directory_, .json = true}));
  EXPECT_EQ(report.at("windows").to_number<int>(), 1);
  EXPECT_EQ(report.at("windows_hit").to_number<int>(), 1);
  EXPECT_GT(report.at("standard").to_number<double>(), 50.0);
  EXPECT_TRUE(report.contains("reward_low_fp") && report.contains("reward_low_fn"));
  EXPECT_TRUE(report.at("leave_one_category_out").as_object().contains("standard"));
  const auto text = RunNab({.directory = directory_});
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, HasSubstr("real"));
}

TEST_F(DetectionCommands, BacktestDetectCountsEventsAndFalseAlarms) {
  Write("labels.json", labels_);
  const auto report = Parse(RunBacktestDetect({.directory = directory_, .json = true}));
  EXPECT_EQ(report.at("event_recall").to_number<double>(), 1.0);
  EXPECT_EQ(report.at("events").to_number<int>(), 1);
  EXPECT_LT(report.at("false_alarms_per_day").to_number<double>(), 1.0);
  EXPECT_TRUE(report.at("groups").as_object().contains("real/web"));
}

TEST_F(DetectionCommands, RefuseADirectoryWithoutLabels) {
  EXPECT_FALSE(RunNab({.directory = directory_}));
  Write("labels.json", "{}");
  const auto report = RunBacktestDetect({.directory = directory_});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().reason, "workbench.nothing_to_score");
}

TEST(ParseJsonHistory, NamesTheSampleThatItCannotRead) {
  const auto good = ParseJsonHistory(R"([{"timestamp": "1970-01-01T00:00:01Z", "value": null}])", "h");
  ASSERT_TRUE(good);
  EXPECT_EQ((*good)[0].time, FromUnixMs(1'000));
  for (const char* text : {R"([{"timestamp": 1, "value": 2}, 5])", R"([{"timestamp": 1, "value": 2}, {"value": 2}])",
                           R"([{"timestamp": 1, "value": 2}, {"timestamp": 9223372036854775807, "value": 2}])",
                           R"([{"timestamp": 1, "value": 2}, {"timestamp": 1, "value": "x"}])"}) {
    const auto history = ParseJsonHistory(text, "h");
    ASSERT_FALSE(history) << text;
    EXPECT_THAT(history.error().message, HasSubstr("history[1]"));
  }
  EXPECT_FALSE(ParseJsonHistory("{}", "h"));
  EXPECT_FALSE(ParseJsonHistory("nonsense", "h"));
}

}  // namespace
}  // namespace helios::workbench
