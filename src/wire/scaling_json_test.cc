// SPDX-License-Identifier: Apache-2.0
#include "wire/scaling_json.h"

#include <gtest/gtest.h>

namespace helios::wire {
namespace {

Result<ml::RecommendOptions> Read(std::string_view text) {
  const auto body = http::ParseJson(text);
  http::ObjectReader reader(body->as_object());
  const auto options = ReadRecommendOptions(reader);
  HELIOS_CHECK(reader.Finish());
  return options;
}

TEST(ReadRecommendOptions, ReadsATargetAndItsLimits) {
  const auto options = Read(R"({"target":{"per_replica_capacity":2.5,"current_replicas":0,"min_replicas":2,
      "max_replicas":9,"startup_seconds":30},"horizon_minutes":15,"max_violation_ratio":0.02,
      "max_short_time_ratio":0.05,"course":true})");
  ASSERT_TRUE(options.has_value()) << options.error().message;
  EXPECT_EQ(options->target.per_replica_capacity, 2.5);
  EXPECT_EQ(options->current_replicas, 0);
  EXPECT_EQ(options->target.min_replicas, 2);
  EXPECT_EQ(options->target.max_replicas, 9);
  EXPECT_EQ(options->target.startup, std::chrono::seconds{30});
  EXPECT_EQ(options->horizon, std::chrono::minutes{15});
  EXPECT_EQ(options->target.tolerated_loss, 0.02);
  EXPECT_EQ(options->target.tolerated_short_time, 0.05);
  EXPECT_EQ(options->course_points, kCoursePoints);
}

TEST(ReadRecommendOptions, RefusesBadInputByName) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({})", "http.bad_field"},
      {R"({"target":7})", "http.bad_field"},
      {R"({"target":{"max_replicas":9}})", "http.bad_field"},
      {R"({"target":{"per_replica_capacity":1}})", "http.bad_field"},
      {R"({"target":{"per_replica_capacity":1,"max_replicas":9.5}})", "http.bad_field"},
      {R"({"target":{"per_replica_capacity":1,"max_replicas":9,"replicas":1}})", "http.unknown_field"},
      {R"({"target":{"per_replica_capacity":0,"max_replicas":9}})", "scaling.bad_target"},
      {R"({"target":{"per_replica_capacity":1,"max_replicas":0}})", "scaling.bad_target"},
      {R"({"target":{"per_replica_capacity":1,"max_replicas":1,"min_replicas":2}})", "scaling.bad_target"},
      {R"({"target":{"per_replica_capacity":1,"max_replicas":1},"max_violation_ratio":1})", "scaling.bad_target"},
      {R"({"target":{"per_replica_capacity":1,"max_replicas":1},"max_short_time_ratio":-1})", "scaling.bad_target"},
      {R"({"target":{"per_replica_capacity":1,"max_replicas":1},"horizon_minutes":0})", "http.bad_field"},
      {R"({"target":{"per_replica_capacity":1,"max_replicas":1},"horizon":5})", "http.unknown_field"},
  };
  for (const auto& [text, reason] : cases) {
    const auto options = Read(text);
    ASSERT_FALSE(options.has_value()) << text;
    EXPECT_EQ(options.error().reason, reason) << text;
  }
}

TEST(RecommendationJson, SaysWhatToDoAndWhatItWouldHaveCost) {
  ml::ScalingRecommendation recommendation;
  recommendation.action = ml::ScalingAction::kScaleUp;
  recommendation.recommended_replicas = 3;
  recommendation.schedule = {{FromUnixMs(1'767'441'600'000), 3}};
  recommendation.replay.scored = {0, 2 * 5'760};  // two days of ticks of 15 s
  recommendation.replay.ours.replica_hours = 60;
  recommendation.replay.hpa.replica_hours = 80;
  recommendation.replay.oracle.replica_hours = 40;
  const auto object = RecommendationJson(recommendation);
  EXPECT_EQ(object.at("action"), "scale_up");
  EXPECT_EQ(object.at("schedule").at(0).at("time"), "2026-01-03T12:00:00Z");
  const auto& replay = object.at("replay");
  EXPECT_EQ(replay.at("days"), 2.0);
  EXPECT_EQ(replay.at("saved_share"), 0.25);  // 20 of 80
  EXPECT_EQ(replay.at("ours").at("ratio"), 1.5);
  EXPECT_FALSE(replay.as_object().contains("course"));
}

TEST(RecommendationJson, TellsTheCourseWhereThereIsOne) {
  ml::ScalingRecommendation recommendation;
  recommendation.schedule = {{FromUnixMs(1'767'441'600'000), 3}};
  recommendation.history.first = FromUnixMs(1'767'441'600'000);
  recommendation.course = {{.tick = 4, .load = 12.5, .ours = 2, .hpa = 3, .ours_short = std::chrono::seconds{15}}};
  const auto object = RecommendationJson(recommendation);
  const auto& point = object.at("replay").at("course").at(0);
  EXPECT_EQ(point.at("time"), "2026-01-03T12:01:00Z");  // four ticks of 15 s
  EXPECT_EQ(point.at("load"), 12.5);
  EXPECT_EQ(point.at("ours"), 2);
  EXPECT_EQ(point.at("hpa"), 3);
  EXPECT_EQ(point.at("ours_short_seconds"), 15);
  EXPECT_EQ(point.at("hpa_short_seconds"), 0);
}

}  // namespace
}  // namespace helios::wire
