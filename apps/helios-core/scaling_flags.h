// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "base/result.h"

namespace helios::core {

/// `recommend FILE`: sets `chosen` when the command line asks for it.
void DeclareRecommend(CLI::App& app, std::function<Result<std::string>()>& chosen);

/// `simulate PATH`.
void DeclareSimulate(CLI::App& app, std::function<Result<std::string>()>& chosen);

}  // namespace helios::core
