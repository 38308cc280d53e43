// SPDX-License-Identifier: Apache-2.0
#include "scaling_flags.h"

void AddTarget(CLI::App& command, helios::ml::ScalingTarget& target) {
  command.add_option("--min-replicas", target.min_replicas, "never fewer")->capture_default_str();
  command.add_option("--max-replicas", target.max_replicas, "never more")->capture_default_str();
  AddDuration(command, "--startup-seconds", target.startup, "from being asked for to serving, 0 to 3600");
  AddDuration(command, "--stabilisation-seconds", target.stabilisation,
              "how long replicas must not have been wanted before they go, 0 to 3600");
  command.add_option("--max-violation-ratio", target.tolerated_loss, "share of the load that may be lost")
      ->capture_default_str();
}
