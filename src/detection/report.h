// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>

#include "base/time.h"
#include "base/uuid.h"
#include "ml/anomaly_spans.h"
#include "tsdb/series.h"

namespace helios::detection {

/// The detector judged samples no older than this on arrival to be worth an alert; older ones are learnt from alone.
inline constexpr std::chrono::minutes kMostAlertAge{10};

/// What is told of one anomaly of one series: at its start, whenever it gets worse, and at its end. A later report of
/// the same (tenant, series, start) replaces an earlier one.
struct AnomalyReport {
  TenantId tenant;
  tsdb::SeriesKey series;
  std::string series_key;  ///< SeriesDigest(series)
  ml::AnomalySpan span;
  bool ended = false;
  TimestampMs detected_at{};  ///< when its first anomalous sample was scored
};

/// What names a series in the database: SHA-256 of its canonical name, in 64 hex digits.
[[nodiscard]] std::string SeriesDigest(const tsdb::SeriesKey& series);

}  // namespace helios::detection
