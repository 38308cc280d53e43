// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time.h"
#include "base/uuid.h"
#include "tsdb/series.h"

namespace helios::inference {

/// Why a series' own forecast is not served at a horizon.
struct Withdrawal {
  TimestampMs since;
  std::string reason;  ///< one sentence for a person
};

/// Who knows which forecasts lost to the seasonal naive; the accuracy ledger does. Thread-safe, and quick: it is asked
/// for each horizon of each prediction.
class Withdrawals {
 public:
  virtual ~Withdrawals() = default;

  /// None where the forecast serves.
  [[nodiscard]] virtual std::optional<Withdrawal> Find(TenantId tenant, tsdb::SeriesId series,
                                                       std::chrono::minutes horizon) const = 0;
};

}  // namespace helios::inference
