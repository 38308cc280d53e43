// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "transfer/import_run.h"
#include "transfer/remote_read.h"

namespace helios::transfer {

enum class PrometheusWay : std::uint8_t {
  kRangeQuery,  ///< /api/v1/query_range: what its queries show at each step; every compatible server has it
  kRemoteRead,  ///< /api/v1/read: every sample as it is stored, stale markers included
};

/// A Prometheus, or what speaks as one.
struct PrometheusSourceOptions {
  ServerOptions server;
  PrometheusWay way = PrometheusWay::kRangeQuery;
  std::vector<tsdb::SeriesSelector> selectors;
  tsdb::TimeRange range{};
  std::chrono::milliseconds step{60'000};  ///< of range queries
  std::vector<tsdb::Label> labels;         ///< of every series, in place of its own of that name
};

/// Reads in windows of time, one after the other, so that each series comes in the order of time.
class PrometheusReader {
 public:
  /// A range query gives at most 11,000 points a series: a constant of Prometheus' web/api/v1/api.go.
  static constexpr std::int64_t kMostPoints = 11'000;
  /// Answers above this make the next window smaller, those below a quarter of it larger.
  static constexpr std::size_t kGoodAnswerBytes = 16U << 20U;
  static constexpr std::size_t kMostAnswerBytes = 64U << 20U;
  static constexpr std::size_t kMostDecodedBytes = 512U << 20U;

  /// Takes the series of a window; `share` of all windows are then done.
  using Take = std::function<Result<void>(std::vector<RemoteSeries> series, double share)>;

  /// Both must outlive it. `client` goes to `options.server`.
  PrometheusReader(PatientClient& client, const PrometheusSourceOptions& options)
      : client_(client), options_(options) {}

  /// Errors: those of PatientClient::Send(), DecodeReadAnswer(), DecodeRangeAnswer(); those of `take`; kUnavailable
  /// transfer.source_failed, where the server answers that it cannot; kTooLarge transfer.answer_too_large, where one
  /// step of time is more than it gives at once.
  [[nodiscard]] Result<void> Run(const Take& take);

 private:
  [[nodiscard]] Result<std::vector<RemoteSeries>> Ask(const tsdb::SeriesSelector& selector, tsdb::TimeRange window,
                                                      std::size_t& bytes);

  PatientClient& client_;
  const PrometheusSourceOptions& options_;
};

/// Imports from a Prometheus, and says at the end what became of it. Returns the exit status.
/// Errors: those of ImportCsv() but for files, and those of PrometheusReader::Run().
[[nodiscard]] Result<int> ImportPrometheus(const ImportOptions& options, const PrometheusSourceOptions& source);

}  // namespace helios::transfer
