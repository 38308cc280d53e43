// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "accuracy/accuracy_metrics.h"
#include "base/result.h"
#include "ml/forecast.h"
#include "tsdb/embedded_store.h"

namespace helios::accuracy {

/// What of each scheduled forecast becomes series.
enum class ForecastBounds : std::uint8_t {
  kOff,
  kValue,   ///< one series for each horizon
  kBounds,  ///< and two more: the interval
};

/// "off", "value" or "bounds". Errors: kInvalidArgument config.bad_value.
[[nodiscard]] Result<ForecastBounds> ParseForecastBounds(std::string_view text);

/// Name of the series that a forecast of `key` is kept as: helios:forecast with the labels of `key`, and metric (its
/// name), horizon ("15m") and bound ("value", "lower" or "upper"), as tsdb::OwnSeriesKey() says.
[[nodiscard]] std::optional<tsdb::SeriesKey> ForecastKey(const tsdb::SeriesKey& key, std::chrono::minutes horizon,
                                                         std::string_view bound);

/// Writes scheduled forecasts into the sample store as series of their tenant, each at the time that it is of: so they
/// are readable like any other, and ahead of the samples they are about. They are no part of the ledger: where the
/// store does not take them, that is counted, and they are not written later. One thread at a time.
class ForecastSeries {
 public:
  /// Both must outlive it.
  ForecastSeries(tsdb::EmbeddedStore& store, AccuracyMetrics& metrics, ForecastBounds bounds)
      : store_(store), metrics_(metrics), bounds_(bounds) {}

  /// Writes once some have come together, or the tenant changes; waits for the disk then.
  void Add(TenantId tenant, const tsdb::SeriesKey& key, const ml::SeriesForecast& forecast);
  void Flush();

 private:
  static constexpr std::size_t kMostRows = 3'000;

  tsdb::EmbeddedStore& store_;
  AccuracyMetrics& metrics_;
  const ForecastBounds bounds_;
  TenantId tenant_;
  tsdb::KeyedBatch batch_;
  bool failing_ = false;  ///< so that a store that is away is logged once
};

}  // namespace helios::accuracy
