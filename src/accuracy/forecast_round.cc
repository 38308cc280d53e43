// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/forecast_round.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ml/naive_forecast.h"
#include "obs/log.h"

namespace helios::accuracy {
namespace {

constexpr std::chrono::hours kActive{1};
constexpr std::uint32_t kMostUnseen = 8 * 288;  // rounds; in eight days of them nothing of the window is left
constexpr std::size_t kMostSeriesOfAMetric = 1'000'000;

/// Differences of values that a float does not hold count as its greatest.
float Narrow(double value) {
  constexpr double kMost = std::numeric_limits<float>::max();
  return static_cast<float>(std::clamp(value, -kMost, kMost));
}

KeptForecast Keep(const ml::ForecastPoint& point, double naive) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(point.time.time_since_epoch());
  return {.value = point.value,
          .time_s = static_cast<std::uint32_t>(seconds.count()),
          .below = Narrow(point.value - point.lower),
          .above = Narrow(point.upper - point.value),
          .naive = Narrow(naive - point.value)};
}

}  // namespace

Result<std::vector<ml::Sample>> ForecastRound::Read(TenantId tenant, tsdb::SeriesId series,
                                                    tsdb::TimeRange range) const {
  HELIOS_TRY(const auto cursor, store_.Read(tenant, series, range));
  std::vector<ml::Sample> samples;
  for (;;) {
    HELIOS_TRY(const tsdb::SampleColumns columns, cursor->Next());
    if (columns.times.empty()) return samples;
    for (std::size_t i = 0; i < columns.times.size(); ++i) samples.push_back({columns.times[i], columns.values[i]});
  }
}

void ForecastRound::MeetActuals(TenantId tenant, const tsdb::SeriesInfo& info, SeriesLedger& series) {
  TimestampMs first = TimestampMs::max();
  TimestampMs last = TimestampMs::min();
  std::size_t due = 0;
  for (const HorizonLedger& horizon : series.horizons()) {
    for (const KeptForecast& kept : horizon.waiting) {
      if (kept.time() > info.last_seen) break;
      first = std::min(first, kept.time());
      last = std::max(last, kept.time());
      ++due;
    }
  }
  if (due == 0) return;
  const auto samples = Read(tenant, info.id, {.first = first - series.step, .last = last});
  if (!samples) {
    // They wait for a store that can be read.
    metrics_.failed.Increment();
    return;
  }
  std::size_t met = 0;
  ledger_.Change([&] {
    for (std::size_t i = 0; i < kHorizons.size(); ++i) {
      met += series.Meet(i, info.last_seen, clock_.Now(),
                         [&](TimestampMs time) { return ml::MeanOfStep(*samples, time, series.step); });
    }
  });
  metrics_.met.Increment(static_cast<double>(met));
  metrics_.missed.Increment(static_cast<double>(due - met));
}

Result<void> ForecastRound::Forecast(TenantId tenant, const tsdb::SeriesInfo& info, SeriesLedger& series,
                                     const Forecasted& forecasted) {
  auto made = source_.Forecast(tenant, info, kHorizons, clock_.Now());
  if (!made) {
    if (made.error().code == ErrorCode::kFailedPrecondition) return {};
    return std::unexpected(std::move(made).error());
  }
  const ml::NaiveMethod method{.step = made->step,
                               .season = made->step * static_cast<std::int64_t>(made->season_length)};
  const TimestampMs origin = made->origin;
  std::vector<ml::Sample> samples;
  if (method.season.count() > 0) {
    const auto at = [&](std::chrono::minutes horizon) {
      return origin + horizon - ml::NaiveLag(origin, origin + horizon, method);
    };
    const auto [first, last] = std::ranges::minmax({at(kHorizons[0]), at(kHorizons[1]), at(kHorizons[2])});
    HELIOS_TRY(samples, Read(tenant, info.id, {.first = first - method.step, .last = last}));
  }
  HELIOS_TRY(const auto now, Read(tenant, info.id, {.first = origin - method.step, .last = origin}));
  samples.insert(samples.end(), now.begin(), now.end());
  std::ranges::sort(samples, {}, &ml::Sample::time);
  const auto twice = std::ranges::unique(samples, {}, &ml::Sample::time);
  samples.erase(twice.begin(), twice.end());

  ledger_.Change([&] {
    series.origin = origin;
    series.step = method.step;
    for (std::size_t i = 0; i < kHorizons.size(); ++i) {
      const ml::ForecastPoint& point = made->points[i];
      if (const auto naive = ml::NaiveForecast(samples, origin, point.time, method)) {
        series.Keep(i, Keep(point, *naive));
      }
    }
  });
  metrics_.forecasts.Increment();
  forecasted(tenant, info, *made);
  return {};
}

void ForecastRound::Visit(TenantId tenant, const tsdb::SeriesInfo& info, const Forecasted& forecasted,
                          MetricAccuracy& metric) {
  SeriesLedger* const series = ledger_.Find(tenant, info.id);
  if (series == nullptr) {
    metrics_.no_room.Increment();
    return;
  }
  ledger_.Change([&] { series->unseen_rounds = 0; });
  const WithdrawnHorizons before = WithdrawnOf(*series);
  MeetActuals(tenant, info, *series);
  metric.Take(*series, before);
  if (info.last_seen <= series->origin) return;
  if (auto done = Forecast(tenant, info, *series, forecasted); !done) {
    metrics_.failed.Increment();
    obs::LogFailure("forecasts.failed", done.error());
  }
}

void ForecastRound::Run(const std::function<bool()>& pace, const Forecasted& forecasted) {
  for (const TenantId tenant : store_.Tenants()) {
    for (const std::string& metric : store_.MetricNames(tenant)) {
      if (metric.starts_with("helios:")) continue;
      const auto found = store_.FindSeries(tenant, {.metric = metric, .matchers = {}}, kMostSeriesOfAMetric);
      if (!found) continue;
      MetricAccuracy accuracy;
      for (const tsdb::SeriesInfo& info : *found) {
        if (info.last_seen < clock_.Now() - kActive) continue;
        Visit(tenant, info, forecasted, accuracy);
        if (!pace()) return;
      }
      if (requests_ == nullptr) continue;
      if (const auto reason = accuracy.WorthTraining()) requests_->Ask(tenant, metric, *reason);
    }
  }
  ledger_.EndRound(kMostUnseen);
  metrics_.series.Set(static_cast<double>(ledger_.size()));
}

}  // namespace helios::accuracy
