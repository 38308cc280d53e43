// SPDX-License-Identifier: Apache-2.0
#include "workbench/backtest_detect_command.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <map>
#include <vector>

#include "ml/detector_backtest.h"
#include "workbench/labelled_series.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;

/// "mscloud/app1-03.csv" is one of "mscloud/app1".
std::string GroupOf(const std::string& path) {
  const std::string name = path.substr(0, path.rfind('.'));
  return name.substr(0, name.rfind('-'));
}

Result<ml::LabelOutcome> Judge(const LabelledSeries& series, const ml::Detector& detector) {
  ml::DetectorState state;
  std::vector<double> scores;
  scores.reserve(series.samples.size());
  for (const auto& sample : series.samples) scores.push_back(detector.Score(state, sample).score);
  const auto day = std::chrono::duration<double, std::milli>(std::chrono::hours{24});
  const auto step = std::chrono::duration<double, std::milli>(ml::InferStep(series.samples));
  return ml::JudgeLabels({scores, series.ranges, day / step}, ml::kAnomalyScore);
}

json::object ToObject(const ml::LabelOutcome& outcome) {
  json::object object;
  object["event_recall"] = outcome.EventRecall();
  object["false_alarms_per_day"] = outcome.FalseAlarmsPerDay();
  object["false_anomalies_per_day"] = outcome.FalseAnomaliesPerDay();
  object["point_f1"] = outcome.PointF1();
  object["point_adjusted_f1"] = outcome.PointAdjustedF1();
  object["series"] = outcome.series;
  object["events"] = outcome.events;
  object["events_found"] = outcome.events_found;
  object["false_alarms"] = outcome.false_alarms;
  object["days"] = outcome.days;
  return object;
}

std::string ToLine(std::string_view name, const ml::LabelOutcome& outcome) {
  return fmt::format("{:<24}{:>8}{:>14}{:>10.2f}{:>14.3f}{:>10.3f}{:>10.2f}{:>13.2f}\n", name, outcome.series,
                     fmt::format("{} / {}", outcome.events_found, outcome.events), outcome.EventRecall(),
                     outcome.FalseAlarmsPerDay(), outcome.FalseAnomaliesPerDay(), outcome.PointF1(),
                     outcome.PointAdjustedF1());
}

}  // namespace

Result<std::string> RunBacktestDetect(const BacktestDetectOptions& options) {
  HELIOS_TRY(const auto all, ReadLabelledSeries(options.directory, "labels.json"));
  if (all.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.nothing_to_score",
                "cannot score {}: its labels.json names no series", options.directory.string());
  }
  HELIOS_TRY(const auto detector, ml::Detector::Make({}, options.sensitivity));
  ml::LabelOutcome total;
  std::map<std::string, ml::LabelOutcome> groups;
  for (const auto& series : all) {
    HELIOS_TRY(const auto outcome, Judge(series, detector));
    total.Add(outcome);
    groups[GroupOf(series.path)].Add(outcome);
  }

  if (options.json) {
    json::object object = ToObject(total);
    json::object& by_group = object["groups"].emplace_object();
    for (const auto& [name, outcome] : groups) by_group[name] = ToObject(outcome);
    return json::serialize(object) + "\n";
  }
  std::string text = fmt::format("{:<24}{:>8}{:>14}{:>10}{:>14}{:>10}{:>10}{:>13}\n", "group", "series", "events found",
                                 "recall", "false a day", "joined", "point F1", "adjusted F1");
  for (const auto& [name, outcome] : groups) text += ToLine(name, outcome);
  text += ToLine("all", total);
  text += fmt::format(
      "The first {:.0f} % of each series is not judged. False alarms: runs of alarms outside of labelled events, a day "
      "and series; joined: over breaks of up to {} samples. Adjusted F1 flatters any detector.\n",
      100.0 * ml::kUnjudgedShare, ml::kJoinedBreak);
  return text;
}

}  // namespace helios::workbench
