// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "tsdb/sample_store.h"

namespace helios::ingest {

/// Limits of one request: DESIGN §3 rule 16.
inline constexpr std::size_t kMaxSamplesPerRequest = 50'000;
inline constexpr std::size_t kMaxSeriesPerRequest = 10'000;
inline constexpr std::size_t kMaxDecodedBytes = 32U << 20U;

/// One sample that was refused, before or by the store.
struct RejectedSample {
  std::size_t index;      ///< position in the request, counting samples from 0
  std::string_view code;  ///< stable, such as "ingest.out_of_order"
  std::string detail;
};

/// What a decoder made of a request: the samples that are well formed, and the ones that are not.
struct DecodedBatch {
  tsdb::KeyedBatch batch;
  std::vector<std::size_t> positions;  ///< of each row of `batch`, in the request
  std::vector<RejectedSample> rejected;
  std::size_t total = 0;  ///< samples in the request
};

/// Puts samples into a DecodedBatch; equal series share one key.
class BatchBuilder {
 public:
  /// Position of `key` among the batch's series. The key must be canonical.
  /// Errors: kTooLarge ingest.too_many_series.
  [[nodiscard]] Result<std::uint32_t> AddSeries(const tsdb::SeriesKey& key);

  /// Counts one sample of the request and takes it. Errors: kTooLarge ingest.too_many_samples.
  [[nodiscard]] Result<void> AddSample(std::uint32_t series, TimestampMs time, double value);

  /// Counts one sample of the request as refused. Errors: kTooLarge ingest.too_many_samples.
  [[nodiscard]] Result<void> Reject(std::string_view code, std::string detail);

  [[nodiscard]] DecodedBatch Take() { return std::move(decoded_); }

 private:
  [[nodiscard]] Result<void> Count();

  DecodedBatch decoded_;
  std::unordered_map<std::string, std::uint32_t> series_by_text_;
};

}  // namespace helios::ingest
