// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "commands.h"
#include "scaling_flags.h"
#include "workbench/simulate_command.h"

void DeclareSimulate(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("simulate", "replay loads under static, HPA, our own and an oracle's scaling");
  auto options = std::make_shared<helios::workbench::SimulateOptions>();
  command->add_option("PATH", options->path, "a series, or a directory with manifest.json and the files it names")
      ->required();
  command->add_option("--task", options->task, "replay the directory's series that are marked for this task")
      ->capture_default_str();
  command->add_option("--capacity", options->target.per_replica_capacity, "load that one replica serves");
  command
      ->add_option("--mean-replicas", options->mean_replicas, "without --capacity: replicas that the mean load fills")
      ->capture_default_str();
  AddTarget(*command, options->target);
  command->add_flag("--json", options->json, "one JSON object instead of a table");
  command->callback([options, &chosen] { chosen = [options] { return helios::workbench::RunSimulate(*options); }; });
}
