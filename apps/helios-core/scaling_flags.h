// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "ml/scaling_target.h"

/// A flag for a duration in `Unit`.
template <class Unit>
void AddDuration(CLI::App& command, const std::string& flag, Unit& duration, const std::string& help) {
  command.add_option_function<std::int64_t>(
             flag, [&duration](std::int64_t count) { duration = Unit{count}; }, help)
      ->default_str(std::to_string(duration.count()));
}

/// The flags of what is scaled, all but the capacity of a replica.
void AddTarget(CLI::App& command, helios::ml::ScalingTarget& target);
