// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/series_ledger.h"

#include <cmath>

namespace helios::accuracy {

void SeriesLedger::Keep(std::size_t horizon, const KeptForecast& forecast) {
  auto& waiting = horizons_[horizon].waiting;
  if (waiting.size() >= kMostWaiting) waiting.erase(waiting.begin());
  waiting.push_back(forecast);
}

void SeriesLedger::Score(HorizonLedger& ledger, const KeptForecast& forecast, double actual) {
  const double off = actual - forecast.value;
  ledger.scores.Add(forecast.time(), std::abs(off), std::abs(off - forecast.naive),
                    -forecast.below <= off && off <= forecast.above);
}

void SeriesLedger::ApplyRule(HorizonLedger& ledger, TimestampMs now) {
  const auto day = ledger.scores.Day();
  if (!day || day->met < kLeastMet) return;
  if (!ledger.withdrawn_since && day->error > kLosing * day->naive_error) ledger.withdrawn_since = now;
  if (ledger.withdrawn_since && day->error < day->naive_error) ledger.withdrawn_since.reset();
}

}  // namespace helios::accuracy
