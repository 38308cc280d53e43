// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

#include "base/result.h"
#include "ingest/otlp_model.h"

namespace helios::ingest {

/// Reads an ExportMetricsServiceRequest in protobuf. Exemplars, descriptions and scopes are read over.
/// Errors: kInvalidArgument ingest.bad_protobuf; those of the sink.
[[nodiscard]] Result<void> DecodeOtlpProtobuf(std::string_view body, OtlpSink& sink);

}  // namespace helios::ingest
