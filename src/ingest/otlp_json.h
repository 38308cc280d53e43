// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

#include "base/result.h"
#include "ingest/otlp_model.h"

namespace helios::ingest {

/// Reads an ExportMetricsServiceRequest in JSON: lowerCamelCase, 64-bit integers as text or numbers, enums as numbers
/// or names, unknown fields ignored. Errors: kInvalidArgument http.bad_json, ingest.bad_envelope (a field of the wrong
/// type); those of the sink.
[[nodiscard]] Result<void> DecodeOtlpJson(std::string_view body, OtlpSink& sink);

}  // namespace helios::ingest
