// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "transfer/csv_reader.h"
#include "transfer/import_sender.h"
#include "transfer/progress.h"

namespace helios::transfer {

/// What became of an import's source.
struct SourceTally {
  std::uint64_t samples = 0;  ///< read
  std::uint64_t gaps = 0;     ///< empty values
  std::uint64_t bad = 0;      ///< lines, or whatever else could not be read; each was told
};

/// Reads CSV files, in their order, and sends what they hold. "-" is standard input.
class CsvImport {
 public:
  /// All must outlive it. Bad lines, and samples that the platform refuses, go to Progress::Note() with file and line,
  /// the first twenty; the others are counted.
  CsvImport(const CsvOptions& options, SeriesBook& book, Progress& progress);

  /// Errors: kNotFound file.not_found, kUnavailable file.unreadable; those of CsvReader and ImportSender, with the
  /// file's name.
  [[nodiscard]] Result<void> Run(const std::vector<std::string>& files, ImportSender& sender);

  /// The newest time in the files; none where they hold no sample. Errors: those of Run(); kInvalidArgument
  /// transfer.bad_option for standard input, which can be read once only.
  [[nodiscard]] Result<std::optional<TimestampMs>> NewestTime(const std::vector<std::string>& files);

  /// For ImportSender: tells a refused sample with its file and line.
  void Refused(const ImportSender::Refused& refused);

  [[nodiscard]] const SourceTally& tally() const { return tally_; }

 private:
  using Take = std::function<Result<void>(const CsvSample&)>;
  [[nodiscard]] Result<void> ReadFile(const std::string& file, bool tell, const Take& take);
  void Tell(std::string_view text);

  const CsvOptions& options_;
  SeriesBook& book_;
  Progress& progress_;
  std::string file_;  ///< the one being read
  SourceTally tally_;
  std::uint64_t told_ = 0;
  std::uint64_t bytes_before_ = 0;
  std::uint64_t bytes_of_all_ = 0;
};

}  // namespace helios::transfer
