// SPDX-License-Identifier: Apache-2.0
#include "ml/detector.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/crc32c.h"
#include "ml/internal/artifact_errors.h"
#include "ml/internal/detection/state_fields.h"

namespace helios::ml {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr double kThresholdPerSensitivity = 0.4;
constexpr double kWidenPerSensitivity = 1.22;
constexpr double kMostValue = 1e36;                        // whose multiples are single-precision numbers
constexpr double kMostOffset = 1e30;                       // the same, with room for sums of them
constexpr std::int64_t kMostUnixMs = 253'402'300'800'000;  // the end of the year 9999

constexpr std::size_t kCoveredBytes = DetectorState::kSavedBytes - sizeof(std::uint32_t);

/// Of all but the last four bytes.
std::uint32_t ChecksumOf(std::span<const std::byte> saved) {
  const auto covered = saved.first(saved.size() - sizeof(std::uint32_t));
  return Crc32c({reinterpret_cast<const char*>(covered.data()), covered.size()});
}

bool HasItsChecksum(std::span<const std::byte> saved) {
  std::uint32_t crc = 0;
  FieldReader(saved.last(sizeof(crc)).data())(crc);
  return crc == ChecksumOf(saved);
}

bool InYears(std::int64_t ms) {
  return ms > -kMostUnixMs && ms < kMostUnixMs;
}

/// Only a state that was damaged, yet passed its checks, gives what is not a number.
double Finite(double value) {
  constexpr double kMost = std::numeric_limits<double>::max();
  return std::isnan(value) ? 0.0 : std::clamp(value, -kMost, kMost);
}

/// Each false for what is no number.
bool HaveSaneHorizons(const DetectorParameters& parameters) {
  const auto& [event, alarm, point, change, flat_line, missing_steps] = parameters;
  return event.level_samples >= 1.0F && event.profile_days >= 1.0F && event.rarity.forget_at >= 100 &&
         event.rarity.forget_at <= 8'000 && alarm.fatigue_samples >= 1.0F && alarm.routine_days >= 1.0F &&
         point.recent_days > 0.0F && point.profile_days >= 1.0F && change.calm_samples >= 1.0F && change.persist > 0 &&
         change.persist < 0x8000 && flat_line.least > 0 && missing_steps >= 1.0F;
}

bool HaveSaneLimits(const DetectorParameters& parameters) {
  const auto& event = parameters.event;
  const auto& alarm = parameters.alarm;
  const auto& point = parameters.point;
  return event.rarity.prior > 0.0F && event.rarity.neighbours >= 0.0F && event.level_clip > 0.0F &&
         event.profile_clip > 0.0F && alarm.threshold > 0.0 && alarm.fatigue >= 0.0F && alarm.fatigue_excess >= 0.0F &&
         alarm.routine >= 0.0F && point.recent_limit > 0.0 && point.profile_limit > 0.0 && point.clip > 0.0F &&
         point.compression > 0.0 && point.tail_most > 0.69 && point.extreme_limit > 0.0 &&
         parameters.change.level_limit > 0.0F && parameters.change.unrest_limit > 1.0F;
}

std::uint8_t Bit(AnomalyKind kind, bool set) {
  return set ? static_cast<std::uint8_t>(kind) : std::uint8_t{0};
}

}  // namespace

std::string_view AnomalyKindName(AnomalyKind kind) {
  switch (kind) {
    case AnomalyKind::kEvent: return "event";
    case AnomalyKind::kPoint: return "point";
    case AnomalyKind::kLevelShift: return "level_shift";
    case AnomalyKind::kVarianceShift: return "variance_shift";
    case AnomalyKind::kFlatLine: return "flat_line";
    case AnomalyKind::kMissingData: return "missing_data";
  }
  return "unknown";
}

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kNone: return "none";
    case Severity::kLow: return "low";
    case Severity::kMedium: return "medium";
    case Severity::kHigh: return "high";
    case Severity::kCritical: return "critical";
  }
  return "unknown";
}

Severity SeverityOf(double score) {
  if (score >= 0.9) return Severity::kCritical;
  if (score >= 0.75) return Severity::kHigh;
  if (score >= 0.6) return Severity::kMedium;
  return score >= kAnomalyScore ? Severity::kLow : Severity::kNone;
}

template <class F>
constexpr void DetectorState::Fields(F& f) {
  f(first_, newest_, origin_, samples_);
  cadence_.Fields(f);
  clock_.Fields(f);
  event_.Fields(f);
  alarm_.Fields(f);
  point_.Fields(f);
  change_.Fields(f);
  flat_line_.Fields(f);
}

DetectorState::Saved DetectorState::Save() const {
  constexpr std::size_t kFieldBytes = [] {
    DetectorState state;
    FieldSize size;
    state.Fields(size);
    return size.bytes();
  }();
  static_assert(kCoveredBytes == 1 + kFieldBytes && kSavedBytes == kCoveredBytes + sizeof(std::uint32_t));
  Saved saved{};
  saved[0] = std::byte{kVersion};
  FieldWriter writer(saved.data() + 1);
  DetectorState copy = *this;  // Fields() serves readers too, and so is not const
  copy.Fields(writer);
  auto crc = ChecksumOf(saved);
  writer(crc);
  return saved;
}

