// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/forecast_series.h"

#include <fmt/format.h>

#include <future>
#include <utility>

#include "obs/log.h"
#include "tsdb/own_series.h"

namespace helios::accuracy {
namespace {

constexpr std::string_view kMetric = "helios:forecast";

}  // namespace

Result<ForecastBounds> ParseForecastBounds(std::string_view text) {
  if (text == "off") return ForecastBounds::kOff;
  if (text == "value") return ForecastBounds::kValue;
  if (text == "bounds") return ForecastBounds::kBounds;
  return Fail(ErrorCode::kInvalidArgument, "config.bad_value",
              "cannot use forecasts.series: got '{}'; want off, value or bounds", text.substr(0, 100));
}

std::optional<tsdb::SeriesKey> ForecastKey(const tsdb::SeriesKey& key, std::chrono::minutes horizon,
                                           std::string_view bound) {
  return tsdb::OwnSeriesKey(kMetric, key,
                            {{.name = "bound", .value = std::string(bound)},
                             {.name = "horizon", .value = fmt::format("{}m", horizon.count())}});
}

void ForecastSeries::Add(TenantId tenant, const tsdb::SeriesKey& key, const ml::SeriesForecast& forecast) {
  if (bounds_ == ForecastBounds::kOff) return;
  if (tenant != tenant_ || batch_.batch().rows.size() >= kMostRows) Flush();
  tenant_ = tenant;
  for (const ml::ForecastPoint& point : forecast.points) {
    const auto add = [&](std::string_view bound, double value) {
      if (const auto own = ForecastKey(key, point.horizon, bound)) {
        batch_.AddSample(batch_.AddSeries(*own), point.time, value);
      } else {
        metrics_.unwritten.Increment();
      }
    };
    add("value", point.value);
    if (bounds_ != ForecastBounds::kBounds) continue;
    add("lower", point.lower);
    add("upper", point.upper);
  }
}

void ForecastSeries::Flush() {
  const tsdb::KeyedBatch batch = std::exchange(batch_, {});
  const std::size_t rows = batch.batch().rows.size();
  if (rows == 0) return;
  auto done = std::make_shared<std::promise<Result<tsdb::AppendOutcome>>>();
  auto answer = done->get_future();
  store_.AppendOwn(tenant_, batch.batch(),
                   [done](Result<tsdb::AppendOutcome> outcome) { done->set_value(std::move(outcome)); });
  const auto outcome = answer.get();
  if (!outcome) {
    metrics_.unwritten.Increment(static_cast<double>(rows));
    if (!std::exchange(failing_, true)) obs::LogFailure("forecasts.not_written", outcome.error());
    return;
  }
  failing_ = false;
  metrics_.unwritten.Increment(static_cast<double>(outcome->rejected.size()));
}

}  // namespace helios::accuracy
