// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <string_view>

#include "ingest/decoded_request.h"
#include "ingest/replica.h"
#include "tsdb/series.h"

namespace helios::ingest {

/// What is known of a request's samples.
enum class SampleTimes : std::uint8_t { kOfOurTime, kAny };

/// Decodes the body of a remote write 1.0 request: a WriteRequest in snappy's block format.
///
/// The names in `out` are the label fields as they came, not read: they view the thread's snappy buffer, and are valid
/// until the thread's next request. That whatever lies before the samples at a TimeSeries' end is its labels is taken
/// for granted as every protobuf library writes fields in the order of their numbers; where it is not so, reading the
/// name fails and the samples are refused (ingest.bad_protobuf). Messages in any other order are read field by field.
///
/// The short way takes times between 1971 and 2109 for granted where a series has several samples; history may be
/// older, and is read field by field.
///
/// Native histograms become classic ones (ReadNativeHistogram()); exemplars are left out (ingest.unsupported_exemplar),
/// and so is metadata.
/// Errors: those of UncompressSnappy(); kInvalidArgument ingest.bad_protobuf; kTooLarge ingest.too_many_samples,
/// ingest.too_many_series.
[[nodiscard]] Result<void> DecodeRemoteWrite(std::string_view body, DecodedRequest& out,
                                             SampleTimes times = SampleTimes::kOfOurTime);

/// Reads a name of tsdb::NameFormat::kRemoteWrite. `__replica__` is dropped where `cluster` stands beside it.
/// Errors: those of tsdb::Canonicalize(); kInvalidArgument ingest.bad_protobuf, ingest.duplicate_label (two names of
/// the metric).
[[nodiscard]] Result<tsdb::SeriesKey> DecodeRemoteWriteName(std::string_view name);

/// Who sent a request, by the labels of its first series.
[[nodiscard]] Replica ReplicaOfRemoteWriteName(std::string_view name);

}  // namespace helios::ingest
