// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>

#include "transfer/import_batch.h"
#include "transfer/patient_client.h"

namespace helios::transfer {

/// What became of the samples that were sent.
struct ImportTally {
  std::uint64_t stored = 0;      ///< by this import
  std::uint64_t duplicates = 0;  ///< were stored already
  std::uint64_t refused = 0;
};

/// Gathers samples and sends them to POST /api/v1/import. Sending the same again changes nothing, so an import that was
/// cut off is started again from its begin. Not thread-safe.
class ImportSender {
 public:
  /// A sample that the platform refused. The platform says why of a hundred a request; of others `detail` is empty and
  /// `sample` null.
  struct Refused {
    const ImportSample* sample = nullptr;
    std::uint64_t count = 1;
    std::string_view code = {};
    std::string_view detail = {};
  };
  using OnRefused = std::function<void(const Refused&)>;

  static constexpr std::size_t kSamplesPerRequest = 20'000;
  static constexpr std::size_t kSeriesPerRequest = 5'000;

  /// `client` must outlive it.
  ImportSender(PatientClient& client, OnRefused on_refused);

  /// Takes a sample, and sends what it has once that is a request full. `series` must live until the next Flush().
  /// Errors: those of Flush().
  [[nodiscard]] Result<void> Add(const tsdb::SeriesKey& series, const ImportSample& sample);

  /// Sends what it has. Errors: those of PatientClient::Send(); kUnauthenticated, kPermissionDenied, kInvalidArgument
  /// transfer.refused, where the platform does not take the import as such; kUnavailable transfer.gave_up.
  [[nodiscard]] Result<void> Flush();

  [[nodiscard]] const ImportTally& tally() const { return tally_; }

 private:
  [[nodiscard]] Result<void> Send(const ImportBatch& batch);
  [[nodiscard]] bool Count(const ImportBatch& batch, const http::ClientResponse& response);

  PatientClient& client_;
  const OnRefused on_refused_;
  ImportBatch batch_;
  std::unordered_map<const tsdb::SeriesKey*, std::size_t> position_;
  ImportTally tally_;
};

}  // namespace helios::transfer
