// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>

#include "detection/detection_metrics.h"
#include "ml/detector.h"
#include "tsdb/embedded_store.h"

namespace helios::detection {

/// Of one series: the highest score of the five minutes under way, and of it what was written.
struct ScoreWindow {
  TimestampMs begin{};
  TimestampMs time{};  ///< of the sample with the highest score
  float score = -1;    ///< not written yet; below 0: there is none
  float written = -1;  ///< the highest that was written of these five minutes
};

/// Writes anomaly scores into the sample store as series of their tenant: helios:score, with the series' labels and
/// metric (its name). Of each five minutes it writes the highest score, at the time of its sample, once they are over;
/// one that makes its sample anomalous at once, and a higher one after it too. So they cost one sample in five minutes,
/// and what an alert speaks of is there when it comes.
///
/// Scores of samples that were too old to alert when they came are not written: neither of an import, nor of what a
/// start reads of long ago. Where the store does not take them they are counted, and not written later. One thread at a
/// time; waits for nothing.
class ScoreSeries {
 public:
  static constexpr std::string_view kMetric = "helios:score";
  static constexpr std::chrono::minutes kWindow{5};

  /// Both must outlive it, and `metrics`' registry the store.
  ScoreSeries(tsdb::EmbeddedStore& store, DetectionMetrics& metrics) : store_(store), metrics_(metrics) {}

  /// A score as it comes.
  void Take(TenantId tenant, tsdb::SeriesId series, ScoreWindow& window, TimestampMs time,
            const ml::Detection& detection);
  /// Writes the window's score where its five minutes are over at `now`.
  void End(TenantId tenant, tsdb::SeriesId series, ScoreWindow& window, TimestampMs now);
  /// Hands on to the store what was gathered.
  void Flush();

 private:
  static constexpr std::size_t kMostRows = 2'000;

  void Write(TenantId tenant, tsdb::SeriesId series, TimestampMs time, double score);

  tsdb::EmbeddedStore& store_;
  DetectionMetrics& metrics_;
  TenantId tenant_;
  tsdb::KeyedBatch batch_;
};

}  // namespace helios::detection
