// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/options.h"
#include "base/result.h"

namespace helios::agent {

/// Measures this machine and delivers until SIGTERM or SIGINT, or for one round with `once`; with `print`,
/// writes what it measures to standard output instead.
///
/// Two threads: the caller's takes a round at each interval, whatever the network does; the other
/// delivers. At a signal it makes one more attempt, of 5 s at most, and what is not delivered
/// then stays in the buffer.
/// Blocks SIGTERM and SIGINT, so that no other thread takes them: call it before starting any thread.
///
/// Answers the process's exit status: 0; 1 where `once` could not deliver, what it measured being
/// buffered. Errors: those of DiskBuffer::Open and http::Client::Create.
[[nodiscard]] Result<int> Run(const Options& options);

}  // namespace helios::agent
