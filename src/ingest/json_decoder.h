// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

#include "ingest/decoded_request.h"

namespace helios::ingest {

/// Decodes the body of POST /api/v1/ingest:
///   {"metrics":[{"name","value","timestamp"?,"labels"?:{},"source"?}]}
///
/// `timestamp` is RFC 3339 or unix milliseconds, and `now` where absent. A broken envelope is an error; whatever is
/// wrong inside metrics[i] rejects that sample alone, by the store where it is the series' name.
/// Errors: kInvalidArgument http.bad_json, naming the byte; ingest.bad_envelope; http.unknown_field;
/// kTooLarge ingest.too_many_samples, ingest.too_many_series.
[[nodiscard]] Result<void> DecodeJson(std::string_view body, TimestampMs now, DecodedRequest& out);

}  // namespace helios::ingest
