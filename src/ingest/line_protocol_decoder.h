// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "ingest/decoded_request.h"

namespace helios::ingest {

/// The unit of a line's timestamp, in nanoseconds: "n", "ns", "u", "us", "µ", "ms", "s", "m", "h"; "" means "ns".
[[nodiscard]] std::optional<std::int64_t> PrecisionOf(std::string_view name);

struct LineProtocolOptions {
  std::int64_t unit_ns = 1;
  TimestampMs now{};  ///< of lines without a timestamp
  /// A label that each series gets unless the line has a tag of that name; none where the value is empty.
  std::string_view extra_label = {};
  std::string_view extra_value = {};
};

/// Decodes InfluxDB's line protocol: `measurement,tag=value field=1.5,other=2i 1767441600000000000` a line.
///
/// Each field is a sample of the metric `measurement_field`, or of `measurement` where the field is called "value";
/// tags are labels. Integers, unsigned ones and booleans (1 and 0) become doubles; fields that hold text are left out
/// (ingest.text_field). A line that cannot be read is refused as one item (ingest.bad_line) and the others are taken.
/// Timestamps are cut to milliseconds.
/// Errors: kTooLarge ingest.too_many_samples, ingest.too_many_series, http.body_too_large.
[[nodiscard]] Result<void> DecodeLineProtocol(std::string_view body, const LineProtocolOptions& options,
                                              DecodedRequest& out);

}  // namespace helios::ingest
