// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/history_scan.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "detection/counters.h"
#include "ml/counter_rate.h"

namespace helios::detection {
namespace {

Result<std::vector<ml::Sample>> ReadSamples(const tsdb::SampleStore& store, TenantId tenant, tsdb::SeriesId series,
                                            tsdb::TimeRange range) {
  HELIOS_TRY(const auto cursor, store.Read(tenant, series, range));
  std::vector<ml::Sample> samples;
  for (;;) {
    HELIOS_TRY(const tsdb::SampleColumns run, cursor->Next());
    if (run.times.empty()) return samples;
    for (std::size_t i = 0; i < run.times.size(); ++i) samples.push_back({run.times[i], run.values[i]});
  }
}

}  // namespace

Result<Judge> JudgeOf(const TenantSettings& settings) {
  HELIOS_TRY(auto detector, ml::Detector::Make({}, settings.sensitivity));
  return Judge{.detector = std::move(detector), .clock = FindZone(settings.timezone)->clock};
}

std::vector<ml::AnomalySpan> FindAnomalies(std::span<const ml::Sample> samples, const Judge& judge,
                                           tsdb::TimeRange window, bool counter, std::vector<JudgedSample>* judged) {
  ml::DetectorState state;
  ml::CounterFollower rates;
  ml::AnomalyTracker tracker;
  std::vector<ml::AnomalySpan> found;
  const auto keep = [&](const ml::AnomalySpan& span) {
    if (span.end >= window.first && span.start <= window.last) found.push_back(span);
  };
  for (ml::Sample sample : samples) {
    if (sample.time > window.last) break;
    if (counter) {
      const auto rate = rates.Take(sample);
      if (!rate) continue;
      sample = *rate;
    }
    const ml::Detection detection = judge.detector.Score(state, sample, judge.clock.OffsetAt(sample.time));
    if (judged != nullptr && detection.scored && sample.time >= window.first) {
      judged->push_back({.time = sample.time,
                         .value = sample.value,
                         .expected = detection.expected,
                         .lower = detection.lower,
                         .upper = detection.upper});
    }
    if (const auto ended = tracker.Take(sample, detection, {})) keep(*ended);
  }
  if (tracker.open()) keep(*tracker.open());
  return found;
}

Result<ScanResult> ScanHistory(const tsdb::SampleStore& store, TenantId tenant, const tsdb::SeriesSelector& selector,
                               tsdb::TimeRange window, const Judge& judge, const ScanLimits& limits) {
  constexpr std::size_t kAll = 10'000'000;
  HELIOS_TRY(auto found, store.FindSeries(tenant, selector, kAll));
  std::erase_if(found, [](const tsdb::SeriesInfo& info) { return info.key.metric.starts_with("helios:"); });
  ScanResult scan;
  scan.meant = found.size();
  std::string metric;  // the series of one follow each other
  bool counter = false;
  for (const tsdb::SeriesInfo& info : found) {
    if (scan.series.size() >= limits.most_series || scan.samples >= limits.most_samples ||
        std::chrono::steady_clock::now() >= limits.until) {
      break;
    }
    auto& series = scan.series.emplace_back(SeriesAnomalies{.series = info.key, .anomalies = {}, .judged = {}});
    if (info.last_seen < window.first) continue;
    HELIOS_TRY(const auto samples,
               ReadSamples(store, tenant, info.id, {.first = window.first - kLearnFrom, .last = window.last}));
    scan.samples += samples.size();
    if (!samples.empty()) scan.oldest = std::min(scan.oldest, samples.front().time);
    if (info.key.metric != metric) {
      metric = info.key.metric;
      counter = IsCounter(store, tenant, metric);
    }
    std::vector<JudgedSample> judged;
    series.anomalies = FindAnomalies(samples, judge, window, counter, limits.judged_points > 0 ? &judged : nullptr);
    if (!judged.empty()) series.judged = KeepExtremes(std::move(judged), limits.judged_points);
  }
  return scan;
}

double SolveBudget(const ScanResult& scan, std::size_t budget) {
  std::vector<double> scores;
  for (const SeriesAnomalies& series : scan.series) {
    for (const ml::AnomalySpan& anomaly : series.anomalies) scores.push_back(anomaly.score);
  }
  if (scores.size() <= budget) return ml::kAnomalyScore;
  std::ranges::nth_element(scores, scores.begin() + static_cast<std::ptrdiff_t>(budget), std::greater{});
  return std::nextafter(scores[budget], 2.0);
}

std::size_t BudgetWithin(const ScanResult& scan, tsdb::TimeRange window, int per_week) {
  if (per_week <= 0) return 0;
  const TimestampMs first = std::min(std::max(window.first, scan.oldest), window.last);
  const std::chrono::duration<double, std::ratio<7 * 86'400>> weeks = window.last - first;
  return static_cast<std::size_t>(std::max(1.0, std::floor(weeks.count() * per_week + 1e-9)));
}

}  // namespace helios::detection
