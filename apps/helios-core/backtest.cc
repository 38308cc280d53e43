// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "commands.h"
#include "workbench/backtest_command.h"

void DeclareBacktest(CLI::App& app, Command& chosen) {
  auto* command =
      app.add_subcommand("backtest", "forecast the series of a directory from past origins, and score that");
  auto options = std::make_shared<helios::workbench::BacktestOptions>();
  command->add_option("DIR", options->directory, "directory with manifest.json and the CSV files it names")->required();
  command->add_flag("--models", options->models, "also a row for each named model, which takes a minute");
  command->add_flag("--variance-shift", options->variance_shift,
                    "also what intervals hold after a series began to scatter more");
  command->add_option("--cross-validate", options->settings,
                      "also the best of N random settings, chosen for each family of series on the others");
  command->add_flag("--json", options->json, "one JSON object instead of a table");
  command->callback([options, &chosen] { chosen = [options] { return helios::workbench::RunBacktest(*options); }; });
}
