// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "base/result.h"

/// What the chosen command does once the flags are parsed: the text to print at its end.
using Command = std::function<helios::Result<std::string>()>;

// Each declares one command and its flags, in a file of its name; parsing sets `chosen` where it is the one.
void DeclareBacktest(CLI::App& app, Command& chosen);
void DeclareBacktestDetect(CLI::App& app, Command& chosen);
void DeclareDetect(CLI::App& app, Command& chosen);
void DeclareForecast(CLI::App& app, Command& chosen);
void DeclareNab(CLI::App& app, Command& chosen);
void DeclareRecommend(CLI::App& app, Command& chosen);
void DeclareServe(CLI::App& app, Command& chosen);
void DeclareSimulate(CLI::App& app, Command& chosen);
