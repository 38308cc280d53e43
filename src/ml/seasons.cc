// SPDX-License-Identifier: Apache-2.0
#include "ml/seasons.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "ml/internal/models/autocorrelation.h"
#include "ml/internal/models/fill_gaps.h"

namespace helios::ml {
namespace {

constexpr std::size_t kLeastValues = 16;

/// Each value's rank, from -1/2 to 1/2; equal ones share theirs. Gaps are bridged in between.
std::vector<double> Ranks(std::span<const double> values) {
  std::vector<std::size_t> order;
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (!std::isnan(values[t])) order.push_back(t);
  }
  std::ranges::sort(order, {}, [&](std::size_t t) { return std::pair(values[t], t); });
  std::vector<double> ranks(values.size(), std::nan(""));
  const auto known = static_cast<double>(order.size());
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    const double rank = (static_cast<double>(first + last - 1) / 2.0 + 0.5) / known - 0.5;
    for (std::size_t i = first; i < last; ++i) ranks[order[i]] = rank;
  }
  return FillGaps(ranks);
}

/// `values` less their mean over one season around each; shorter windows at the ends.
std::vector<double> AboutTrend(std::span<const double> values, std::size_t season) {
  std::vector<double> sums = {0.0};
  for (const double value : values) sums.push_back(sums.back() + value);
  std::vector<double> left;
  for (std::size_t t = 0; t < values.size(); ++t) {
    // Whole seasons alone have the season's mean: at the ends the window is moved inwards, not cut.
    const std::size_t first = std::min(t >= season / 2 ? t - season / 2 : 0, values.size() - season);
    left.push_back(values[t] - (sums[first + season] - sums[first]) / static_cast<double>(season));
  }
  return left;
}

/// Mean of `values` by phase, and how many there are.
struct Phases {
  std::vector<double> sums;
  std::vector<double> counts;

  Phases(std::span<const double> values, std::size_t season) : sums(season, 0.0), counts(season, 0.0) {
    for (std::size_t t = 0; t < values.size(); ++t) {
      sums[t % season] += values[t];
      counts[t % season] += 1.0;
    }
  }
};

/// Share of the variance of `values` that the means of the other cycles explain.
double Strength(std::span<const double> values, const Phases& phases) {
  double all = 0.0;
  double unexplained = 0.0;
  for (std::size_t t = 0; t < values.size(); ++t) {
    const std::size_t phase = t % phases.sums.size();
    if (phases.counts[phase] < 2.0) continue;
    const double others = (phases.sums[phase] - values[t]) / (phases.counts[phase] - 1.0);
    all += values[t] * values[t];
    unexplained += (values[t] - others) * (values[t] - others);
  }
  return all > 0.0 ? 1.0 - unexplained / all : 0.0;
}

/// The correlations at a quarter more or less than `lag`: noise makes many small peaks on the way to a great one.
std::span<const double> Around(std::span<const double> correlation, std::size_t lag) {
  const std::size_t first = lag - lag / 4;
  return correlation.subspan(first, std::min(lag + lag / 4, correlation.size() - 1) - first + 1);
}

/// The shortest of the lags whose correlation is about the best; empty where no peak is high enough.
std::optional<std::size_t> BestLag(std::span<const double> correlation, const SeasonParameters& parameters) {
  std::vector<std::size_t> peaks;
  double best = 0.0;
  double least = 1.0;
  for (std::size_t lag = 1; lag + 1 < correlation.size(); ++lag) {
    const double here = correlation[lag];
    const bool peak = lag >= 2 && here >= correlation[lag - 1] && here > correlation[lag + 1];
    if (peak && here >= parameters.least_correlation && here - least >= parameters.least_rise &&
        here >= std::ranges::max(Around(correlation, lag))) {
      peaks.push_back(lag);
      best = std::max(best, here);
    }
    least = std::min(least, here);
  }
  for (const std::size_t lag : peaks) {
    if (correlation[lag] >= parameters.as_good * best) return lag;
  }
  return std::nullopt;
}

/// A season with its shape about the trend of the values it was found in.
struct Candidate {
  Season season;
  Phases phases;

  Candidate(std::span<const double> values, std::size_t steps) : season{steps, 0.0}, phases({}, 1) {
    const auto about = AboutTrend(values, steps);
    phases = Phases(about, steps);
    season.strength = Strength(about, phases);
  }
};

/// The season of `lag` steps, or of the day or week that it is hardly off where that explains about as much: a noisy
/// peak does not stand quite where it should.
Candidate NearLag(std::span<const double> values, std::size_t lag, std::size_t day,
                  const SeasonParameters& parameters) {
  Candidate best(values, lag);
  for (const std::size_t length : {day, 7 * day}) {
    const double off = std::abs(static_cast<double>(lag) - static_cast<double>(length));
    if (off == 0.0 || off > parameters.calendar * static_cast<double>(length) || 2 * length > values.size()) continue;
    Candidate calendar(values, length);
    if (calendar.season.strength >= parameters.calendar_share * best.season.strength) best = std::move(calendar);
  }
  return best;
}

}  // namespace

std::vector<Season> FindSeasons(std::span<const double> values, std::size_t steps_a_day,
                                const SeasonParameters& parameters) {
  std::vector<Season> seasons;
  if (values.size() < kLeastValues) return seasons;
  std::vector<double> left = Ranks(values);
  while (seasons.size() < parameters.most) {
    // A lag needs a neighbour to be a peak, and a season of half the values is a lag of that.
    const auto correlation = Autocorrelation(left, values.size() / 2 + 1);
    const auto lag = BestLag(correlation, parameters);
    if (!lag) break;
    if (2 * *lag > values.size()) break;
    const auto [season, phases] = NearLag(left, *lag, steps_a_day, parameters);
    const double cycles = static_cast<double>(values.size()) / static_cast<double>(season.steps);
    if (!(season.strength >= parameters.least_strength + parameters.doubt / cycles)) break;
    // What is left beside a season that was taken away is not another one.
    const auto beside = [&](const Season& other) {
      const double off = std::abs(static_cast<double>(season.steps) - static_cast<double>(other.steps));
      return off <= parameters.calendar * static_cast<double>(other.steps);
    };
    if (std::ranges::any_of(seasons, beside)) break;
    seasons.push_back(season);
    for (std::size_t t = 0; t < left.size(); ++t) {
      const std::size_t phase = t % season.steps;
      left[t] -= phases.sums[phase] / phases.counts[phase];
    }
  }
  std::ranges::sort(seasons, {}, &Season::steps);
  return seasons;
}

}  // namespace helios::ml
