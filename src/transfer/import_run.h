// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "transfer/csv_import.h"
#include "transfer/platform.h"

namespace helios::transfer {

/// What `helios import` is told, but for the source.
struct ImportOptions {
  ServerOptions platform;
  std::chrono::seconds patience{600};  ///< how long the platform may be away
  bool train = false;                  ///< ask for a training of what was imported, and wait for it
  bool quiet = false;                  ///< no progress; what is wrong is told all the same
};

/// CSV files.
struct CsvSourceOptions {
  CsvOptions csv;
  std::vector<std::string> files;  ///< "-" is standard input
  /// The files' newest sample is to have this time; all others move along, by whole five minutes.
  std::optional<TimestampMs> end_at;
};

/// Exit statuses of import and export.
inline constexpr int kAllDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kBadCommandLine = 2;
inline constexpr int kSomeRefused = 3;  ///< it ran to its end, and some of it could not be read or was refused

/// Imports CSV files, and says at the end what became of them. Returns the exit status.
/// Errors: those of Client::Create(), CredentialHeaders(), CsvImport, ImportSender, TrainMetrics().
[[nodiscard]] Result<int> ImportCsv(const ImportOptions& options, const CsvSourceOptions& source);

}  // namespace helios::transfer
