// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "commands.h"
#include "scaling_flags.h"
#include "workbench/recommend_command.h"

void DeclareRecommend(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("recommend", "say how many replicas a target should have, now and next");
  auto options = std::make_shared<helios::workbench::RecommendCommandOptions>();
  command->add_option("FILE", options->file, "the target's whole load: CSV (timestamp,value) or JSON")->required();
  command->add_option("--capacity", options->recommend.target.per_replica_capacity, "load that one replica serves")
      ->required();
  command->add_option("--current-replicas", options->recommend.current_replicas,
                      "replicas there are now; else those that the replay ends with");
  AddTarget(*command, options->recommend.target);
  AddDuration(*command, "--horizon-minutes", options->recommend.horizon, "of the plan, 1 to 1440");
  command->add_option("--plot", options->plot, "draw load and plan into this SVG file");
  command->add_flag("--json", options->json, "one JSON object instead of a table");
  command->callback([options, &chosen] { chosen = [options] { return helios::workbench::RunRecommend(*options); }; });
}
