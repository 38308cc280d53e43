// SPDX-License-Identifier: Apache-2.0
// Whatever comes in, a clear error or finite, ordered bounds come out, and the same bits each time.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <limits>

#include "ml/forecast.h"

namespace helios::ml {
namespace {

using std::chrono::minutes;

bool SameBits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void CheckSane(const std::vector<Sample>& history, const ForecastOptions& options) {
  std::size_t finite = 0;
  bool negative = false;
  for (const auto& sample : history) {
    if (!std::isfinite(sample.value)) continue;
    ++finite;
    negative = negative || sample.value < 0.0;
  }
  const auto forecast = Forecast(history, options);
  if (finite < kMinHistorySamples) {
    RC_ASSERT(!forecast);
    return;
  }
  RC_ASSERT(static_cast<bool>(forecast));
  RC_ASSERT(forecast->points.size() == options.horizons.size());
  RC_ASSERT(!forecast->reason.empty());
  const auto& metrics = forecast->metrics;
  RC_ASSERT(std::isfinite(metrics.mae.value_or(0.0)) && std::isfinite(metrics.mase.value_or(0.0)));
  RC_ASSERT(metrics.smape.value_or(0.0) >= 0.0 && metrics.smape.value_or(0.0) <= 200.0 + 1e-9);
  RC_ASSERT(metrics.coverage.value_or(0.0) >= 0.0 && metrics.coverage.value_or(0.0) <= 1.0);
  for (const auto& point : forecast->points) {
    RC_ASSERT(std::isfinite(point.value) && std::isfinite(point.lower) && std::isfinite(point.upper));
    RC_ASSERT(point.lower <= point.value && point.value <= point.upper);
    if (!negative) RC_ASSERT(point.lower >= 0.0);
    RC_ASSERT(point.time == forecast->origin + point.horizon);
  }
  const auto again = Forecast(history, options);
  for (std::size_t i = 0; i < again->points.size(); ++i) {
    RC_ASSERT(SameBits(again->points[i].value, forecast->points[i].value));
    RC_ASSERT(SameBits(again->points[i].lower, forecast->points[i].lower));
    RC_ASSERT(SameBits(again->points[i].upper, forecast->points[i].upper));
  }
}

/// Ordinary numbers, and those that break arithmetic.
rc::Gen<double> AnyValue() {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return rc::gen::weightedOneOf<double>(
      {{6, rc::gen::map(rc::gen::inRange(-1'000'000, 1'000'000), [](int i) { return i / 1'000.0; })},
       {3, rc::gen::map(rc::gen::inRange(0, 100), [](int i) { return static_cast<double>(i); })},
       {1,
        rc::gen::element(1e308, -1e308, std::numeric_limits<double>::max(), -std::numeric_limits<double>::max(), 5e-324,
                         1e-300, 0.0, -0.0, kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN())}});
}

/// Milliseconds to the next sample: none, jitter, regular, a day, a week, a century; backwards too.
rc::Gen<std::int64_t> AnyStep() {
  return rc::gen::element<std::int64_t>(0, 1, 9'997, 10'000, 10'000, 60'000, 300'000, -60'000, 3'600'000, 86'400'000,
                                        7 * 86'400'000LL, 36'525 * 86'400'000LL);
}

rc::Gen<ForecastOptions> AnyOptions() {
  return rc::gen::map(
      rc::gen::pair(rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 10'081))),
                    rc::gen::element(1e-12, 0.05, 0.5, 0.8, 0.95, 0.99, 1.0 - 1e-15)),
      [](const std::pair<std::vector<int>, double>& from) {
        ForecastOptions options{.horizons = {}, .level = from.second};
        for (const int horizon : from.first) options.horizons.emplace_back(horizon);
        return options;
      });
}

TEST(ForecastProperties, AnyHistoryGivesAnErrorOrASaneForecast) {
  EXPECT_TRUE(rc::check("irregular times, broken values", [] {
    auto time = FromUnixMs(1'700'000'000'000);
    std::vector<Sample> history;
    for (const double value : *rc::gen::container<std::vector<double>>(AnyValue())) {
      history.push_back({time, value});
      time += std::chrono::milliseconds{*AnyStep()};
    }
    CheckSane(history, *AnyOptions());
  }));
}

TEST(ForecastProperties, AnyRegularHistoryGivesAnErrorOrASaneForecast) {
  EXPECT_TRUE(rc::check("regular steps of a second to a day, long histories", [] {
    const auto step =
        *rc::gen::element<std::int64_t>(1'000, 10'000, 60'000, 300'000, 3'600'000, 43'200'000, 86'400'000);
    const auto size = *rc::gen::inRange(0, 1'500);
    const auto block = *rc::gen::resize(40, rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(AnyValue())));
    std::vector<Sample> history;
    for (int i = 0; i < size; ++i) {
      history.push_back({FromUnixMs(1'700'000'000'000 + i * step), block[static_cast<std::size_t>(i) % block.size()]});
    }
    CheckSane(history, *AnyOptions());
  }));
}

TEST(ForecastProperties, TheBandNeverNarrowsWithTheHorizonNorWidensAtALowerLevel) {
  EXPECT_TRUE(rc::check("signed values, so that nothing is clipped", [] {
    std::vector<Sample> history = {{FromUnixMs(0), -1.0}};
    for (const int value : *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-500, 500)))) {
      history.push_back({history.back().time + minutes{1}, value / 7.0});
    }
    RC_PRE(history.size() >= kMinHistorySamples);
    const ForecastOptions options{.horizons = {minutes{1}, minutes{2}, minutes{7}, minutes{60}, minutes{10'080}}};
    const auto fitted = FitForecaster(history, options);
    RC_ASSERT(static_cast<bool>(fitted));
    const auto wide = fitted->Forecast(options.horizons, 0.95);
    const auto narrow = fitted->Forecast(options.horizons, 0.6);
    double before = 0.0;
    for (std::size_t i = 0; i < options.horizons.size(); ++i) {
      const double width = wide->points[i].upper - wide->points[i].lower;
      RC_ASSERT(width >= before * (1.0 - 1e-9));
      RC_ASSERT(narrow->points[i].upper - narrow->points[i].lower <= width * (1.0 + 1e-9));
      before = width;
    }
  }));
}

TEST(ForecastProperties, AlternatingExtremesStayFinite) {
  for (const std::size_t size : {3U, 24U, 100U, 600U}) {
    std::vector<Sample> history;
    for (std::size_t i = 0; i < size; ++i) {
      history.push_back({FromUnixMs(static_cast<std::int64_t>(i) * 300'000), i % 2 == 0 ? 1.7e308 : -1.7e308});
    }
    const auto forecast = Forecast(history, {});
    ASSERT_TRUE(forecast);
    for (const auto& point : forecast->points) {
      EXPECT_TRUE(std::isfinite(point.value) && std::isfinite(point.lower) && std::isfinite(point.upper));
    }
  }
}

}  // namespace
}  // namespace helios::ml
