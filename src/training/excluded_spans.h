// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tsdb/sample_store.h"

namespace helios::training {

/// Stretches that training leaves out, by PartKey-like names of series that only ExcludedSpans knows.
using SpansBySeries = std::map<std::string, std::vector<tsdb::TimeRange>, std::less<>>;

/// Where training learns what to leave out: anomalies that somebody marked as false positives. Thread-safe.
class ExcludedSpans {
 public:
  virtual ~ExcludedSpans() = default;

  /// Of the metric's series, those that overlap `range`.
  [[nodiscard]] virtual Result<SpansBySeries> Find(TenantId tenant, const std::string& metric,
                                                   tsdb::TimeRange range) const = 0;
  /// How Find() names a series.
  [[nodiscard]] virtual std::string NameOf(const tsdb::SeriesKey& series) const = 0;
};

}  // namespace helios::training
