// SPDX-License-Identifier: Apache-2.0
#include "workbench/backtest_command.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "workbench/regular_series.h"

namespace helios::workbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A directory of its own, gone with the test.
class Directory {
 public:
  Directory() : path_(std::filesystem::temp_directory_path() / fmt::format("helios-backtest-{}", ::getpid())) {
    std::filesystem::create_directories(path_);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() { std::filesystem::remove_all(path_); }

  void Write(const char* name, const std::string& text) const { std::ofstream(path_ / name) << text; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(RunBacktest, ScoresEachSeriesBesideTheYardstick) {
  const Directory directory;
  directory.Write("manifest.json", R"([{"path": "a.csv", "step_s": 3600, "tasks": ["forecast"]}])");
  std::string csv = "timestamp,value\n";
  for (int t = 0; t < 20 * 24; ++t) {
    csv += fmt::format("{},{}\n", t * 3600, 50 + 20 * std::sin(t * 0.2617993878) + (t * 7'919) % 13);
  }
  directory.Write("a.csv", csv);
  const auto table = RunBacktest({.directory = directory.path()});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(*table, HasSubstr("seasonal naive 24 h"));
  EXPECT_THAT(*table, HasSubstr("a.csv"));
  const auto json = RunBacktest({.directory = directory.path(), .json = true});
  ASSERT_TRUE(json);
  for (const char* key : {"relative_mase_60", "mase_60", "mase_24h", "coverage_60", "coverage_24h", "msis_60",
                          "msis_24h", "cpu_ms_per_series"}) {
    EXPECT_THAT(*json, HasSubstr(key));
  }
}

TEST(RunBacktest, AlsoScoresTheNamedModelsAndSettingsChosenOnOtherFamilies) {
  const Directory directory;
  directory.Write("manifest.json", R"([{"path": "a/1.csv", "step_s": 7200, "tasks": ["forecast"]},
                                       {"path": "b/1.csv", "step_s": 7200, "tasks": ["forecast"]}])");
  std::string csv = "timestamp,value\n";
  for (int t = 0; t < 20 * 12; ++t) {
    csv += fmt::format("{},{}\n", t * 7200, 50 + 20 * std::sin(t * 0.5235987756) + (t * 7'919) % 13);
  }
  for (const char* family : {"a", "b"}) {
    std::filesystem::create_directories(directory.path() / family);
    directory.Write(fmt::format("{}/1.csv", family).c_str(), csv);
  }
  const auto table = RunBacktest({.directory = directory.path(), .models = true, .settings = 2});
  ASSERT_TRUE(table) << table.error().message;
  for (const char* row : {"\ntheta ", "\nmstl ", "\nprophet ", "\nHelios ", "\nHelios, best of 2 unseen "}) {
    EXPECT_THAT(*table, HasSubstr(row));
  }
}

TEST(RunBacktest, SaysWhatIsMissing) {
  const Directory directory;
  EXPECT_FALSE(RunBacktest({.directory = directory.path()}));
  directory.Write("manifest.json", R"([{"path": "a.csv", "step_s": 3600, "tasks": ["anomaly"]}])");
  const auto nothing = RunBacktest({.directory = directory.path()});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().reason, "workbench.nothing_to_backtest");
  directory.Write("manifest.json", R"([{"path": "a.csv", "step_s": 3600, "tasks": ["forecast"]}])");
  EXPECT_FALSE(RunBacktest({.directory = directory.path()}));
  directory.Write("a.csv", "timestamp,value\n0,1\n3600,2\n");
  const auto tiny = RunBacktest({.directory = directory.path()});
  ASSERT_FALSE(tiny);
  EXPECT_EQ(tiny.error().reason, "workbench.nothing_to_backtest");
}

TEST(ToRegularSeries, AveragesLevelsAddsCountsAndLeavesGaps) {
  std::vector<ml::Sample> samples;
  for (const int minute : {0, 1, 2, 3, 4, 5, 15, 16}) samples.push_back({FromUnixMs(minute * 60'000), minute + 1.0});
  const ManifestEntry mean{
      .path = "a", .step = std::chrono::minutes{1}, .aggregation = Aggregation::kMean, .tasks = {}};
  auto series = ToRegularSeries(samples, mean);
  ASSERT_TRUE(series);
  EXPECT_EQ(series->step, std::chrono::minutes{5});
  ASSERT_EQ(series->values.size(), 4U);
  EXPECT_EQ(series->values[0], 3.0);
  EXPECT_EQ(series->values[1], 6.0);
  EXPECT_TRUE(std::isnan(series->values[2]));
  EXPECT_EQ(series->values[3], 16.5);
  const ManifestEntry sum{.path = "a", .step = std::chrono::minutes{1}, .aggregation = Aggregation::kSum, .tasks = {}};
  series = ToRegularSeries(samples, sum);
  ASSERT_TRUE(series);
  EXPECT_EQ(series->values[0], 15.0);
  EXPECT_FALSE(ToRegularSeries({}, mean));
}

}  // namespace
}  // namespace helios::workbench
