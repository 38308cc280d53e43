// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <CLI/CLI.hpp>

/// Declares `helios export`; running it sets `status`.
void AddExportCommand(CLI::App& app, int& status);
