// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/uuid.h"
#include "predictions/prediction_metrics.h"
#include "predictions/prediction_rows.h"

namespace helios::predictions {

/// Predictions that wait to be written. Thread-safe; Keep() costs well below a microsecond where it keeps nothing, and
/// a copy where it does.
///
/// The same question between two samples of its series gets the same answer, and is kept once. Of a tenant so many
/// points a minute are kept, with some in hand for who asks now and then: what is beyond is answered, not kept, and
/// counted.
class PredictionBook {
 public:
  struct Limits {
    double points_per_minute = 120;     ///< of a tenant: at most 2.4 million rows in kKeepFor
    double points_in_hand = 3'000;      ///< a thousand series at three horizons
    std::size_t most_waiting = 20'000;  ///< points, of all tenants
    std::size_t most_known = 100'000;   ///< questions whose last answer is remembered; then all are forgotten
  };
  using ByTenant = std::unordered_map<TenantId, std::vector<AskedPrediction>>;

  PredictionBook(PredictionMetrics& metrics, const Limits& limits) : metrics_(metrics), limits_(limits) {}

  /// Waits for nothing but a lock.
  void Keep(TenantId tenant, const tsdb::SeriesKey& series, const std::optional<Uuid>& model,
            const ml::SeriesForecast& forecast, double level, TimestampMs now);

  /// All that waits.
  [[nodiscard]] ByTenant Take();
  /// What could not be written now.
  void PutBack(TenantId tenant, std::vector<AskedPrediction> asked);

  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Allowance {
    double points = 0;
    TimestampMs at{};
  };

  [[nodiscard]] bool IsRepeated(TenantId tenant, const tsdb::SeriesKey& series, const ml::SeriesForecast& forecast,
                                double level);
  [[nodiscard]] bool Allowed(TenantId tenant, std::size_t points, TimestampMs now);

  PredictionMetrics& metrics_;
  const Limits limits_;
  mutable std::mutex mutex_;
  ByTenant waiting_;
  std::size_t points_waiting_ = 0;
  std::unordered_map<TenantId, Allowance> allowances_;
  std::unordered_map<std::uint64_t, TimestampMs> answered_;  ///< origin by a hash of tenant, series and question
};

}  // namespace helios::predictions
