// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/decoded_request.h"

namespace helios::ingest {

inline std::string_view FuzzedBytes(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// What must hold of a request that a decoder took, whatever its bytes were: limits are kept, rows name series that are
/// there, items are counted, and every name can be asked for its key.
inline void CheckDecoded(DecodedRequest& request, const Result<void>& decoded) {
  if (!decoded) {
    if (decoded.error().reason.empty() || decoded.error().message.empty()) std::abort();
    return;
  }
  if (request.total() > kMaxSamplesPerRequest) std::abort();
  const tsdb::SampleBatch& batch = request.batch();
  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    if (batch.rows[i].series >= batch.series.size() || request.PositionOf(i) >= request.total()) std::abort();
  }
  for (const RejectedSample& sample : request.rejected()) {
    if (sample.index >= request.total() || sample.code.empty()) std::abort();
  }
  for (const std::string_view name : batch.series) {
    if (const auto key = batch.decode(name); key && key->metric.empty()) std::abort();
  }
}

/// One object for all inputs, as a thread has it: what one leaves behind must not show in the next.
inline DecodedRequest& FuzzedRequest() {
  static DecodedRequest request;
  request.Clear();
  return request;
}

}  // namespace helios::ingest
