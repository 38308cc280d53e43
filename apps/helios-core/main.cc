// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "workbench/backtest_command.h"
#include "workbench/backtest_detect_command.h"
#include "workbench/detect_command.h"
#include "workbench/nab_command.h"

namespace {

constexpr int kBadFlags = 2;

/// What the chosen sub-command does once the flags are parsed.
using Command = std::function<helios::Result<std::string>()>;

void DeclareBacktest(CLI::App& app, Command& chosen) {
  auto* command =
      app.add_subcommand("backtest", "forecast the series of a directory from past origins, and score that");
  auto options = std::make_shared<helios::workbench::BacktestOptions>();
  command->add_option("DIR", options->directory, "directory with manifest.json and the CSV files it names")->required();
  command->add_flag("--models", options->models, "also a row for each named model, which takes a minute");
  command->add_option("--cross-validate", options->settings,
                      "also the best of N random settings, chosen for each family of series on the others");
  command->add_flag("--json", options->json, "one JSON object instead of a table");
  command->callback([options, &chosen] { chosen = [options] { return helios::workbench::RunBacktest(*options); }; });
}

void DeclareBacktestDetect(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("backtest-detect", "find the labelled anomalies of a directory, and score that");
  auto options = std::make_shared<helios::workbench::BacktestDetectOptions>();
  command->add_option("DIR", options->directory, "directory with labels.json and the CSV files it names")->required();
  command->add_option("--sensitivity", options->sensitivity, "from 0 (quiet) to 5 (keen)")->capture_default_str();
  command->add_flag("--json", options->json, "one JSON object instead of a table");
  command->callback(
      [options, &chosen] { chosen = [options] { return helios::workbench::RunBacktestDetect(*options); }; });
}

void DeclareDetect(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("detect", "find the anomalies of one series");
  auto options = std::make_shared<helios::workbench::DetectOptions>();
  command->add_option("FILE", options->file, "CSV (timestamp,value) or JSON ([{\"timestamp\",\"value\"},...])")
      ->required();
  command->add_option("--sensitivity", options->sensitivity, "from 0 (quiet) to 5 (keen)")->capture_default_str();
  command->add_option("--plot", options->plot, "draw the series and its anomalies into this SVG file");
  command->add_flag("--json", options->json, "one JSON object instead of a table");
  command->callback([options, &chosen] { chosen = [options] { return helios::workbench::RunDetect(*options); }; });
}

void DeclareNab(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("nab", "score the detector on the Numenta Anomaly Benchmark");
  auto options = std::make_shared<helios::workbench::NabOptions>();
  command->add_option("DIR", options->directory, "the corpus: combined_windows.json and the files it names")
      ->required();
  command->add_flag("--json", options->json, "one JSON object instead of tables");
  command->callback([options, &chosen] { chosen = [options] { return helios::workbench::RunNab(*options); }; });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Forecasts, finds anomalies in and plans capacity for series in files.", "helios-core");
  app.set_version_flag("--version", "helios-core " HELIOS_VERSION);
  app.require_subcommand(1);
  Command chosen;
  DeclareBacktest(app, chosen);
  DeclareBacktestDetect(app, chosen);
  DeclareDetect(app, chosen);
  DeclareNab(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadFlags;
  }

  const auto report = chosen();
  if (!report) {
    std::fprintf(stderr, "helios-core: %s\n", report.error().message.c_str());
    return 1;
  }
  std::fwrite(report->data(), 1, report->size(), stdout);
  return 0;
}
