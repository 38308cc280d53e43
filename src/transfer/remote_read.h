// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "transfer/import_batch.h"
#include "tsdb/sample_store.h"
#include "tsdb/series.h"

namespace helios::transfer {

/// A series that a server holds, as it sent it: its key is not canonical.
struct RemoteSeries {
  tsdb::SeriesKey key;
  std::vector<ImportSample> samples;
  std::size_t histograms = 0;  ///< native ones, which are left out
};

/// A prometheus.ReadRequest of one query in snappy's block format, which accepts the answer SAMPLES alone: the other
/// one, STREAMED_XOR_CHUNKS, saves the server memory and this side nothing, for an answer is read whole. Source:
/// prompb/remote.proto of Prometheus, remote read 1.0.
[[nodiscard]] std::string EncodeReadRequest(const tsdb::SeriesSelector& selector, tsdb::TimeRange range);

/// The series of a prometheus.ReadResponse in snappy's block format.
/// Errors: kInvalidArgument transfer.bad_answer; kTooLarge transfer.answer_too_large, where it declares more than
/// `max_bytes`, before anything is allocated.
[[nodiscard]] Result<std::vector<RemoteSeries>> DecodeReadAnswer(std::string_view body, std::size_t max_bytes);

}  // namespace helios::transfer
