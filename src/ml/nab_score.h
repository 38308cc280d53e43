// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ml/row_range.h"

namespace helios::ml {

/// The Numenta Anomaly Benchmark's scoring, as published: a detector earns for the earliest alarm in each
/// labelled window, more the earlier, and pays for each alarm outside of one, less right after it.
///
/// Sources: Lavin & Ahmad, "Evaluating Real-time Anomaly Detection Algorithms - the Numenta Anomaly
/// Benchmark", ICMLA 2015, and the scoring rules of github.com/numenta/NAB.
///
/// Pure functions; results depend on the input alone.

/// What a true positive earns at the left edge of its window, and what a false positive far from any
/// window and a missed window cost.
struct NabProfile {
  std::string_view name;
  double true_positive = 1.0;
  double false_positive = 0.11;
  double false_negative = 1.0;
};

inline constexpr NabProfile kNabStandard{"standard", 1.0, 0.11, 1.0};
inline constexpr NabProfile kNabRewardLowFp{"reward_low_fp", 1.0, 0.22, 1.0};
inline constexpr NabProfile kNabRewardLowFn{"reward_low_fn", 1.0, 0.11, 2.0};
inline constexpr std::array kNabProfiles = {kNabStandard, kNabRewardLowFp, kNabRewardLowFn};

/// One file: an anomaly score in [0, 1] for each row, and its windows in order, apart from each other.
struct NabFile {
  std::span<const double> scores;
  std::span<const RowRange> windows;
};

/// Rows at the start of a file of `rows` that are not scored: 15 %, at most 750.
[[nodiscard]] std::size_t NabProbation(std::size_t rows);

/// 2 / (1 + e^(5 p)) - 1: p = -1 is the left edge of a window, 0 its end; beyond 3 it is -1.
[[nodiscard]] double NabSigmoid(double position);

/// What alarming at each row is worth under `profile`, by itself: at most `true_positive` inside of a
/// window, at least -`false_positive` outside. O(rows).
/// Errors: kInvalidArgument ml.bad_windows  a window ends before it starts, overlaps the one before or
///                                          reaches past the rows
[[nodiscard]] Result<std::vector<double>> NabRowWeights(std::size_t rows, std::span<const RowRange> windows,
                                                        const NabProfile& profile);

struct NabOutcome {
  double score = 0.0;       ///< 0 = never alarms, 100 = alarms at the first row of every window and nowhere else
  double raw = 0.0;         ///< the sum before normalising
  double threshold = 0.0;   ///< rows with a score of at least this are alarms
  std::size_t windows = 0;  ///< those with a row after the probation; the others count nowhere
  std::size_t windows_hit = 0;
  std::size_t false_positive_rows = 0;  ///< alarms outside of every window, after the probation
};

/// Scores of `files` as one corpus under one threshold. A score that is NaN is no alarm.
/// 0 and no windows without any window to hit. O(rows). Errors: ml.bad_windows.
[[nodiscard]] Result<NabOutcome> ScoreNab(std::span<const NabFile> files, const NabProfile& profile, double threshold);

/// The same under the threshold, among the scores that occur, that gives the most; the highest of equals.
/// Above every score (a threshold of 1.1) when silence is best. O(rows log rows). Errors: ml.bad_windows.
[[nodiscard]] Result<NabOutcome> OptimiseNab(std::span<const NabFile> files, const NabProfile& profile);

/// Outcomes of parts of a corpus, each under its own threshold, as one: for detectors set up on other
/// files than those they are judged on. `threshold` is that of the first part.
[[nodiscard]] NabOutcome JoinNab(std::span<const NabOutcome> parts, const NabProfile& profile);

}  // namespace helios::ml
