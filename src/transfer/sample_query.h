// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <vector>

#include "transfer/patient_client.h"
#include "transfer/remote_read.h"

namespace helios::transfer {

/// Reads series and samples through the query API of the platform. Not thread-safe.
class SampleQuery {
 public:
  /// Series that one answer of POST /query may have.
  static constexpr std::size_t kMostSeries = 1'000;

  /// `client` must outlive it.
  explicit SampleQuery(PatientClient& client) : client_(client) {}

  /// Every series that `selector` means, ordered by key.
  /// Errors: those of PatientClient::Send(); kUnavailable transfer.source_failed; kInvalidArgument transfer.bad_answer.
  [[nodiscard]] Result<std::vector<tsdb::SeriesKey>> List(const tsdb::SeriesSelector& selector);

  /// Takes the series of a window; `share` of all windows are then done.
  using Take = std::function<Result<void>(const std::vector<RemoteSeries>& series, double share)>;

  /// Reads what `selector` means, of at most kMostSeries series, window by window. Its metric must be named.
  /// Errors: those of List(); those of `take`.
  [[nodiscard]] Result<void> Read(const tsdb::SeriesSelector& selector, tsdb::TimeRange range, const Take& take);

 private:
  [[nodiscard]] Result<std::vector<RemoteSeries>> Ask(const tsdb::SeriesSelector& selector, tsdb::TimeRange window);

  PatientClient& client_;
};

}  // namespace helios::transfer
