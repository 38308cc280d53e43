// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/day_members.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ml/internal/forecasting/weighted_quantile.h"

namespace helios::ml {
namespace {

constexpr std::size_t kMostAnalogueDays = 14;

float Fading(std::size_t horizon, std::size_t day, std::size_t part) {
  return std::exp(-static_cast<float>(horizon * part) / static_cast<float>(day));
}

}  // namespace

void ForecastYesterday(const PreparedHistory& history, std::size_t origin, std::span<const std::size_t> horizons,
                       std::span<float> out) {
  for (std::size_t i = 0; i < horizons.size(); ++i) out[i] = history.z()[origin + horizons[i] - history.shape().day];
}

void ForecastLastValue(const PreparedHistory& history, std::size_t origin, std::span<const std::size_t> horizons,
                       std::span<float> out) {
  std::fill_n(out.begin(), horizons.size(), history.z()[origin]);
}

void ForecastWeek(const DayMemberParameters& parameters, const PreparedHistory& history, std::size_t origin,
                  std::span<const std::size_t> horizons, std::span<float> out) {
  const auto& shape = history.shape();
  const auto deviation = [&](std::size_t steps) {
    return history.Mean(origin + 1 - steps, origin) - history.WeekMean(origin + 1 - steps, origin);
  };
  const float hour = parameters.week_hour_share * deviation(shape.hour);
  const float half_day = parameters.week_half_day_share * deviation(shape.Part(2));
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    const float fading = Fading(horizons[i], shape.day, parameters.week_fading_part);
    out[i] = history.Week(origin + horizons[i]) + hour * fading + half_day * (1.0F - fading);
  }
}

void ForecastSimilarDays(const DayMemberParameters& parameters, const PreparedHistory& history, std::size_t origin,
                         std::span<const std::size_t> horizons, std::span<float> out) {
  const auto& shape = history.shape();
  const std::size_t day = shape.day;
  const auto z = history.z();
  const std::size_t samples = std::min(parameters.samples, day);

  std::array<float, kMostAnalogueDays> distances{};
  std::array<float, kMostAnalogueDays> levels{};
  std::size_t days = 0;
  float nearest = std::numeric_limits<float>::infinity();
  for (std::size_t j = 1; j <= kMostAnalogueDays && origin + 1 >= (j + 1) * day; ++j) {
    float sum = 0.0F;
    for (std::size_t s = 0; s < samples; ++s) {
      const std::size_t at = origin - s * day / samples;
      sum += std::abs(z[at] - z[at - j * day]);
    }
    const std::size_t then = origin - j * day;
    distances[days] = sum / static_cast<float>(samples);
    levels[days] = 0.5F * (z[origin] - z[then]) +
                   0.5F * (history.Mean(origin + 1 - shape.hour, origin) - history.Mean(then + 1 - shape.hour, then));
    nearest = std::min(nearest, distances[days]);
    ++days;
  }
  if (days == 0) return ForecastYesterday(history, origin, horizons, out);

  std::array<float, kMostAnalogueDays> weights{};
  for (std::size_t k = 0; k < days; ++k) {
    weights[k] = std::exp(-(distances[k] - nearest) / (parameters.sharpness * (nearest + parameters.no_distance))) *
                 std::pow(parameters.aging, static_cast<float>(k + 1));
  }
  std::array<Weighted, kMostAnalogueDays> said{};
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    const float fading = parameters.level_share * Fading(horizons[i], day, parameters.fading_part);
    for (std::size_t k = 0; k < days; ++k) {
      said[k] = {z[origin + horizons[i] - (k + 1) * day] + levels[k] * fading, weights[k]};
    }
    SortByValue(std::span(said).first(days));
    out[i] = WeightedQuantile(std::span<const Weighted>(said).first(days), 0.5F);
  }
}

}  // namespace helios::ml
