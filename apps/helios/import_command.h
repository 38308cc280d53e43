// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <CLI/CLI.hpp>

/// Declares `helios import csv` and `helios import prometheus`; running one sets `status`.
void AddImportCommand(CLI::App& app, int& status);
