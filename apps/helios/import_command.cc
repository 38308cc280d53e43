// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "import_command.h"

#include <signal.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "transfer/import_run.h"
#include "transfer/prometheus_import.h"
#include "transfer/time_option.h"
#include "transfer_flags.h"

namespace {

namespace transfer = helios::transfer;

struct CsvFlags {
  transfer::ImportOptions import;
  transfer::CsvSourceOptions source;
  std::vector<std::string> labels;
  std::vector<std::string> label_columns;
  std::string shift;
  std::string end_at;
};

struct PrometheusFlags {
  transfer::ImportOptions import;
  transfer::PrometheusSourceOptions source;
  std::vector<std::string> matches;
  std::vector<std::string> labels;
  std::string start = "now-14d";
  std::string end = "now";
  std::string step = "1m";
};

void AddImportFlags(CLI::App& command, transfer::ImportOptions& options) {
  AddPlatformFlags(command, options.platform);
  command.add_flag("--train", options.train, "Ask for a training of what was imported, and wait for it");
  command.add_flag("--quiet", options.quiet, "No progress; what is wrong is told all the same");
}

helios::Result<int> RunCsv(CsvFlags& flags) {
  HELIOS_TRY(flags.source.csv.labels, ParseLabelFlags(flags.labels));
  if (!flags.label_columns.empty()) flags.source.csv.label_columns = flags.label_columns;
  if (!flags.shift.empty()) {
    HELIOS_TRY(flags.source.csv.shift, transfer::ParseDurationOption(flags.shift, /*negative=*/true));
  }
  if (!flags.end_at.empty()) {
    HELIOS_TRY(flags.source.end_at, transfer::ParseTimeOption(flags.end_at, helios::SystemClock().Now()));
  }
  return transfer::ImportCsv(flags.import, flags.source);
}

void AddCsvCommand(CLI::App& import, int& status) {
  const auto flags = std::make_shared<CsvFlags>();
  CLI::App* command = import.add_subcommand(
      "csv", "From CSV files whose first line names the columns: timestamp,value and any number of label columns");
  AddImportFlags(*command, flags->import);
  transfer::CsvOptions& csv = flags->source.csv;
  command->add_option("FILE", flags->source.files, "Files, in their order; - is standard input")->required();
  command->add_option("--metric", csv.metric, "The series' name; default: the column 'metric', else the file's name");
  command
      ->add_option("--layout", csv.layout,
                   "long: a line a sample, columns beside time, metric and value are labels; wide: a line a moment, "
                   "each column but the time is a series")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, transfer::CsvLayout>{{"long", transfer::CsvLayout::kLong},
                                                                             {"wide", transfer::CsvLayout::kWide}})
              .description(""));
  command->add_option("--time-column", csv.time_column, "Default: timestamp, or time");
  command
      ->add_option("--time-unit", csv.time_unit,
                   "Of numbers as times: auto, s or ms; auto takes those from 1e11 on for milliseconds. RFC 3339 is "
                   "recognised by itself")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, transfer::TimeUnit>{{"auto", transfer::TimeUnit::kAuto},
                                                                            {"s", transfer::TimeUnit::kSeconds},
                                                                            {"ms", transfer::TimeUnit::kMilliseconds}})
              .description(""));
  command->add_option("--value-column", csv.value_column, "Of the long layout")->capture_default_str();
  command->add_option("--label-column", flags->label_columns,
                      "Of the long layout, may be repeated: these columns alone are labels");
  command->add_option("--column-label", csv.column_label,
                      "Of the wide layout with --metric: the label that holds each column's name");
  command->add_option("--label", flags->labels, "name=value of every series; may be repeated");
  command->add_option("--shift", flags->shift, "Added to every time, such as 1d or -2h");
  command->add_option("--end-at", flags->end_at,
                      "Move all times, by whole five minutes, so that the newest has this one: now, or RFC 3339");
  command->callback([flags, &status] {
    const auto done = RunCsv(*flags);
    status = done ? *done : ReportFailure("import csv", done.error());
  });
}

