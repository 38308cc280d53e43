// SPDX-License-Identifier: Apache-2.0
#include "wire/scaling_json.h"

#include <boost/json/array.hpp>
#include <cmath>
#include <limits>

#include "base/time.h"

namespace helios::wire {
namespace {

namespace json = boost::json;

json::object OutcomeJson(const ml::ScalingOutcome& outcome, const ml::ScalingComparison& comparison) {
  json::object object;
  object["replica_hours"] = outcome.replica_hours;
  object["lost_load_share"] = outcome.lost_load_share;
  object["short_time_share"] = outcome.short_time_share;
  object["most_replicas"] = outcome.most_replicas;
  const double ratio = OracleRatio(outcome, comparison);
  object["ratio"] = std::isfinite(ratio) ? json::value(ratio) : json::value(nullptr);
  return object;
}

json::array CourseJson(const ml::ScalingRecommendation& recommendation) {
  json::array course;
  for (const auto& point : recommendation.course) {
    const auto time = recommendation.history.first + ml::kTick * static_cast<std::int64_t>(point.tick);
    course.push_back({{"time", FormatRfc3339(time)},
                      {"load", point.load},
                      {"ours", point.ours},
                      {"hpa", point.hpa},
                      {"ours_short_seconds", point.ours_short.count()},
                      {"hpa_short_seconds", point.hpa_short.count()}});
  }
  return course;
}

/// A field that is required and may lie anywhere in the range of its type; its bounds are CheckScalingTarget()'s.
std::int32_t Replicas(http::ObjectReader& reader, std::string_view name, std::optional<std::int32_t> otherwise) {
  const auto value = reader.OptionalInteger(name, 0, ml::kMostReplicas);
  if (!value && !otherwise) reader.Reject(name, "nothing", fmt::format("a whole number up to {}", ml::kMostReplicas));
  return value ? static_cast<std::int32_t>(*value) : otherwise.value_or(1);
}

}  // namespace

Result<ml::RecommendOptions> ReadRecommendOptions(http::ObjectReader& reader) {
  ml::RecommendOptions options;
  const auto* target = reader.OptionalObject("target");
  const auto horizon = reader.OptionalInteger("horizon_minutes", 1, 1'440);
  const auto violation = reader.OptionalNumber("max_violation_ratio");
  const auto short_time = reader.OptionalNumber("max_short_time_ratio");
  const bool course = reader.OptionalBool("course").value_or(false);
  if (target == nullptr) {
    reader.Reject("target", "nothing", "an object with per_replica_capacity and max_replicas");
    return options;
  }
  http::ObjectReader fields(*target, "target.");
  options.target.per_replica_capacity = fields.Number("per_replica_capacity");
  options.target.min_replicas = Replicas(fields, "min_replicas", options.target.min_replicas);
  options.target.max_replicas = Replicas(fields, "max_replicas", std::nullopt);
  if (const auto current = fields.OptionalInteger("current_replicas", 0, ml::kMostReplicas)) {
    options.current_replicas = static_cast<std::int32_t>(*current);
  }
  if (const auto seconds = fields.OptionalInteger("startup_seconds", 0, ml::kLongestScalingDelay.count())) {
    options.target.startup = std::chrono::seconds{*seconds};
  }
  HELIOS_CHECK(fields.Finish());
  if (course) options.course_points = kCoursePoints;
  if (horizon) options.horizon = std::chrono::minutes{*horizon};
  options.target.tolerated_loss = violation.value_or(options.target.tolerated_loss);
  options.target.tolerated_short_time = short_time.value_or(options.target.tolerated_short_time);
  HELIOS_CHECK(ml::CheckRecommendOptions(options));
  return options;
}

double OracleRatio(const ml::ScalingOutcome& outcome, const ml::ScalingComparison& comparison) {
  const double oracle = comparison.oracle.replica_hours;
  if (oracle > 0.0) return outcome.replica_hours / oracle;
  return outcome.replica_hours > 0.0 ? std::numeric_limits<double>::infinity() : 1.0;
}

double SavedShare(const ml::ScalingComparison& comparison) {
  const double hpa = comparison.hpa.replica_hours;
  return hpa > 0.0 ? 1.0 - comparison.ours.replica_hours / hpa : 0.0;
}

json::object ComparisonJson(const ml::ScalingComparison& comparison) {
  constexpr double kTicksADay = std::chrono::days{1} / ml::kTick;
  json::object object;
  object["days"] = static_cast<double>(comparison.scored.last - comparison.scored.first) / kTicksADay;
  object["ours"] = OutcomeJson(comparison.ours, comparison);
  json::object hpa = OutcomeJson(comparison.hpa, comparison);
  hpa["target_utilisation"] = comparison.hpa_utilisation;
  hpa["keeps_up"] = comparison.hpa_keeps_up;
  object["hpa"] = std::move(hpa);
  object["static"] = OutcomeJson(comparison.static_peak, comparison);
  object["oracle"] = OutcomeJson(comparison.oracle, comparison);
  object["saved_share"] = SavedShare(comparison);
  return object;
}

json::object RecommendationJson(const ml::ScalingRecommendation& recommendation) {
  json::array schedule;
  for (const auto& planned : recommendation.schedule) {
    schedule.push_back({{"time", FormatRfc3339(planned.time)}, {"replicas", planned.replicas}});
  }
  json::object object;
  object["action"] = ml::ScalingActionName(recommendation.action);
  object["recommended_replicas"] = recommendation.recommended_replicas;
  object["reason"] = recommendation.reason;
  object["policy"] = ml::Describe(recommendation.choice.settings);
  object["schedule"] = std::move(schedule);
  object["replay"] = ComparisonJson(recommendation.replay);
  if (!recommendation.course.empty()) object["replay"].as_object()["course"] = CourseJson(recommendation);
  return object;
}

}  // namespace helios::wire
