// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace helios::pg::internal {

/// Starts a program with a small environment of its own, in "/", in a session of its own (a Ctrl-C meant for us does
/// not reach it), with no descriptor of ours but `output`, to which both its outputs are appended. `death_signal` is
/// sent to it when the calling thread ends. Errors: kUnavailable pg.cannot_start.
Result<pid_t> SpawnProgram(const std::vector<std::string>& arguments, const std::filesystem::path& output,
                           int death_signal);

/// Whether the child has ended; then with its wait status (or -1 where someone else had waited for it).
std::optional<int> TryWait(pid_t child);

/// "exit status 1" or "signal 9".
std::string DescribeWaitStatus(int status);

/// Runs a program to its end and gives what it wrote to both outputs, at most the last 4 KB, by way of the file
/// `output`. Errors: kUnavailable pg.cannot_start, with those words, unless it exits with 0.
Result<std::string> RunProgram(const std::vector<std::string>& arguments, const std::filesystem::path& output);

/// The end of a text file, for error messages: at most `bytes`, whole lines, "" where it cannot be read.
std::string LastWords(const std::filesystem::path& file, std::size_t bytes = 2000);

}  // namespace helios::pg::internal
