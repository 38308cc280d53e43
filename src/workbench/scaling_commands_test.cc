// SPDX-License-Identifier: Apache-2.0
// simulate and recommend, from files to what they print.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "workbench/recommend_command.h"
#include "workbench/simulate_command.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;

/// A directory of its own for each test, gone at its end.
class ScalingCommands : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "helios-scaling-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(WriteFileAtomically(directory_ / name, text, 0644));
  }

  /// Six days every five minutes: 200 at night, 600 by day, from a midnight on.
  void WriteDays(const std::string& name) const {
    std::string csv = "timestamp,value\n";
    for (int i = 0; i < 6 * 288; ++i) {
      const int hour = i % 288 / 12;
      csv += fmt::format("{},{}\n", 1'700'006'400 + 300 * i, hour >= 8 && hour < 20 ? 600 : 200);
    }
    Write(name, csv);
  }

  std::filesystem::path directory_;
};

TEST_F(ScalingCommands, SimulateReplaysTheTracesOfATask) {
  WriteDays("load.csv");
  Write("manifest.json",
        R"([{"path":"load.csv","step_s":300,"agg":"mean","tasks":["autoscale"]},
            {"path":"absent.csv","step_s":300,"agg":"mean","tasks":["forecast"]}])");
  SimulateOptions options{.path = directory_};
  options.target.per_replica_capacity = 10.0;
  options.json = true;
  const auto report = RunSimulate(options);
  ASSERT_TRUE(report) << report.error().message;
  const auto object = json::parse(*report).as_object();
  ASSERT_EQ(object.at("traces").as_array().size(), 1U);
  const auto& trace = object.at("traces").as_array()[0].as_object();
  EXPECT_EQ(trace.at("path").as_string(), "load.csv");
  EXPECT_DOUBLE_EQ(trace.at("days").to_number<double>(), 3.0);
  // Twelve hours of 60 replicas and twelve of 20, on three days; static is 60 all the time.
  EXPECT_DOUBLE_EQ(trace.at("oracle").at("replica_hours").to_number<double>(), 3.0 * 12.0 * 80.0);
  EXPECT_DOUBLE_EQ(trace.at("static").at("ratio").to_number<double>(), 1.5);
  EXPECT_GE(trace.at("ours").at("ratio").to_number<double>(), 1.0);
  EXPECT_LE(trace.at("ours").at("replica_hours").to_number<double>(),
            trace.at("hpa").at("replica_hours").to_number<double>());
  EXPECT_FALSE(trace.at("reason").as_string().empty());
}

TEST_F(ScalingCommands, SimulatePrintsATableOfOneFile) {
  WriteDays("load.csv");
  const auto report = RunSimulate({.path = directory_ / "load.csv"});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_NE(report->find("oracle h"), std::string::npos);
  EXPECT_NE(report->find("load.csv"), std::string::npos);
}

TEST_F(ScalingCommands, SimulateSaysWhatItCannotDo) {
  Write("manifest.json", "[]");
  EXPECT_EQ(RunSimulate({.path = directory_}).error().reason, "workbench.nothing_to_simulate");
  EXPECT_EQ(RunSimulate({.path = directory_, .mean_replicas = std::nan("")}).error().reason,
            "workbench.bad_mean_replicas");
  Write("empty.csv", "timestamp,value\n");
  EXPECT_FALSE(RunSimulate({.path = directory_ / "empty.csv"}));
}

TEST_F(ScalingCommands, SimulateTakesALoadOfZero) {
  Write("zero.csv", "timestamp,value\n0,0\n60,0\n120,0\n");
  const auto report = RunSimulate({.path = directory_ / "zero.csv", .json = true});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_NE(report->find("\"lost_load_share\":0E0"), std::string::npos) << *report;
}

TEST_F(ScalingCommands, RecommendAnswersInTheShapeOfTheApi) {
  WriteDays("load.csv");
  RecommendCommandOptions options{.file = directory_ / "load.csv", .plot = directory_ / "plan.svg", .json = true};
  options.recommend.target.per_replica_capacity = 10.0;
  options.recommend.current_replicas = 90;
  const auto report = RunRecommend(options);
  ASSERT_TRUE(report) << report.error().message;
  const auto answer = json::parse(*report).at("recommendations").as_array().at(0).as_object();
  EXPECT_EQ(answer.at("action").as_string(), "scale_down");
  EXPECT_GE(answer.at("recommended_replicas").to_number<int>(), 20);  // the load of the night is 200
  EXPECT_LT(answer.at("recommended_replicas").to_number<int>(), 90);
  EXPECT_FALSE(answer.at("reason").as_string().empty());
  const auto& schedule = answer.at("schedule").as_array();
  ASSERT_EQ(schedule.size(), 12U);  // an hour of five minutes
  EXPECT_EQ(schedule[0].at("time").as_string(), "2023-11-21T00:00:00Z");
  EXPECT_EQ(schedule[0].at("replicas"), answer.at("recommended_replicas"));
  EXPECT_TRUE(answer.at("replay").as_object().contains("ours"));
  const auto drawn = ReadFile(directory_ / "plan.svg");
  ASSERT_TRUE(drawn);
  EXPECT_NE(drawn->find("scale_down"), std::string::npos);
  EXPECT_NE(drawn->find("</svg>"), std::string::npos);
}

TEST_F(ScalingCommands, RecommendPrintsThePlanAndTheReplay) {
  WriteDays("load.csv");
  RecommendCommandOptions options{.file = directory_ / "load.csv"};
  options.recommend.target.per_replica_capacity = 10.0;
  const auto report = RunRecommend(options);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_NE(report->find("replica-hours"), std::string::npos);
  EXPECT_NE(report->find("2023-11-21T00:55:00Z"), std::string::npos);
}

TEST_F(ScalingCommands, RecommendRefusesATargetWithoutCapacity) {
  WriteDays("load.csv");
  EXPECT_EQ(RunRecommend({.file = directory_ / "load.csv"}).error().reason, "scaling.bad_target");
}

}  // namespace
}  // namespace helios::workbench
