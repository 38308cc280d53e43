// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <snappy.h>

#include <string>

#include "ingest/decoded_request.h"
#include "tsdb/series.h"

namespace helios::ingest {

/// A request that was decoded, for a test to look at.
struct Decoded {
  DecodedRequest request;
  std::string reason;  ///< of the error; "" where there was none

  [[nodiscard]] const std::vector<tsdb::SampleBatch::Row>& rows() const { return request.batch().rows; }
  [[nodiscard]] const std::vector<RejectedSample>& rejected() const { return request.rejected(); }
  /// The series of a row, or the reason why its name cannot be read.
  [[nodiscard]] std::string SeriesOf(std::size_t row) const {
    const auto key = request.batch().decode(request.batch().series.at(rows().at(row).series));
    return key ? tsdb::ToString(*key) : std::string(key.error().reason);
  }
};

template <class Decode>
Decoded RunDecoder(Decode&& decode) {
  Decoded decoded;
  if (const Result<void> done = decode(decoded.request); !done) decoded.reason = done.error().reason;
  return decoded;
}

inline std::string SnappyBlock(const std::string& bytes) {
  std::string body;
  snappy::Compress(bytes.data(), bytes.size(), &body);
  return body;
}

}  // namespace helios::ingest
