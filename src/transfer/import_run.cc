// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/import_run.h"

#include "transfer/import_session.h"

namespace helios::transfer {
namespace {

using FiveMinutes = std::chrono::duration<std::int64_t, std::ratio<300>>;

}  // namespace

Result<int> ImportCsv(const ImportOptions& options, const CsvSourceOptions& source) {
  HELIOS_TRY(const auto session, ImportSession::Open(options));
  CsvOptions csv = source.csv;
  if (source.end_at) {
    SeriesBook unused;
    CsvImport looking(source.csv, unused, session->progress());
    HELIOS_TRY(const auto newest, looking.NewestTime(source.files));
    // Whole steps of the rollups, so that what fell on them does so after.
    if (newest) csv.shift += std::chrono::floor<FiveMinutes>(*source.end_at - *newest);
  }
  CsvImport import(csv, session->book(), session->progress());
  ImportSender sender(session->platform(),
                      [&import](const ImportSender::Refused& refused) { import.Refused(refused); });
  HELIOS_CHECK(import.Run(source.files, sender));
  return session->Finish(sender, import.tally());
}

}  // namespace helios::transfer
