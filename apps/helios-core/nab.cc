// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "commands.h"
#include "workbench/nab_command.h"

void DeclareNab(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("nab", "score the detector on the Numenta Anomaly Benchmark");
  auto options = std::make_shared<helios::workbench::NabOptions>();
  command->add_option("DIR", options->directory, "the corpus: combined_windows.json and the files it names")
      ->required();
  command->add_flag("--json", options->json, "one JSON object instead of tables");
  command->callback([options, &chosen] { chosen = [options] { return helios::workbench::RunNab(*options); }; });
}
