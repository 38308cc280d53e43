// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <memory>

#include "base/random.h"
#include "transfer/import_run.h"

namespace helios::transfer {

/// What every import and export needs: the way to the platform, progress, and of an import the summary.
class ImportSession {
 public:
  /// Errors: those of Client::Create() and CredentialHeaders().
  [[nodiscard]] static Result<std::unique_ptr<ImportSession>> Open(const ImportOptions& options);

  /// A client of the platform, or of another server, that waits as long as `patience`.
  [[nodiscard]] static PatientClient::Sleep Sleeping();

  [[nodiscard]] SeriesBook& book() { return book_; }
  [[nodiscard]] Progress& progress() { return progress_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] PatientClient& platform() { return *platform_; }

  /// Sends the last samples, asks for trainings where that is wanted, and prints the summary on standard output.
  [[nodiscard]] Result<int> Finish(ImportSender& sender, const SourceTally& tally);

 private:
  explicit ImportSession(const ImportOptions& options);

  const ImportOptions options_;
  SystemRandom random_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<PatientClient> platform_;
  SeriesBook book_;
  Progress progress_;
};

}  // namespace helios::transfer
