// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "export_command.h"

#include <signal.h>

#include <map>
#include <memory>
#include <string>

#include "transfer/export_run.h"
#include "transfer/time_option.h"
#include "transfer_flags.h"

namespace {

namespace transfer = helios::transfer;

struct ExportFlags {
  transfer::ExportOptions options;
  std::string match;
  std::string start = "now-14d";
  std::string end = "now";
};

helios::Result<int> Run(ExportFlags& flags) {
  const helios::TimestampMs now = helios::SystemClock().Now();
  HELIOS_TRY(flags.options.selector, ParseSelectorFlag(flags.match));
  HELIOS_TRY(flags.options.range.first, transfer::ParseTimeOption(flags.start, now));
  HELIOS_TRY(flags.options.range.last, transfer::ParseTimeOption(flags.end, now));
  if (flags.options.range.last < flags.options.range.first) {
    return helios::Fail(helios::ErrorCode::kInvalidArgument, "transfer.bad_option",
                        "cannot export: want --end not before --start");
  }
  return transfer::Export(flags.options);
}

}  // namespace

void AddExportCommand(CLI::App& app, int& status) {
  const auto flags = std::make_shared<ExportFlags>();
  CLI::App* command =
      app.add_subcommand("export", "Write samples of a running platform as CSV that helios import csv reads back");
  command->preparse_callback([](std::size_t) { ::signal(SIGPIPE, SIG_IGN); });
  AddPlatformFlags(*command, flags->options.platform);
  command->add_option("--match", flags->match, "A selector, such as up, up{job=\"a\"} or {__name__=~\"up|down\"}")
      ->required();
  command->add_option("--start", flags->start, "RFC 3339, unix seconds, or now-14d")->capture_default_str();
  command->add_option("--end", flags->end, "As --start")->capture_default_str();
  command->add_option("--format", flags->options.format, "csv, or jsonl: an object a line")
      ->transform(CLI::CheckedTransformer(
                      std::map<std::string, transfer::ExportFormat>{{"csv", transfer::ExportFormat::kCsv},
                                                                    {"jsonl", transfer::ExportFormat::kJsonLines}})
                      .description(""));
  command->add_option("--output", flags->options.output, "A new file; - is standard output")->capture_default_str();
  command->add_flag("--quiet", flags->options.quiet, "No progress");
  command->callback([flags, &status] {
    const auto done = Run(*flags);
    status = done ? *done : ReportFailure("export", done.error());
  });
}
