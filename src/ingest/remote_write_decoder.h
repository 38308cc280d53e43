// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

#include "ingest/decoded_batch.h"

namespace helios::ingest {

/// Decodes the body of a Prometheus remote write 1.0: a WriteRequest in snappy's block format.
///
/// The length that snappy declares is checked before anything is allocated. A series without a name, or
/// with a label that breaks a limit, rejects its samples alone; native histograms are rejected one by one.
/// Exemplars and metadata are skipped.
/// Errors: kInvalidArgument ingest.bad_snappy, ingest.bad_protobuf; kTooLarge http.body_too_large,
/// ingest.too_many_samples, ingest.too_many_series.
/// Source: prometheus/docs, docs/specs/prw/remote_write_spec.md.
[[nodiscard]] Result<DecodedBatch> DecodeRemoteWrite(std::string_view body);

}  // namespace helios::ingest
