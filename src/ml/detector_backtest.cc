// SPDX-License-Identifier: Apache-2.0
#include "ml/detector_backtest.h"

#include <algorithm>

namespace helios::ml {
namespace {

double Ratio(double part, double whole) {
  return whole > 0.0 ? part / whole : 0.0;
}

double F1(std::size_t found, std::size_t wrong, std::size_t missed) {
  return Ratio(2.0 * static_cast<double>(found), static_cast<double>(2 * found + wrong + missed));
}

}  // namespace

double LabelOutcome::EventRecall() const {
  return Ratio(static_cast<double>(events_found), static_cast<double>(events));
}

double LabelOutcome::FalseAlarmsPerDay() const {
  return Ratio(static_cast<double>(false_alarms), days);
}

double LabelOutcome::FalseAnomaliesPerDay() const {
  return Ratio(static_cast<double>(false_anomalies), days);
}

double LabelOutcome::PointF1() const {
  return F1(true_points, false_points, missed_points);
}

double LabelOutcome::PointAdjustedF1() const {
  return F1(true_points + missed_points - missed_points_adjusted, false_points, missed_points_adjusted);
}

void LabelOutcome::Add(const LabelOutcome& other) {
  series += other.series;
  events += other.events;
  events_found += other.events_found;
  false_alarms += other.false_alarms;
  false_anomalies += other.false_anomalies;
  days += other.days;
  true_points += other.true_points;
  false_points += other.false_points;
  missed_points += other.missed_points;
  missed_points_adjusted += other.missed_points_adjusted;
}

Result<LabelOutcome> JudgeLabels(const LabelledScores& series, double threshold) {
  const std::size_t rows = series.scores.size();
  std::size_t free_from = 0;
  for (const auto& event : series.events) {
    if (event.first < free_from || event.last < event.first || event.last >= rows) {
      return Fail(ErrorCode::kInvalidArgument, "ml.bad_windows",
                  "cannot judge labels: samples {} to {} overlap the event before or leave the series; got {} samples; "
                  "want events in order and apart",
                  event.first, event.last, rows);
    }
    free_from = event.last + 1;
  }

  const auto from = static_cast<std::size_t>(kUnjudgedShare * static_cast<double>(rows));
  LabelOutcome outcome{.series = 1};
  outcome.days = Ratio(static_cast<double>(rows - from), series.samples_per_day);
  std::size_t next = from;
  std::size_t calm = kJoinedBreak + 1;  // samples since the last alarm
  const auto judge_outside = [&](std::size_t end) {
    bool alarming = false;
    for (; next < end; ++next) {
      const bool alarm = series.scores[next] >= threshold;
      if (alarm) ++outcome.false_points;
      if (alarm && !alarming) ++outcome.false_alarms;
      if (alarm && calm > kJoinedBreak) ++outcome.false_anomalies;
      calm = alarm ? 0 : calm + 1;
      alarming = alarm;
    }
  };
  for (const auto& event : series.events) {
    if (event.last < from) continue;
    judge_outside(event.first);
    next = std::max(next, event.first);
    const std::size_t length = event.last + 1 - next;
    const auto scores = series.scores.subspan(next, length);
    const auto found = static_cast<std::size_t>(
        std::ranges::count_if(scores, [threshold](double score) { return score >= threshold; }));
    ++outcome.events;
    if (found > 0) ++outcome.events_found;
    outcome.true_points += found;
    outcome.missed_points += length - found;
    if (found == 0) outcome.missed_points_adjusted += length;
    next = event.last + 1;
    for (const double score : scores) calm = score >= threshold ? 0 : calm + 1;
  }
  judge_outside(rows);
  return outcome;
}

}  // namespace helios::ml
