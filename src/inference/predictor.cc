// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "inference/predictor.h"

#include <bit>
#include <cmath>

namespace helios::inference {
namespace {

constexpr std::size_t kMaxSeriesPerRequest = 100;
constexpr std::chrono::hours kHistory{14 * 24};
constexpr std::chrono::hours kStaleAfter{1};

}  // namespace

std::size_t Predictor::CacheKeyHash::operator()(const CacheKey& key) const noexcept {
  std::size_t hash = std::hash<TenantId>{}(key.tenant);
  const auto mix = [&hash](std::uint64_t value) { hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL; };
  mix(key.series.value);
  mix(static_cast<std::uint64_t>(ToUnixMs(key.newest)));
  mix(key.revision);
  mix(std::bit_cast<std::uint64_t>(key.level));
  for (const auto horizon : key.horizons) mix(static_cast<std::uint64_t>(horizon.count()));
  return hash;
}

Predictor::Fitted Predictor::FindCached(const CacheKey& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = cached_.find(key);
  if (found == cached_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->second;
}

void Predictor::Remember(const CacheKey& key, Fitted fitted) {
  const std::scoped_lock lock(mutex_);
  if (cached_.contains(key)) return;
  recent_.emplace_front(key, std::move(fitted));
  cached_.emplace(key, recent_.begin());
  if (recent_.size() > kMaxCached) {
    cached_.erase(recent_.back().first);
    recent_.pop_back();
  }
}

Result<std::vector<ml::Sample>> Predictor::ReadHistory(TenantId tenant, const tsdb::SeriesInfo& info) const {
  HELIOS_TRY(const auto cursor,
             store_.Read(tenant, info.id, {.first = info.last_seen - kHistory, .last = info.last_seen}));
  std::vector<ml::Sample> history;
  for (;;) {
    HELIOS_TRY(const tsdb::SampleColumns columns, cursor->Next());
    if (columns.times.empty()) return history;
    for (std::size_t i = 0; i < columns.times.size(); ++i) {
      if (std::isfinite(columns.values[i])) history.push_back({.time = columns.times[i], .value = columns.values[i]});
    }
  }
}

Result<Prediction> Predictor::PredictStored(const tenancy::RequestContext& context, const tsdb::SeriesInfo& info,
                                            const PredictQuery& query) {
  if (!query.allow_stale && context.now - info.last_seen > kStaleAfter) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.stale_series",
                "cannot predict {}: its newest sample is of {}; want one of the last hour, or \"allow_stale\": true",
                tsdb::ToString(info.key), FormatRfc3339(info.last_seen));
  }
  HELIOS_TRY(auto trained, trained_.Forecast(context, info, query.options));
  if (trained.answer) {
    return Prediction{
        .key = info.key, .model = std::move(trained.answer->model), .forecast = std::move(trained.answer->forecast)};
  }
  HELIOS_TRY(auto forecast, FitAndForecast(context, info, query));
  HELIOS_TRY(ModelReference model, catalog_.ActiveModel(context, info.key.metric, forecast));
  return Prediction{.key = info.key,
                    .model = std::move(model),
                    .forecast = std::move(forecast),
                    .withdrawn = {},
                    .fallback = std::move(trained.unusable)};
}

Result<ml::SeriesForecast> Predictor::FitAndForecast(const tenancy::RequestContext& context,
                                                     const tsdb::SeriesInfo& info, const PredictQuery& query) {
  const CacheKey cache_key{.tenant = context.tenant,
                           .series = info.id,
                           .newest = info.last_seen,
                           .revision = info.revision,
                           .level = query.options.level,
                           .horizons = query.options.horizons};
  Fitted fitted = FindCached(cache_key);
  if (!fitted) {
    HELIOS_TRY(const std::vector<ml::Sample> history, ReadHistory(context.tenant, info));
    auto made = ml::FitForecaster(history, query.options);
    if (!made) {
      Error error = std::move(made).error();
      error.message = fmt::format("cannot predict {}: {}", tsdb::ToString(info.key), error.message);
      return std::unexpected(std::move(error));
    }
    fitted = std::make_shared<const ml::FittedForecaster>(*std::move(made));
    Remember(cache_key, fitted);
  }
  return fitted->Forecast(query.options.horizons, query.options.level);
}

Result<ml::SeriesForecast> Predictor::ForecastOne(const tenancy::RequestContext& context, const tsdb::SeriesInfo& info,
                                                  const ml::ForecastOptions& options) {
  HELIOS_TRY(auto trained, trained_.Forecast(context, info, options));
  if (trained.answer) return std::move(trained.answer->forecast);
  return FitAndForecast(context, info, {.subject = {}, .options = options});
}

Result<std::vector<WithdrawnHorizon>> Predictor::Withdraw(TenantId tenant, const tsdb::SeriesInfo& info, double level,
                                                          ml::SeriesForecast& forecast) const {
  std::vector<WithdrawnHorizon> withdrawn;
  if (withdrawals_ == nullptr) return withdrawn;
  for (const ml::ForecastPoint& point : forecast.points) {
    if (auto found = withdrawals_->Find(tenant, info.id, point.horizon)) {
      withdrawn.push_back({.horizon = point.horizon, .withdrawal = *std::move(found)});
    }
  }
  if (withdrawn.empty()) return withdrawn;
  HELIOS_TRY(const std::vector<ml::Sample> history, ReadHistory(tenant, info));
  ReplaceWithdrawn(forecast, withdrawn, history, level);
  return withdrawn;
}

Result<Predictions> Predictor::Predict(const tenancy::RequestContext& context, const PredictQuery& query) {
  Predictions predictions;
  if (const auto* history = std::get_if<std::vector<ml::Sample>>(&query.subject)) {
    HELIOS_TRY(ml::SeriesForecast forecast, ml::Forecast(*history, query.options));
    predictions.made.push_back({.key = {}, .model = std::nullopt, .forecast = std::move(forecast), .withdrawn = {}});
    return predictions;
  }

  const auto& selector = std::get<tsdb::SeriesSelector>(query.subject);
  HELIOS_TRY(const auto found, store_.FindSeries(context.tenant, selector, kMaxSeriesPerRequest + 1));
  if (found.empty()) {
    return Fail(ErrorCode::kNotFound, "inference.no_such_series",
                "cannot predict: no series of the metric '{}' has these labels; GET /api/v1/series lists them",
                selector.metric);
  }
  if (found.size() > kMaxSeriesPerRequest) {
    return Fail(ErrorCode::kInvalidArgument, "inference.too_many_series",
                "cannot predict: more than {} series are meant; name labels", kMaxSeriesPerRequest);
  }
  for (const tsdb::SeriesInfo& info : found) {
    auto prediction = PredictStored(context, info, query);
    if (!prediction) {
      if (prediction.error().code != ErrorCode::kFailedPrecondition) {
        return std::unexpected(std::move(prediction).error());
      }
      predictions.skipped.push_back({.key = info.key, .error = std::move(prediction).error()});
      continue;
    }
    HELIOS_TRY(auto withdrawn, Withdraw(context.tenant, info, query.options.level, prediction->forecast));
    prediction->withdrawn = std::move(withdrawn);
    predictions.made.push_back(*std::move(prediction));
  }
  if (predictions.made.empty()) return std::unexpected(std::move(predictions.skipped.front().error));
  return predictions;
}

}  // namespace helios::inference
