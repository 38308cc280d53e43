// SPDX-License-Identifier: Apache-2.0
#include "ml/anomaly_spans.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace helios::ml {
namespace {

void Count(std::uint16_t& samples) {
  if (samples < std::numeric_limits<std::uint16_t>::max()) ++samples;
}

void TakeWorst(AnomalySpan& span, const Sample& sample, const Detection& detection) {
  span.worst = sample.time;
  span.value = sample.value;
  span.expected = detection.expected;
  span.lower = detection.lower;
  span.upper = detection.upper;
  span.score = detection.score;
  span.severity = detection.severity;
}

}  // namespace

std::optional<AnomalySpan> AnomalyTracker::Take(const Sample& sample, const Detection& detection,
                                                const SpanParameters& parameters) {
  if (!detection.scored) return std::nullopt;
  std::optional<AnomalySpan> ended;
  const bool anomalous = detection.anomalous();
  if (open_) {
    const bool silent = sample.time - open_->end > parameters.longest_silence && detection.missing > 0;
    if (anomalous || (detection.abnormal && quiet_ < parameters.longest_quiet)) {
      normal_ = 0;
    } else {
      Count(normal_);
    }
    if (silent || normal_ > parameters.bridge) ended = std::exchange(open_, std::nullopt);
  }
  if (!open_) {
    if (!anomalous) return ended;
    open_.emplace();
    open_->start = sample.time;
    normal_ = 0;
  }
  quiet_ = anomalous ? std::uint16_t{0} : quiet_;
  if (!anomalous) Count(quiet_);
  if (normal_ == 0) {
    open_->end = sample.time;
    open_->kinds |= detection.kinds;
  }
  if (anomalous) ++open_->samples;
  if (anomalous && detection.score > open_->score) TakeWorst(*open_, sample, detection);
  return ended;
}

std::vector<AnomalySpan> MergeAnomalies(std::span<const Sample> samples, std::span<const Detection> detections,
                                        const SpanParameters& parameters) {
  std::vector<AnomalySpan> spans;
  AnomalyTracker tracker;
  for (std::size_t i = 0; i < std::min(samples.size(), detections.size()); ++i) {
    if (auto ended = tracker.Take(samples[i], detections[i], parameters)) spans.push_back(*ended);
  }
  if (tracker.open()) spans.push_back(*tracker.open());
  return spans;
}

std::vector<IncidentGroup> GroupIncidents(std::span<const AnomalySpan> anomalies, std::chrono::milliseconds together) {
  std::vector<std::size_t> order(anomalies.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [anomalies](std::size_t a, std::size_t b) {
    return std::pair(anomalies[a].start, a) < std::pair(anomalies[b].start, b);
  });
  std::vector<IncidentGroup> groups;
  for (const std::size_t index : order) {
    const auto& anomaly = anomalies[index];
    if (groups.empty() || anomaly.start - groups.back().start > together) {
      groups.push_back({.start = anomaly.start, .end = anomaly.end, .members = {}});
    }
    auto& group = groups.back();
    group.end = std::max(group.end, anomaly.end);
    group.score = std::max(group.score, anomaly.score);
    group.severity = std::max(group.severity, anomaly.severity);
    group.members.push_back(index);
  }
  return groups;
}

}  // namespace helios::ml
