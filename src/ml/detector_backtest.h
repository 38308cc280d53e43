// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"
#include "ml/row_range.h"

namespace helios::ml {

/// How well scores find the labelled anomalies of production series, as an operator counts: was an event
/// noticed, and how often was the pager wrong.

/// One series: a score for each sample, and the samples that people labelled as anomalous.
struct LabelledScores {
  std::span<const double> scores;
  std::span<const RowRange> events;  ///< in order and apart
  double samples_per_day = 0.0;
};

/// Share of each series, at its start, that is not judged.
inline constexpr double kUnjudgedShare = 0.2;

inline constexpr std::size_t kJoinedBreak = 3;

/// Counts over all series. An alarm is a sample with a score of at least the threshold.
struct LabelOutcome {
  std::size_t series = 0;
  std::size_t events = 0;        ///< labelled ones that reach into the judged part
  std::size_t events_found = 0;  ///< with an alarm in the judged part of theirs
  std::size_t false_alarms = 0;  ///< runs of alarms without a gap, outside of every event
  /// The same with runs joined over breaks of up to kJoinedBreak samples, also to an event: what a person is
  /// shown, for an anomaly bridges such breaks.
  std::size_t false_anomalies = 0;
  double days = 0.0;                       ///< judged, over all series
  std::size_t true_points = 0;             ///< judged samples: alarms in an event,
  std::size_t false_points = 0;            ///< alarms outside,
  std::size_t missed_points = 0;           ///< samples of an event without an alarm,
  std::size_t missed_points_adjusted = 0;  ///< and those of events without any alarm

  /// Each 0 where there is nothing to divide by.
  [[nodiscard]] double EventRecall() const;
  [[nodiscard]] double FalseAlarmsPerDay() const;  ///< a day and series
  [[nodiscard]] double FalseAnomaliesPerDay() const;
  [[nodiscard]] double PointF1() const;
  /// F1 with every sample of a found event counted as found. It flatters any detector: for comparison alone.
  [[nodiscard]] double PointAdjustedF1() const;

  void Add(const LabelOutcome& other);
};

/// Judges one series. Errors: kInvalidArgument ml.bad_windows  events out of order, overlapping or past the end.
[[nodiscard]] Result<LabelOutcome> JudgeLabels(const LabelledScores& series, double threshold);

}  // namespace helios::ml
