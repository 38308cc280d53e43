// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "wiring/serve_config.h"

namespace helios::wiring {

/// The running platform: the object graph of one process.
///
/// Start() brings up, in this order: the data directory and its owner, keys, the control database, the
/// sample store, the services, the listeners; each says so in the log. Stop() goes back the same way.
class Process {
 public:
  /// Call from the main thread before any other thread exists, with SIGTERM and SIGINT blocked.
  [[nodiscard]] static Result<std::unique_ptr<Process>> Start(const ServeConfig& config);

  virtual ~Process() = default;

  [[nodiscard]] virtual std::uint16_t port() const = 0;

  /// Finishes the requests in progress, for at most 25 s, then stops everything. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace helios::wiring
