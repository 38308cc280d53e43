// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "commands.h"
#include "workbench/backtest_detect_command.h"

void DeclareBacktestDetect(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("backtest-detect", "find the labelled anomalies of a directory, and score that");
  auto options = std::make_shared<helios::workbench::BacktestDetectOptions>();
  command->add_option("DIR", options->directory, "directory with labels.json and the CSV files it names")->required();
  command->add_option("--sensitivity", options->sensitivity, "from 0 (quiet) to 5 (keen)")->capture_default_str();
  command->add_flag("--json", options->json, "one JSON object instead of a table");
  command->callback(
      [options, &chosen] { chosen = [options] { return helios::workbench::RunBacktestDetect(*options); }; });
}
