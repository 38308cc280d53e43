// SPDX-License-Identifier: Apache-2.0
#include "workbench/recommend_command.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/file.h"
#include "wire/scaling_json.h"
#include "workbench/history_file.h"
#include "workbench/recommend_plot.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;

std::string OutcomeLine(std::string_view name, const ml::ScalingOutcome& outcome,
                        const ml::ScalingComparison& comparison) {
  return fmt::format("{:<28}{:>14.1f}{:>10.2f}{:>12.4f}{:>12.4f}{:>8}\n", name, outcome.replica_hours,
                     wire::OracleRatio(outcome, comparison), 100.0 * outcome.lost_load_share,
                     100.0 * outcome.short_time_share, outcome.most_replicas);
}

std::string ToText(const ml::ScalingRecommendation& answer) {
  const auto& replay = answer.replay;
  constexpr double kTicksADay = std::chrono::days{1} / ml::kTick;
  std::string text = fmt::format("{} to {} replicas\n{}\n\n{:<22}{:>9}\n", ml::ScalingActionName(answer.action),
                                 answer.recommended_replicas, answer.reason, "from", "replicas");
  for (const auto& planned : answer.schedule) {
    text += fmt::format("{:<22}{:>9}\n", FormatRfc3339(planned.time), planned.replicas);
  }
  text += fmt::format(
      "\nThe last {:.1f} days replayed, each policy chosen by the days before:\n{:<28}{:>14}{:>10}{:>12}"
      "{:>12}{:>8}\n",
      static_cast<double>(replay.scored.last - replay.scored.first) / kTicksADay, "", "replica-hours", "oracle's",
      "load lost %", "time short %", "most");
  text += OutcomeLine("ours", replay.ours, replay);
  text +=
      OutcomeLine(fmt::format("HPA at {:.0f} %, set in hindsight", 100.0 * replay.hpa_utilisation), replay.hpa, replay);
  text += OutcomeLine("static, for the peak", replay.static_peak, replay);
  text += OutcomeLine("oracle", replay.oracle, replay);
  return text;
}

}  // namespace

Result<std::string> RunRecommend(const RecommendCommandOptions& options) {
  HELIOS_TRY(const auto history, ReadHistory(options.file));
  HELIOS_TRY(const auto answer, ml::Recommend(history, options.recommend));
  if (!options.plot.empty()) {
    const auto drawing = DrawRecommendation(answer, options.recommend.target);
    HELIOS_CHECK(WriteFileAtomically(options.plot, drawing, 0644));
  }
  if (!options.json) return ToText(answer);
  json::array recommendations;
  recommendations.push_back(wire::RecommendationJson(answer));
  return json::serialize(json::object{{"recommendations", std::move(recommendations)}}) + "\n";
}

}  // namespace helios::workbench
