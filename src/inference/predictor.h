// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "inference/model_catalog.h"
#include "inference/predict_query.h"
#include "inference/trained_models.h"
#include "inference/withdrawn_forecast.h"
#include "tsdb/sample_store.h"

namespace helios::inference {

/// The forecast of one series.
struct Prediction {
  tsdb::SeriesKey key;                  ///< empty for a history that came with the request
  std::optional<ModelReference> model;  ///< none for such a history
  ml::SeriesForecast forecast;
  std::vector<WithdrawnHorizon> withdrawn = {};  ///< what the seasonal naive answers in the model's place
  std::optional<Error> fallback =
      std::nullopt;  ///< why the series was fitted when asked for though its metric is trained
};

/// A series that was meant and cannot be forecast, with the reason.
struct SkippedSeries {
  tsdb::SeriesKey key;
  Error error;
};

/// What became of each series that was meant; both ordered by key.
struct Predictions {
  std::vector<Prediction> made;
  std::vector<SkippedSeries> skipped;
};

/// Forecasts series from their trained models; fits those that have none, and keeps these models until their series
/// has another sample. Thread-safe.
class Predictor {
 public:
  /// All must outlive the predictor. Without `withdrawals` nothing is withdrawn.
  Predictor(const tsdb::SampleStore& store, ModelCatalog& catalog, const Withdrawals* withdrawals = nullptr)
      : store_(store), catalog_(catalog), trained_(store, catalog), withdrawals_(withdrawals) {}

  /// One prediction for each series meant that can be forecast; where none can, the first one's error is
  /// the answer.
  /// Errors: kNotFound inference.no_such_series; kFailedPrecondition inference.not_enough_history,
  /// inference.stale_series (silent for over an hour); kInvalidArgument inference.too_many_series.
  [[nodiscard]] Result<Predictions> Predict(const tenancy::RequestContext& context, const PredictQuery& query);

  /// The model's own forecast of one stored series, also where that is withdrawn; registers no model.
  /// Errors: kFailedPrecondition inference.not_enough_history, inference.stale_series; those of the store.
  [[nodiscard]] Result<ml::SeriesForecast> ForecastOne(const tenancy::RequestContext& context,
                                                       const tsdb::SeriesInfo& info,
                                                       const ml::ForecastOptions& options);

 private:
  struct CacheKey {
    TenantId tenant;
    tsdb::SeriesId series;
    TimestampMs newest;
    std::uint64_t revision;
    double level;  ///< the coverage that the model reports is that of its level
    std::vector<std::chrono::minutes> horizons;
    bool operator==(const CacheKey&) const = default;
  };
  struct CacheKeyHash {
    std::size_t operator()(const CacheKey& key) const noexcept;
  };
  using Fitted = std::shared_ptr<const ml::FittedForecaster>;
  static constexpr std::size_t kMaxCached = 2'000;

  [[nodiscard]] Result<Prediction> PredictStored(const tenancy::RequestContext& context, const tsdb::SeriesInfo& info,
                                                 const PredictQuery& query);
  [[nodiscard]] Result<ml::SeriesForecast> FitAndForecast(const tenancy::RequestContext& context,
                                                          const tsdb::SeriesInfo& info, const PredictQuery& query);
  [[nodiscard]] Result<std::vector<ml::Sample>> ReadHistory(TenantId tenant, const tsdb::SeriesInfo& info) const;
  [[nodiscard]] Result<std::vector<WithdrawnHorizon>> Withdraw(TenantId tenant, const tsdb::SeriesInfo& info,
                                                               double level, ml::SeriesForecast& forecast) const;
  [[nodiscard]] Fitted FindCached(const CacheKey& key);
  void Remember(const CacheKey& key, Fitted fitted);

  const tsdb::SampleStore& store_;
  ModelCatalog& catalog_;
  TrainedModels trained_;
  const Withdrawals* const withdrawals_;
  std::mutex mutex_;
  std::list<std::pair<CacheKey, Fitted>> recent_;  ///< the last used one first
  std::unordered_map<CacheKey, std::list<std::pair<CacheKey, Fitted>>::iterator, CacheKeyHash> cached_;
};

}  // namespace helios::inference
