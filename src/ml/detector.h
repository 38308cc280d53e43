// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "ml/grid.h"
#include "ml/internal/detection/change_watch.h"
#include "ml/internal/detection/day_clock.h"
#include "ml/internal/detection/event_alarm.h"
#include "ml/internal/detection/event_score.h"
#include "ml/internal/detection/point_score.h"

namespace helios::ml {

/// Every constant of the detector. One setting for all series: tuned on the Numenta Anomaly Benchmark and
/// on labelled production metrics, each by what holds for files left out. Ranges at the fields.
struct DetectorParameters {
  EventParameters event;
  AlarmParameters alarm;
  PointParameters point;
  ChangeParameters change;
  FlatLineParameters flat_line;
  float missing_steps = 3.0F;  ///< a series is overdue after so many of its steps
};

/// How keen a tenant wants detection, from 0 (quiet) to 5 (keen). It moves the thresholds alone: a step of 1
/// moves the event's by 0.4 and the point's limits by 22 %. Measured on 47 real series of the benchmark, that is
/// worth 15 % of the events, and two to three times the points.
inline constexpr double kDefaultSensitivity = 2.5;
inline constexpr double kMostSensitivity = 5.0;

/// What was noticed at a sample; several may hold at once.
enum class AnomalyKind : std::uint8_t {
  kEvent = 1,          ///< the series never behaved like that; told at its start, then rests
  kPoint = 2,          ///< this sample is far from where it was expected
  kLevelShift = 4,     ///< the level has moved and stayed there; told once
  kVarianceShift = 8,  ///< the scatter has grown or shrunk and stayed so; told once
  kFlatLine = 16,      ///< the value repeats far longer than it ever did; told once
  kMissingData = 32,   ///< samples are missing before this one
};

/// "event", "point", "level_shift", "variance_shift", "flat_line" or "missing_data".
[[nodiscard]] std::string_view AnomalyKindName(AnomalyKind kind);

/// All of them, in the order in which they are told.
inline constexpr AnomalyKind kAnomalyKinds[] = {AnomalyKind::kEvent,      AnomalyKind::kPoint,
                                                AnomalyKind::kLevelShift, AnomalyKind::kVarianceShift,
                                                AnomalyKind::kFlatLine,   AnomalyKind::kMissingData};
/// Those told by name alone, whatever the score.
inline constexpr AnomalyKind kSignalKinds[] = {AnomalyKind::kLevelShift, AnomalyKind::kVarianceShift,
                                               AnomalyKind::kFlatLine, AnomalyKind::kMissingData};

/// For a person, from the score: low from 0.5, medium from 0.6, high from 0.75, critical from 0.9.
enum class Severity : std::uint8_t { kNone, kLow, kMedium, kHigh, kCritical };

/// "none", "low", "medium", "high" or "critical".
[[nodiscard]] std::string_view SeverityName(Severity severity);
[[nodiscard]] Severity SeverityOf(double score);

/// A score of 0.5 or more is an anomaly.
inline constexpr double kAnomalyScore = 0.5;

/// What one sample is worth. Everything is finite, and lower <= expected <= upper.
struct Detection {
  bool scored = false;  ///< false for a gap (a value that is not finite) and for a sample that is not newer than
                        ///< the one before: nothing was learnt, and nothing else is set
  double score = 0.0;   ///< [0, 1]: the larger of the next two
  double event_score = 0.0;
  double point_score = 0.0;
  double expected = 0.0;  ///< from before the sample, in the series' unit
  double lower = 0.0;     ///< outside of [lower, upper] a point is anomalous once two days are known
  double upper = 0.0;
  std::uint32_t missing = 0;  ///< samples that the schedule says are missing right before
  std::uint8_t kinds = 0;     ///< AnomalyKind, as bits
  bool abnormal = false;      ///< still in an event, also while its alarms rest
  Severity severity = Severity::kNone;

  [[nodiscard]] bool Has(AnomalyKind kind) const { return (kinds & static_cast<std::uint8_t>(kind)) != 0; }
  [[nodiscard]] bool anomalous() const { return score >= kAnomalyScore; }
};

/// Everything remembered of one series: a value of fixed size without references, 1.5 KB.
class DetectorState {
 public:
  /// Bytes of Save(), and about the size in memory.
  static constexpr std::size_t kSavedBytes = 1'464;
  using Saved = std::array<std::byte, kSavedBytes>;

  /// The state as bytes: a version, every field, a checksum; little-endian. Restored, it gives the same scores.
  /// Layout: docs/formats/detector-state.md.
  [[nodiscard]] Saved Save() const;

  /// Errors: kDataCorruption ml.bad_detector_state  another length, damage, or values that no state has
  ///         kFailedPrecondition ml.newer_format    written by a newer Helios
  [[nodiscard]] static Result<DetectorState> Restore(std::span<const std::byte> saved);

  [[nodiscard]] std::uint32_t samples() const { return samples_; }          ///< scored until now
  [[nodiscard]] TimestampMs newest() const { return FromUnixMs(newest_); }  ///< of them; meaningless without any

 private:
  friend class Detector;
  template <class F>
  constexpr void Fields(F& f);

  std::int64_t first_ = 0;   // Unix ms
  std::int64_t newest_ = 0;  // Unix ms
  double origin_ = 0.0;      // the first value: the event score sees differences from it
  PointScore point_;
  std::uint32_t samples_ = 0;
  Cadence cadence_;
  EventScore event_;
  EventAlarm alarm_;
  ChangeWatch change_;
  FlatLine flat_line_;
  DayClock clock_;
};

/// Scores the samples of series as they come, each from the past alone. Immutable and without state of its
/// own: one serves any number of series, on any number of threads.
///
/// Two scores, for there are two kinds of anomaly: *event* (a stretch like none before; rests after an
/// alarm, and grows dearer with each) and *point* (single samples off their expectation). Level and variance
/// shifts, flat lines and missing data are told by name and do not move the score. The time of day is read
/// off a clock of the caller's choice: with a tenant's own, daily jobs stay where they are when it is put
/// forward or back.
///
/// The first day, and at least 150 samples, deliver no event, the first two days (or 300 samples) no point.
/// Values beyond 1e36 count as 1e36, and differences below a ten-millionth of the value are not seen.
/// Same samples, same bits; Save() and Restore() between any two samples change nothing.
/// Cost: detector_bench.cc, about 0.2 us a sample.
class Detector {
 public:
  Detector() = default;

  /// Errors: kInvalidArgument ml.bad_sensitivity  outside of [0, 5]
  ///         kInvalidArgument ml.bad_parameters   a horizon below 1 sample or a limit that is not positive
  [[nodiscard]] static Result<Detector> Make(const DetectorParameters& parameters,
                                             double sensitivity = kDefaultSensitivity);

  /// Takes the next sample of the series behind `state`. `clock_offset` is how far the clock that the series' days
  /// follow is ahead of UTC at the sample's time. Only its changes count: which hour the clock shows does not.
  Detection Score(DetectorState& state, const Sample& sample, std::chrono::seconds clock_offset = {}) const;

  /// Whether a sample of the series is overdue at `now`, by its own schedule; false until nine samples came.
  [[nodiscard]] bool Overdue(const DetectorState& state, TimestampMs now) const;

  [[nodiscard]] const DetectorParameters& parameters() const { return parameters_; }

 private:
  DetectorParameters parameters_;
  double threshold_shift_ = 0.0;
  double widen_ = 1.0;
};

}  // namespace helios::ml