Result<DetectorState> DetectorState::Restore(std::span<const std::byte> saved) {
  // Every version begins with its number and ends with the checksum of what lies before.
  if (saved.size() < 1 + sizeof(std::uint32_t) || !HasItsChecksum(saved)) {
    return Fail(ErrorCode::kDataCorruption, "ml.bad_detector_state",
                "cannot restore a detector: its bytes are damaged or no state's; got {} of them", saved.size());
  }
  const auto version = std::to_integer<unsigned>(saved[0]);
  if (version > kVersion) return NewerFormat("a detector's state", version, kVersion);
  if (saved.size() != kSavedBytes || version != kVersion) {
    return Fail(ErrorCode::kDataCorruption, "ml.bad_detector_state",
                "cannot restore a detector: got {} bytes of version {}; want {} bytes of version {}", saved.size(),
                version, kSavedBytes, kVersion);
  }
  DetectorState state;
  FieldReader reader(saved.data() + 1);
  state.Fields(reader);
  const bool in_years = InYears(state.first_) && InYears(state.newest_);
  if (!reader.finite() || !in_years || !state.cadence_.Valid() || !state.clock_.Valid() || !state.event_.Valid() ||
      !state.alarm_.Valid() || !state.point_.Valid()) {
    return Fail(ErrorCode::kDataCorruption, "ml.bad_detector_state",
                "cannot restore a detector: its values are not those of any state");
  }
  return state;
}

Result<Detector> Detector::Make(const DetectorParameters& parameters, double sensitivity) {
  const bool within = sensitivity >= 0.0 && sensitivity <= kMostSensitivity;
  if (!within) {
    return Fail(ErrorCode::kInvalidArgument, "ml.bad_sensitivity",
                "cannot detect at sensitivity {}: want a number from 0 to {}", sensitivity, kMostSensitivity);
  }
  if (!HaveSaneHorizons(parameters) || !HaveSaneLimits(parameters)) {
    return Fail(ErrorCode::kInvalidArgument, "ml.bad_parameters",
                "cannot detect: a parameter is out of range; want horizons of at least one sample or day and "
                "positive limits");
  }
  Detector detector;
  detector.parameters_ = parameters;
  const double keener = sensitivity - kDefaultSensitivity;
  detector.threshold_shift_ = -kThresholdPerSensitivity * keener;
  detector.widen_ = std::pow(kWidenPerSensitivity, -keener);
  return detector;
}

Detection Detector::Score(DetectorState& state, const Sample& sample, std::chrono::seconds clock_offset) const {
  Detection detection;
  const std::int64_t time = ToUnixMs(sample.time);
  if (!std::isfinite(sample.value) || !InYears(time)) return detection;
  const bool first = state.samples_ == 0;
  if (!first && time <= state.newest_) return detection;

  const double value = std::clamp(sample.value, -kMostValue, kMostValue);
  detection.scored = true;
  if (first) {
    state.first_ = time;
    state.origin_ = value;
  } else {
    detection.missing = state.cadence_.Take(time - state.newest_);
    if (static_cast<float>(detection.missing) + 1.0F < parameters_.missing_steps) detection.missing = 0;
  }
  state.newest_ = time;
  const std::uint32_t n = state.samples_ < 4'000'000'000U ? ++state.samples_ : state.samples_;
  const float step_ms = state.cadence_.step_ms();
  const DayTick tick = state.clock_.Advance(time + std::chrono::milliseconds(clock_offset).count(), step_ms);
  const std::int64_t known = time - state.first_;

  const auto offset = static_cast<float>(std::clamp(value - state.origin_, -kMostOffset, kMostOffset));
  const EventReading event = state.event_.Take(offset, n, known >= kDayMs, tick, parameters_.event);
  const bool delivered = known >= kDayMs && n > parameters_.alarm.learning;
  const AlarmVerdict alarm =
      state.alarm_.Take(event.strength, threshold_shift_, delivered, tick, step_ms, parameters_.alarm);
  const PointReading point = state.point_.Take(value, n, known >= 2 * kDayMs, event.rarity, widen_, tick, state.clock_,
                                               step_ms, parameters_.point);
  const ChangeVerdict change = state.change_.Take(event, n, parameters_.change);
  const bool flat = state.flat_line_.Take(offset, parameters_.flat_line);

  detection.event_score = alarm.score;
  detection.point_score = point.excess < 1e15 ? point.excess / (1.0 + point.excess) : 1.0;
  detection.score = std::max(detection.event_score, detection.point_score);
  detection.expected = Finite(point.expected);
  detection.lower = std::min(Finite(point.lower), detection.expected);
  detection.upper = std::max(Finite(point.upper), detection.expected);
  const bool off = detection.point_score >= kAnomalyScore;
  detection.abnormal = alarm.abnormal || off;
  detection.severity = SeverityOf(detection.score);
  detection.kinds = static_cast<std::uint8_t>(
      Bit(AnomalyKind::kEvent, alarm.score >= kAnomalyScore) | Bit(AnomalyKind::kPoint, off) |
      Bit(AnomalyKind::kLevelShift, change.level) | Bit(AnomalyKind::kVarianceShift, change.variance) |
      Bit(AnomalyKind::kFlatLine, flat) | Bit(AnomalyKind::kMissingData, detection.missing > 0));
  return detection;
}

bool Detector::Overdue(const DetectorState& state, TimestampMs now) const {
  if (!state.cadence_.known()) return false;
  const auto silent = static_cast<double>(ToUnixMs(now) - state.newest_);
  return silent > static_cast<double>(parameters_.missing_steps) * static_cast<double>(state.cadence_.step_ms());
}

}  // namespace helios::ml
