// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "commands.h"
#include "workbench/detect_command.h"

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
