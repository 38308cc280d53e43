// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <vector>

#include "transfer/import_run.h"
#include "transfer/sample_writer.h"
#include "tsdb/sample_store.h"

namespace helios::transfer {

/// What `helios export` is told.
struct ExportOptions {
  ServerOptions platform;
  std::chrono::seconds patience{600};  ///< how long the platform may be away
  tsdb::SeriesSelector selector;
  tsdb::TimeRange range{};
  ExportFormat format = ExportFormat::kCsv;
  std::string output = "-";  ///< a file, which must not exist, or "-" for standard output
  bool quiet = false;
};

/// Writes the samples of the series that the selector means, metric by metric and in windows of time, and says at the
/// end on standard error how many there were. Series of Helios itself are left out, which is told, unless the selector
/// has their metric's name. Returns the exit status. Errors: those of Client::Create() and CredentialHeaders();
/// kUnavailable transfer.source_failed, where the platform answers that it cannot, file.unwritable; kInvalidArgument
/// transfer.bad_answer; kConflict transfer.file_exists.
[[nodiscard]] Result<int> Export(const ExportOptions& options);

}  // namespace helios::transfer
