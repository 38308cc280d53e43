// SPDX-License-Identifier: Apache-2.0
#include "scaling_flags.h"

#include <chrono>
#include <cstdint>
#include <memory>

#include "workbench/recommend_command.h"
#include "workbench/simulate_command.h"

namespace helios::core {
namespace {

/// A flag for a duration in `Unit`.
template <class Unit>
void AddDuration(CLI::App& command, const std::string& flag, Unit& duration, const std::string& help) {
  command.add_option_function<std::int64_t>(
             flag, [&duration](std::int64_t count) { duration = Unit{count}; }, help)
      ->default_str(std::to_string(duration.count()));
}

void AddTarget(CLI::App& command, ml::ScalingTarget& target) {
  command.add_option("--min-replicas", target.min_replicas, "never fewer")->capture_default_str();
  command.add_option("--max-replicas", target.max_replicas, "never more")->capture_default_str();
  AddDuration(command, "--startup-seconds", target.startup, "from being asked for to serving, 0 to 3600");
  AddDuration(command, "--stabilisation-seconds", target.stabilisation,
              "how long replicas must not have been wanted before they go, 0 to 3600");
  command.add_option("--max-violation-ratio", target.tolerated_loss, "share of the load that may be lost")
      ->capture_default_str();
}

}  // namespace

void DeclareRecommend(CLI::App& app, std::function<Result<std::string>()>& chosen) {
  auto* command = app.add_subcommand("recommend", "say how many replicas a target should have, now and next");
  auto options = std::make_shared<workbench::RecommendCommandOptions>();
  command->add_option("FILE", options->file, "the target's whole load: CSV (timestamp,value) or JSON")->required();
  command->add_option("--capacity", options->recommend.target.per_replica_capacity, "load that one replica serves")
      ->required();
  command->add_option("--current-replicas", options->recommend.current_replicas,
                      "replicas there are now; else those that the replay ends with");
  AddTarget(*command, options->recommend.target);
  AddDuration(*command, "--horizon-minutes", options->recommend.horizon, "of the plan, 1 to 1440");
  command->add_option("--plot", options->plot, "draw load and plan into this SVG file");
  command->add_flag("--json", options->json, "one JSON object instead of a table");
  command->callback([options, &chosen] { chosen = [options] { return workbench::RunRecommend(*options); }; });
}

void DeclareSimulate(CLI::App& app, std::function<Result<std::string>()>& chosen) {
  auto* command = app.add_subcommand("simulate", "replay loads under static, HPA, our own and an oracle's scaling");
  auto options = std::make_shared<workbench::SimulateOptions>();
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
  command->callback([options, &chosen] { chosen = [options] { return workbench::RunSimulate(*options); }; });
}

}  // namespace helios::core
