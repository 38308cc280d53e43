// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "accuracy/score_window.h"

namespace helios::accuracy {

/// How far ahead each series is forecast and judged; rising.
inline constexpr std::array<std::chrono::minutes, 3> kHorizons = {std::chrono::minutes{15}, std::chrono::minutes{30},
                                                                  std::chrono::minutes{60}};

/// A forecast that waits for its actual value. 24 bytes: differences are kept small, the value in full.
struct KeptForecast {
  double value = 0;
  std::uint32_t time_s = 0;  ///< the moment forecast, since 1970, rounded up to a second
  float below = 0;           ///< value - lower bound
  float above = 0;           ///< upper bound - value
  float naive = 0;           ///< seasonal naive's forecast - value

  [[nodiscard]] TimestampMs time() const { return TimestampMs{std::chrono::seconds{time_s}}; }
};

/// One horizon of one series.
struct HorizonLedger {
  std::vector<KeptForecast> waiting;  ///< oldest first
  ScoreWindow scores;
  std::optional<TimestampMs> withdrawn_since;
};

/// The last day needs so many forecasts met before it can withdraw one: a third of what rounds of five minutes make.
inline constexpr std::uint64_t kLeastMet = 96;
/// A forecast is withdrawn when its error of a day exceeds the seasonal naive's by this factor, and comes back once it
/// is below it: between the two it stays as it is.
inline constexpr double kLosing = 1.05;

/// What is remembered of one series. Not thread-safe.
class SeriesLedger {
 public:
  /// Forecasts that wait for one horizon, at most; the oldest goes where there are more.
  static constexpr std::size_t kMostWaiting = 24;

  /// Keeps a forecast, of horizon number `horizon`, until its moment.
  void Keep(std::size_t horizon, const KeptForecast& forecast);

  /// The forecasts of `horizon` up to `newest` wait no longer. Each that `actual_of` knows a value for is scored;
  /// then the rule is applied as of `now`. How many were met.
  template <class ActualOf>
  std::size_t Meet(std::size_t horizon, TimestampMs newest, TimestampMs now, const ActualOf& actual_of) {
    HorizonLedger& ledger = horizons_[horizon];
    std::size_t met = 0;
    std::size_t over = 0;
    for (; over < ledger.waiting.size() && ledger.waiting[over].time() <= newest; ++over) {
      const std::optional<double> actual = actual_of(ledger.waiting[over].time());
      if (!actual) continue;
      Score(ledger, ledger.waiting[over], *actual);
      ++met;
    }
    ledger.waiting.erase(ledger.waiting.begin(), ledger.waiting.begin() + static_cast<std::ptrdiff_t>(over));
    if (met > 0) ApplyRule(ledger, now);
    return met;
  }

  [[nodiscard]] const std::array<HorizonLedger, kHorizons.size()>& horizons() const { return horizons_; }
  [[nodiscard]] std::array<HorizonLedger, kHorizons.size()>& horizons() { return horizons_; }

  TimestampMs origin{};               ///< of the newest forecast; a series without a newer sample is not forecast
  std::chrono::milliseconds step{0};  ///< of that forecast: an actual value is the mean over it
  std::uint32_t unseen_rounds = 0;    ///< since a round last saw the series; no clock has a say in that

 private:
  static void Score(HorizonLedger& ledger, const KeptForecast& forecast, double actual);
  static void ApplyRule(HorizonLedger& ledger, TimestampMs now);

  std::array<HorizonLedger, kHorizons.size()> horizons_;
};

}  // namespace helios::accuracy
