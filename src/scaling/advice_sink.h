// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time.h"
#include "pg/database.h"

namespace helios::scaling {

/// A change of what is advised about a target, to be told. The id is the change's alone.
struct AdviceEvent {
  std::string id;
  std::string type;  ///< "scaling.advice_changed"
  std::string body;  ///< JSON
  std::vector<Uuid> channels;
  bool all_webhooks = false;  ///< each enabled webhook too
};

/// Takes events into the transaction of the change that they are about. Thread-safe.
class AdviceSink {
 public:
  virtual ~AdviceSink() = default;
  /// How many channels are told; where none is, nothing was put.
  [[nodiscard]] virtual Result<std::size_t> Put(pg::TenantTransaction& tx, const AdviceEvent& event,
                                                TimestampMs now) = 0;
  /// After the commit: there is something to send.
  virtual void Wake(TenantId tenant) = 0;
};

}  // namespace helios::scaling
