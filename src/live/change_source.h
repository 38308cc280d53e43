// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/uuid.h"

namespace helios::live {

/// A thing of a tenant's that changes, as it is now.
struct Changing {
  Uuid id;
  std::string json;  ///< as the API shows it
};

/// A list of a tenant's things that streams tell of when they change, such as its anomalies. Thread-safe.
class ChangeSource {
 public:
  virtual ~ChangeSource() = default;

  /// The event's name, and that of the array within its data: "anomalies".
  [[nodiscard]] virtual std::string name() const = 0;

  /// The newest of them, some hundred at most; what is older is not watched. May block until `deadline`.
  [[nodiscard]] virtual Result<std::vector<Changing>> Newest(TenantId tenant,
                                                             std::chrono::steady_clock::time_point deadline) const = 0;
};

}  // namespace helios::live