helios::Result<int> RunPrometheus(PrometheusFlags& flags) {
  transfer::PrometheusSourceOptions& source = flags.source;
  const helios::TimestampMs now = helios::SystemClock().Now();
  HELIOS_TRY(source.labels, ParseLabelFlags(flags.labels));
  for (const std::string& match : flags.matches) {
    HELIOS_TRY(auto selector, ParseSelectorFlag(match));
    source.selectors.push_back(std::move(selector));
  }
  HELIOS_TRY(source.step, transfer::ParseDurationOption(flags.step));
  HELIOS_TRY(source.range.first, transfer::ParseTimeOption(flags.start, now));
  HELIOS_TRY(source.range.last, transfer::ParseTimeOption(flags.end, now));
  if (source.step <= std::chrono::milliseconds{0} || source.range.last < source.range.first) {
    return helios::Fail(helios::ErrorCode::kInvalidArgument, "transfer.bad_option",
                        "cannot import: want --step above 0, and --end not before --start");
  }
  // Points on whole steps, whenever the import is started: one that is started again asks for the same ones.
  if (source.way == transfer::PrometheusWay::kRangeQuery) {
    source.range.first -= source.range.first.time_since_epoch() % source.step;
  }
  return transfer::ImportPrometheus(flags.import, source);
}

void AddPrometheusCommand(CLI::App& import, int& status) {
  const auto flags = std::make_shared<PrometheusFlags>();
  CLI::App* command =
      import.add_subcommand("prometheus", "From a Prometheus, or from any server that answers as one does");
  AddImportFlags(*command, flags->import);
  transfer::PrometheusSourceOptions& source = flags->source;
  command->add_option("URL", source.server.url, "The server, as http://HOST:9090, with the path it lies below")
      ->required();
  command
      ->add_option("--way", source.way,
                   "query: what range queries show at each step; read: every sample, by remote read")
      ->transform(CLI::CheckedTransformer(
                      std::map<std::string, transfer::PrometheusWay>{{"query", transfer::PrometheusWay::kRangeQuery},
                                                                     {"read", transfer::PrometheusWay::kRemoteRead}})
                      .description(""));
  command->add_option("--match", flags->matches, "A selector, such as up or {job=\"a\"}; may be repeated")->required();
  command->add_option("--start", flags->start, "RFC 3339, unix seconds, or now-14d")->capture_default_str();
  command->add_option("--end", flags->end, "As --start")->capture_default_str();
  command->add_option("--step", flags->step, "Of range queries")->capture_default_str();
  command->add_option("--label", flags->labels, "name=value of every series, in place of its own; may be repeated");
  command->add_option("--user", source.server.user, "Of basic authentication")->envname("HELIOS_SOURCE_USER");
  command->add_option("--password", source.server.password, "Of basic authentication; rather as HELIOS_SOURCE_PASSWORD")
      ->envname("HELIOS_SOURCE_PASSWORD")
      ->needs("--user");
  command->add_option("--bearer", source.server.bearer, "A bearer token; rather as HELIOS_SOURCE_BEARER")
      ->envname("HELIOS_SOURCE_BEARER")
      ->excludes("--user");
  command->add_option("--org-id", source.server.scope_org, "X-Scope-OrgID, of Mimir or Cortex");
  command->add_option("--source-ca-file", source.server.ca_file, "Certificates to trust, PEM; default: the system's");
  command->add_flag("--source-insecure-http", source.server.insecure_http,
                    "Allow plain http to another machine with a credential");
  command->callback([flags, &status] {
    const auto done = RunPrometheus(*flags);
    status = done ? *done : ReportFailure("import prometheus", done.error());
  });
}

}  // namespace

void AddImportCommand(CLI::App& app, int& status) {
  CLI::App* import = app.add_subcommand("import", "Send history to a running platform by its API");
  import->require_subcommand(1);
  import->preparse_callback([](std::size_t) { ::signal(SIGPIPE, SIG_IGN); });
  AddCsvCommand(*import, status);
  AddPrometheusCommand(*import, status);
}
