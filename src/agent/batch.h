// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "agent/sample.h"
#include "base/result.h"
#include "base/time.h"

namespace helios::agent {

/// The samples of one round as the ingestion API takes them: what is sent, kept and retried as one.
struct Batch {
  TimestampMs time;           ///< of every sample in it
  std::uint32_t samples = 0;  ///< how many lines
  std::string lines;          ///< one JSON object a sample, each with a line feed after it
};

/// Batches of more bytes than this are never made, nor read back.
inline constexpr std::size_t kMaxBatchBytes = 2U << 20U;

/// `machine` goes to every sample beside its own labels.
[[nodiscard]] Batch MakeBatch(std::span<const Sample> samples, TimestampMs time, const Labels& machine);

/// The body of POST /api/v1/ingest.
[[nodiscard]] std::string IngestBody(const Batch& batch);

/// Both halves of a batch of at least two samples, the second at most one larger.
[[nodiscard]] std::pair<Batch, Batch> Halve(const Batch& batch);

/// As the buffer on disk keeps it, compressed: 8 bytes of unix milliseconds, 4 of the number of samples,
/// 4 of the size of `lines`, all little-endian, then `lines` in zlib's format.
[[nodiscard]] std::string Encode(const Batch& batch);

/// Errors: kDataCorruption agent.bad_batch.
[[nodiscard]] Result<Batch> Decode(std::string_view bytes);

}  // namespace helios::agent
