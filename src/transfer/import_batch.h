// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "tsdb/series.h"

namespace helios::transfer {

struct ImportSample {
  TimestampMs time;
  double value = 0;
  std::uint64_t line = 0;  ///< of the file it came from; 0 where it came from none
};

/// Samples on their way to the platform, series by series.
struct ImportBatch {
  struct Series {
    const tsdb::SeriesKey* key = nullptr;  ///< canonical; outlives the batch
    std::vector<ImportSample> samples = {};
  };
  std::vector<Series> series = {};
  std::size_t samples = 0;

  /// Puts each series' samples into the order of time, those of one time into that of their lines.
  void Sort();
  /// The first half of the samples and the second. Requires two samples.
  [[nodiscard]] std::pair<ImportBatch, ImportBatch> Halve() const;
  /// The sample at a position of the request, counted through the series; null beyond the last.
  [[nodiscard]] const ImportSample* At(std::size_t position) const;

  /// A prometheus.WriteRequest in snappy's block format.
  /// Source: prompb/remote.proto and prompb/types.proto of Prometheus, remote write 1.0.
  [[nodiscard]] std::string WriteRequest() const;
};

}  // namespace helios::transfer
