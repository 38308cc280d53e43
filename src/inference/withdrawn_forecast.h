// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <span>
#include <vector>

#include "inference/withdrawals.h"
#include "ml/forecast.h"

namespace helios::inference {

/// A horizon that is answered by the seasonal naive instead of the series' model.
struct WithdrawnHorizon {
  std::chrono::minutes horizon{0};
  Withdrawal withdrawal;
};

/// Puts the seasonal naive's forecast, with an interval that held `level` of its errors within `history` (oldest
/// first), in the place of the points at `withdrawn` horizons. Where no point of the model's own is left, the forecast
/// is the seasonal naive's, and the model's backtest is none of its.
void ReplaceWithdrawn(ml::SeriesForecast& forecast, std::span<const WithdrawnHorizon> withdrawn,
                      std::span<const ml::Sample> history, double level);

}  // namespace helios::inference
