// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "inference/model_catalog.h"
#include "ml/series_forecaster.h"
#include "tsdb/sample_store.h"

namespace helios::inference {

/// Forecasts from the parts of trained models. A part is restored from the series' rollups once (some 0.6 ms), is then
/// moved on by what came since (60 µs a step of five minutes), and answers the same question about the same samples
/// from memory. Restored models are kept up to `max_bytes`, the last used ones; each is restored anew after an hour of
/// samples, so that samples that came late count then. Thread-safe.
class TrainedModels {
 public:
  /// Both must outlive it.
  TrainedModels(const tsdb::SampleStore& store, ModelCatalog& catalog, std::size_t max_bytes = std::size_t{256} << 20U)
      : store_(store), catalog_(catalog), max_bytes_(max_bytes) {}

  struct Answer {
    ModelReference model;
    ml::SeriesForecast forecast;
  };
  struct Outcome {
    std::optional<Answer> answer = std::nullopt;
    std::optional<Error> unusable = std::nullopt;  ///< why the part that the series may have cannot be used
  };

  /// The series' forecast; none where it has no part that can be used, which a lost or damaged artifact makes true for
  /// all series of a metric, or where its model does not look as far as the horizons asked for. Its origin is the
  /// newest sample's minute: the model's own, at the end of its newest whole step, is up to a step before, and horizons
  /// are counted from the former. Errors: those of the catalogue and the store; kInvalidArgument inference.bad_horizon,
  /// inference.bad_level.
  [[nodiscard]] Result<Outcome> Forecast(const tenancy::RequestContext& context, const tsdb::SeriesInfo& info,
                                         const ml::ForecastOptions& options);

 private:
  struct Key {
    TenantId tenant;
    tsdb::SeriesId series;
    Uuid model;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Restored {
    std::mutex mutex;  ///< of all below
    std::optional<ml::SeriesForecaster> forecaster;
    std::chrono::milliseconds shift{0};
    TimestampMs restored_to{};
    std::uint64_t revision = 0;
    TimestampMs newest{};
    std::vector<std::chrono::minutes> horizons;  ///< of `forecast`
    double level = 0;
    std::optional<ml::SeriesForecast> forecast;  ///< what was answered last
  };
  struct Kept {
    Key key;
    std::shared_ptr<Restored> restored;
    std::size_t bytes;
  };

  [[nodiscard]] std::shared_ptr<Restored> Find(const Key& key);
  void Keep(const Key& key, const std::shared_ptr<Restored>& restored);
  /// Whether there was a part to restore, or why not.
  struct Restoration {
    bool done = false;
    std::optional<Error> unusable = std::nullopt;
  };
  [[nodiscard]] Result<Restoration> Restore(const tenancy::RequestContext& context, const tsdb::SeriesInfo& info,
                                            Restored& restored);
  [[nodiscard]] Result<void> MoveOn(TenantId tenant, const tsdb::SeriesInfo& info, Restored& restored) const;
  [[nodiscard]] Result<std::vector<ml::Sample>> Read(TenantId tenant, const tsdb::SeriesInfo& info, TimestampMs after,
                                                     std::chrono::milliseconds shift) const;

  const tsdb::SampleStore& store_;
  ModelCatalog& catalog_;
  const std::size_t max_bytes_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Kept> recent_;  ///< the last used one first
  std::unordered_map<Key, std::list<Kept>::iterator, KeyHash> kept_;
};

}  // namespace helios::inference
