// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/score_series.h"

#include <utility>

#include "tsdb/own_series.h"

namespace helios::detection {

void ScoreSeries::Take(TenantId tenant, tsdb::SeriesId series, ScoreWindow& window, TimestampMs time,
                       const ml::Detection& detection) {
  const TimestampMs begin = time - time.time_since_epoch() % kWindow;
  const auto score = static_cast<float>(detection.score);
  if (begin != window.begin) {
    if (window.score >= 0) Write(tenant, series, window.time, window.score);
    window = {.begin = begin, .time = time, .score = score};
  } else if (score > window.written && score > window.score) {
    window.time = time;
    window.score = score;
  }
  if (detection.anomalous() && window.score >= 0) {
    Write(tenant, series, window.time, window.score);
    window.written = std::exchange(window.score, -1.0F);
  }
}

void ScoreSeries::End(TenantId tenant, tsdb::SeriesId series, ScoreWindow& window, TimestampMs now) {
  if (window.score < 0 || now < window.begin + kWindow) return;
  Write(tenant, series, window.time, window.score);
  window.written = std::exchange(window.score, -1.0F);
}

void ScoreSeries::Write(TenantId tenant, tsdb::SeriesId series, TimestampMs time, double score) {
  const auto key = store_.KeyOf(tenant, series);
  const auto own = key ? tsdb::OwnSeriesKey(kMetric, *key) : std::nullopt;
  if (!own) {
    metrics_.unwritten_scores.Increment();
    return;
  }
  if (tenant != tenant_ || batch_.batch().rows.size() >= kMostRows) Flush();
  tenant_ = tenant;
  batch_.AddSample(batch_.AddSeries(*own), time, score);
}

void ScoreSeries::Flush() {
  if (batch_.batch().rows.empty()) return;
  const tsdb::KeyedBatch batch = std::exchange(batch_, {});
  const auto rows = static_cast<double>(batch.batch().rows.size());
  // Answered by the store's thread, maybe when this object is gone: the counters are the registry's.
  store_.AppendOwn(tenant_, batch.batch(),
                   [rows, written = &metrics_.written_scores,
                    unwritten = &metrics_.unwritten_scores](const Result<tsdb::AppendOutcome>& outcome) {
                     const double lost = outcome ? static_cast<double>(outcome->rejected.size()) : rows;
                     written->Increment(rows - lost);
                     unwritten->Increment(lost);
                   });
}

}  // namespace helios::detection
