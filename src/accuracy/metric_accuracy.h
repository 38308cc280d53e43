// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <vector>

#include "accuracy/series_ledger.h"
#include "accuracy/training_requests.h"

namespace helios::accuracy {

/// Horizons of a series whose forecast is withdrawn.
using WithdrawnHorizons = std::bitset<kHorizons.size()>;

[[nodiscard]] WithdrawnHorizons WithdrawnOf(const SeriesLedger& series);

/// What one round saw of a metric's series, and whether it should be trained for it: where forecasts of one in a
/// hundred of its series were withdrawn in this round, or where its median series loses to the seasonal naive by 5 %
/// over the last day.
class MetricAccuracy {
 public:
  /// `before`: what was withdrawn when the round came to the series.
  void Take(const SeriesLedger& series, const WithdrawnHorizons& before);

  [[nodiscard]] std::optional<TrainingReason> WorthTraining() const;

 private:
  std::size_t series_ = 0;
  std::size_t newly_withdrawn_ = 0;
  std::array<std::vector<double>, kHorizons.size()> mases_;  ///< of the last day, of series with enough forecasts met
};

}  // namespace helios::accuracy
