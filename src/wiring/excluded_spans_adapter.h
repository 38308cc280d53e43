// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>

#include "detection/anomalies.h"
#include "detection/report.h"
#include "training/excluded_spans.h"

namespace helios::wiring {

/// Answers training's question with detection's false positives.
class ExcludedSpansAdapter final : public training::ExcludedSpans {
 public:
  explicit ExcludedSpansAdapter(pg::Database& database) : database_(database) {}

  [[nodiscard]] Result<training::SpansBySeries> Find(TenantId tenant, const std::string& metric,
                                                     tsdb::TimeRange range) const override {
    HELIOS_TRY(auto found, detection::FindExcludedSpans(database_, tenant, metric, range, pg::kNoDeadline));
    training::SpansBySeries spans;
    for (auto& span : found) spans[span.series_key].push_back(span.range);
    return spans;
  }
  [[nodiscard]] std::string NameOf(const tsdb::SeriesKey& series) const override {
    return detection::SeriesDigest(series);
  }

 private:
  pg::Database& database_;
};

}  // namespace helios::wiring
