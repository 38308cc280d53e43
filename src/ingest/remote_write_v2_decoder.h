// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

#include "ingest/decoded_request.h"
#include "ingest/replica.h"

namespace helios::ingest {

/// Decodes the body of a remote write 2.0 request: an io.prometheus.write.v2.Request in snappy's block format.
///
/// Names are put together as NameFormat::kParts, `__replica__` dropped where `cluster` stands beside it. Native
/// histograms become classic ones. Exemplars are counted as left out (ingest.unsupported_exemplar): the handler must
/// not answer 2xx then. Metadata and start timestamps are read over: nothing here depends on them.
/// Fills `replica` from the first series that has samples.
/// Errors: those of UncompressSnappy(); kInvalidArgument ingest.bad_protobuf, also for references that lead nowhere;
/// kTooLarge ingest.too_many_samples, ingest.too_many_series, ingest.too_many_symbols, http.body_too_large.
[[nodiscard]] Result<void> DecodeRemoteWriteV2(std::string_view body, DecodedRequest& out, Replica& replica);

}  // namespace helios::ingest
