// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "ingest/classic_histogram.h"

namespace helios::ingest {

struct NativeHistogram {
  TimestampMs time;
  ClassicHistogram classic;
};

/// Reads a Histogram message of remote write (1.0: prometheus.Histogram; 2.0: io.prometheus.write.v2.Histogram, which
/// has the same fields) into a classic one. Buckets with bounds of the sender's own (schema -53) keep them.
///
/// Errors: kInvalidArgument ingest.bad_histogram: an unknown schema, spans that do not fit the counts, counts below 0.
/// Throws protozero::exception where the bytes are no message.
[[nodiscard]] Result<NativeHistogram> ReadNativeHistogram(std::string_view message);

}  // namespace helios::ingest
